package eventlog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/gwlogs/gwlogs/internal/safezip"
)

const (
	gzipMagic = "\x1f\x8b"
	zstdMagic = "\x28\xb5\x2f\xfd"

	// A compressed file may unpack to so many bytes, and as many more as deflate could at most.
	freelyUnpacked = 64 << 20
	maxZstdWindow  = 128 << 20 // what zstd --long asks for
)

func isPacked(start []byte) bool {
	return bytes.HasPrefix(start, []byte(gzipMagic)) || bytes.HasPrefix(start, []byte(zstdMagic))
}

// unpacked is what a file holds that was compressed by gzip or zstd; any other is as it was.
func unpacked(c *content) (*content, error) {
	start, err := c.start()
	if err != nil || !isPacked(start) {
		return c, nil // whoever reads it says what is wrong with it
	}
	in := c.stream
	if c.at != nil {
		in = io.NewSectionReader(c.at, 0, c.size)
	}
	u := &unpacker{kind: "gzip", in: counted{r: in}}
	end := c.close
	if bytes.HasPrefix(start, []byte(gzipMagic)) {
		u.out, err = gzip.NewReader(bufio.NewReader(&u.in))
	} else {
		u.kind = "zstd"
		var d *zstd.Decoder
		d, err = zstd.NewReader(&u.in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
		u.out = d
		if err == nil {
			end = func() error { d.Close(); return c.close() }
		}
	}
	if err != nil {
		return nil, errors.Join(u.damaged(err), c.close())
	}
	return &content{stream: u, close: end}, nil
}

// holdsLog reports whether a compressed file is one of a log.
func holdsLog(r io.ReaderAt, size int64) bool {
	c, err := unpacked(&content{at: r, size: size, close: func() error { return nil }})
	if err != nil {
		return false
	}
	defer c.close()
	start, _ := c.start()
	return isEventLog(start)
}

// An unpacker bounds what comes out by what goes in, and words errors.
type unpacker struct {
	kind  string
	in    counted
	out   io.Reader
	given int64
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.out.Read(p)
	u.given += int64(n)
	switch {
	case u.given-freelyUnpacked > safezip.MaxRatio*u.in.n:
		return 0, fmt.Errorf("unpacks to more than %d times its size: it was made to do harm", safezip.MaxRatio)
	case err != nil && err != io.EOF:
		return n, u.damaged(err)
	}
	return n, err
}

// damaged hides what it is made from, as zipError does.
func (u *unpacker) damaged(err error) error {
	text := err.Error()
	for _, prefix := range []string{"gzip: ", "flate: ", "zstd: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		text = "ends too early"
	}
	return fmt.Errorf("damaged %s file: %s", u.kind, text)
}
