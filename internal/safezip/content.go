package safezip

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

// Open reads the content: exactly Size bytes with the right checksum, or an
// error instead of io.EOF, and never a byte more. An entry that is in danger
// is refused.
func (f *File) Open() (io.ReadCloser, error) {
	if f.refused != "" {
		return nil, errors.New(f.refused)
	}
	c := &content{left: f.Size, want: f.CRC32}
	if f.Method == Deflate {
		inflate := newInflater(f.section())
		c.packed, c.inflate, c.r = inflate.packed, inflate, inflate
	} else {
		c.packed = bufio.NewReader(f.section())
		c.r = c.packed
	}
	return c, nil
}

// A content is the content of an entry being read.
type content struct {
	packed  *bufio.Reader
	inflate io.ReadCloser // nil if the content is stored
	r       io.Reader
	left    int64
	sum     uint32
	want    uint32
	err     error // the last word
}

func (c *content) Read(p []byte) (int, error) {
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	if c.left == 0 {
		c.err = c.finish()
		return 0, c.err
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	c.left -= int64(n)
	switch {
	case err == io.EOF && c.left > 0:
		c.err = fmt.Errorf("holds %d bytes less than it says", c.left)
	case err != nil && err != io.EOF:
		c.err = wording(err)
	}
	return n, c.err
}

// finish looks for what should not be there behind the last byte.
func (c *content) finish() error {
	var one [1]byte
	n, err := io.ReadFull(c.r, one[:])
	switch {
	case n > 0:
		return errors.New("holds more than it says")
	case err != io.EOF:
		return wording(err)
	case c.sum != c.want:
		return errors.New("checksum is wrong: the entry is damaged")
	}
	switch _, err := c.packed.ReadByte(); err {
	case io.EOF:
		return io.EOF
	case nil:
		return errors.New("has bytes behind its compressed data")
	default:
		return wording(err)
	}
}

// wording hides flate's errors, an io.ErrUnexpectedEOF above all: it must not
// be taken for the end of what the content holds.
func wording(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("compressed data end too early")
	case errors.As(err, &corrupt):
		return errors.New("compressed data are damaged")
	}
	return err
}

// Close ends reading. Any further Read is an error.
func (c *content) Close() error {
	if c.err == nil || c.err == io.EOF {
		c.err = errors.New("the entry is closed")
	}
	if c.inflate != nil {
		return c.inflate.Close()
	}
	return nil
}
