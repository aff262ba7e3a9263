// Command walk reads a log the plain way: every 64 KiB chunk, its checksums, the headers of its records, and nothing
// else. It is what bench/compare measures a selection against: less than this no reader of the format can do that checks
// what it reads. With -copy it also copies the bytes of the records written since a time, which is what a slice of the
// log is measured against.
package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"time"
)

const (
	fileHeader  = 4096
	chunkSize   = 65536
	firstRecord = 512
)

func main() {
	since := flag.String("since", "1601-01-01T00:00:00Z", "copy the records written from this `time` on")
	out := flag.String("copy", "", "copy records to this `file`")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: walk [-copy FILE [-since TIME]] FILE.evtx")
		os.Exit(2)
	}
	w, err := newCopier(*out, *since)
	if err == nil {
		err = walk(flag.Arg(0), w)
	}
	if err == nil {
		err = w.close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "walk:", err)
		os.Exit(1)
	}
}

// A copier copies records to a file; without one, nothing.
type copier struct {
	f     *os.File
	buf   []byte
	since uint64 // FILETIME
}

func newCopier(name, since string) (*copier, error) {
	c := new(copier)
	t, err := time.Parse(time.RFC3339, since)
	if err != nil || name == "" {
		return c, err
	}
	c.since = uint64(t.Unix()+11644473600) * 10_000_000
	c.f, err = os.Create(name)
	return c, err
}

func (c *copier) record(b []byte) error {
	if c.f == nil || binary.LittleEndian.Uint64(b[16:]) < c.since {
		return nil
	}
	if c.buf = append(c.buf, b...); len(c.buf) < chunkSize {
		return nil
	}
	_, err := c.f.Write(c.buf)
	c.buf = c.buf[:0]
	return err
}

func (c *copier) close() error {
	if c.f == nil {
		return nil
	}
	_, err := c.f.Write(c.buf)
	return errors.Join(err, c.f.Sync(), c.f.Close()) // a slice is synced, too
}

func walk(name string, c *copier) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()

	buf := make([]byte, chunkSize)
	records, bad := 0, 0
	for at := int64(fileHeader); ; at += chunkSize {
		n, err := f.ReadAt(buf, at)
		if n < chunkSize {
			if err != io.EOF {
				return err
			}
			break
		}
		if !intact(buf) {
			bad++
			continue
		}
		free := int(binary.LittleEndian.Uint32(buf[48:]))
		for o := firstRecord; o+28 <= free; {
			size := int(binary.LittleEndian.Uint32(buf[o+4:]))
			if binary.LittleEndian.Uint32(buf[o:]) != 0x2A2A || size < 28 || o+size > free {
				break
			}
			if err := c.record(buf[o : o+size]); err != nil {
				return err
			}
			records++
			o += size
		}
	}
	fmt.Println(records, "records,", bad, "bad chunks")
	return nil
}

// intact checks both checksums of a chunk.
func intact(chunk []byte) bool {
	free := binary.LittleEndian.Uint32(chunk[48:])
	if string(chunk[:8]) != "ElfChnk\x00" || free < firstRecord || free > chunkSize {
		return false
	}
	header := crc32.Update(crc32.ChecksumIEEE(chunk[:120]), crc32.IEEETable, chunk[128:512])
	return header == binary.LittleEndian.Uint32(chunk[124:]) &&
		crc32.ChecksumIEEE(chunk[firstRecord:free]) == binary.LittleEndian.Uint32(chunk[52:])
}
