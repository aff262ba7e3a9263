package evtx

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

// Check reads the log in r to its end and calls found for everything about it that
// is not as a Writer leaves a log: the damage that a Reader reports, and what a
// Checker finds besides. A log that Windows saved or wrote may have data left in
// its unused space, which is found too. The error is that of r or of ctx, or
// ErrNotEventLog; it is nil whatever was found.
func Check(ctx context.Context, r io.Reader, found func(*FormatError)) error {
	c := &Checker{Found: found}
	log, err := NewStreamReader(io.TeeReader(r, c))
	if err != nil {
		return err
	}
	for _, err := range log.Records() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch err := err.(type) {
		case nil:
		case *FormatError:
			found(err)
		default:
			return err
		}
	}
	return c.Close()
}

// A Checker is written a log, from its first byte to its last, and finds what a
// Reader passes over, as no event is lost by it: bytes where there should be none,
// a log that was not closed, headers that say something else than the records
// (sections "File header", "Chunk header", "Event record"). It is for who reads
// the log at the same time, through an io.TeeReader; otherwise see Check.
type Checker struct {
	// Found is called for each of these, in the order of the file.
	Found func(*FormatError)

	buf   [chunkSize]byte
	n     int  // bytes in buf
	index int  // of the chunk in buf
	begun bool // the file header lies behind

	header           Header
	seen             bool        // a chunk with records
	last             chunkHeader // of the last of them
	newest           chunkHeader // of the chunk with the newest record
	newestAt, oldest int         // index of that chunk; of the one with the oldest
	seams            int         // where numbers do not go on
}

// Write takes the next bytes of the log. It never fails.
func (c *Checker) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		size := chunkSize
		if !c.begun {
			size = fileHeaderSize
		}
		n := copy(c.buf[c.n:size], p)
		c.n, p = c.n+n, p[n:]
		if c.n < size {
			break
		}
		if c.n = 0; c.begun {
			c.chunk(c.buf[:])
			c.index++
		} else {
			c.begun = true
			c.fileHeader(c.buf[:size])
		}
	}
	return written, nil
}

// Close is for behind the last byte: it compares the file header with the chunks.
func (c *Checker) Close() error {
	h, chunks := c.header, c.index
	if c.n > 0 {
		chunks++
	}
	if h.MajorVersion == 0 { // there is none, as a Reader says
		return nil
	}
	if uint16(chunks) > h.Chunks { // fewer are damage, which a Reader reports; the count wraps
		c.found(-1, 42, "counts %d chunks, and there is room for %d", h.Chunks, chunks)
	}
	switch {
	case c.seams > 1 || !c.seen || h.Dirty():
	case h.NextRecordID != c.newest.lastID+1:
		c.found(-1, 24, "next record is %d, and the last one is %d", h.NextRecordID, c.newest.lastID)
	case h.LastChunk != uint64(c.newestAt) || h.FirstChunk != uint64(c.oldest):
		c.found(-1, 8, "chunks %d to %d are the oldest and newest, and it says %d to %d", c.oldest, c.newestAt, h.FirstChunk, h.LastChunk)
	}
	return nil
}

// found reports what is wrong at an offset of the chunk; chunk -1 is the file header.
func (c *Checker) found(chunk int, off int, format string, args ...any) {
	at := int64(off)
	if chunk >= 0 {
		at += fileHeaderSize + int64(chunk)*chunkSize
	}
	c.Found(&FormatError{Offset: at, Chunk: chunk, Kind: DamageStructure, Reason: fmt.Sprintf(format, args...)})
}

func (c *Checker) fileHeader(b []byte) {
	if string(b[:8]) != fileMagic {
		return // a Reader says so
	}
	c.header, _ = parseHeader(b)
	h := c.header
	if h.MajorVersion != 3 || u32(b, 32) != 128 || u16(b, 40) != fileHeaderSize {
		c.found(-1, 32, "version %d.%d, header of %d bytes in %d: not as Windows writes it", h.MajorVersion, h.MinorVersion,
			u32(b, 32), u16(b, 40))
	}
	if off := firstNotZero(b, 44, 120); off >= 0 {
		c.found(-1, off, "holds data in its reserve")
	} else if off := firstNotZero(b, 128, fileHeaderSize); off >= 0 {
		c.found(-1, off, "holds data in its reserve")
	}
	if h.Flags&^flagFull != 0 {
		c.found(-1, 120, "flags are 0x%x: it was not closed, or has no checksums", h.Flags)
	}
}

func (c *Checker) chunk(b []byte) {
	h := parseChunkHeader(b[:chunkHeaderSize])
	if string(b[:8]) != chunkMagic || !h.plausible() {
		return // a Reader says so, or Close does
	}
	found := func(off int, format string, args ...any) { c.found(c.index, off, format, args...) }
	if off := firstNotZero(b, 56, 120); off >= 0 {
		found(off, "holds data in its header's reserve")
	}
	if h.flags&flagNoCRC != 0 {
		found(120, "has no checksums")
	}
	free := int(h.freeOffset)
	if off := firstNotZero(b, free, chunkSize); off >= 0 {
		found(off, "holds data in its unused space")
	}
	c.records(b, &h, found)
	c.order(&h)
}

// records walks through the records of a chunk, one right behind the other, and
// compares them with the header.
func (c *Checker) records(b []byte, h *chunkHeader, found func(off int, format string, args ...any)) {
	free := int(h.freeOffset)
	pos, last, n := chunkHeaderSize, 0, uint64(0)
	var firstID, lastID uint64
	for {
		size, ok := recordSize(b, pos, free)
		if !ok {
			break
		}
		if lastID = u64(b, pos+8); n == 0 {
			firstID = lastID
		} else if lastID != firstID+n {
			found(pos, "record %d follows record %d", lastID, firstID+n-1)
			return
		}
		if size%8 != 0 {
			found(pos, "record %d has %d bytes, which is no multiple of 8", lastID, size)
		}
		last, pos = pos, pos+size
		n++
	}
	switch {
	case pos != free:
		found(pos, "holds %d bytes behind its records that are none", free-pos)
	case n == 0 || h.count() != n: // more than there are is damage, which a Reader reports
		if h.count() < n {
			found(8, "counts %d records, and has %d", h.count(), n)
		}
	case h.firstID != firstID || h.lastID != lastID:
		found(24, "says records %d to %d, and has %d to %d", h.firstID, h.lastID, firstID, lastID)
	case int(h.lastOffset) != last:
		found(44, "says that its last record is at 0x%x, and it is at 0x%x", h.lastOffset, last)
	}
}

// order looks at how the numbers of the chunks follow each other. In a log that
// has wrapped, there is one seam.
func (c *Checker) order(h *chunkHeader) {
	if h.count() == 0 {
		return
	}
	if c.seen && h.firstNumber != c.last.lastNumber+1 {
		if c.seams++; c.seams == 2 || h.firstNumber > c.last.lastNumber {
			c.found(c.index, 8, "begins with record number %d, and the chunk before ends with %d", h.firstNumber, c.last.lastNumber)
		}
		c.oldest = c.index
	}
	if !c.seen || h.lastNumber >= c.newest.lastNumber {
		c.newest, c.newestAt = *h, c.index
	}
	if !c.seen {
		c.oldest = c.index
	}
	c.last, c.seen = *h, true
}

// firstNotZero returns the offset of the first byte of b[from:to] that is not
// zero, -1 if all are.
func firstNotZero(b []byte, from, to int) int {
	if rest := bytes.TrimLeft(b[from:to], "\x00"); len(rest) > 0 {
		return to - len(rest)
	}
	return -1
}
