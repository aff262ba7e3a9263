package gentestdata

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
)

// Sizes and places in a log, by MS-EVEN6 and what Windows writes.
const (
	headerSize  = 4096
	chunkSize   = 64 << 10
	chunkHeader = 512
	recordFixed = 28 // 24 in front of the XML, 4 behind it
)

var le = binary.LittleEndian

// A span is a range of bytes of a file.
type span struct{ from, to int }

func (s span) meets(o span) bool { return s.from < o.to && o.from < s.to }

// A layout says where the records of an undamaged log lie. It comes from
// their sizes alone, so it is a second opinion on what package evtx reads.
type layout struct {
	chunks []chunkLayout
}

// A chunkLayout is the layout of a chunk, in bytes of the file.
type chunkLayout struct {
	records []place
	// defined are the names and templates that lie in some record and may be
	// used by others.
	defined []span
}

// A place is where a record lies in the file.
type place struct {
	span
	id uint64 // in the record's header
}

// layOut walks the log b, which must be whole.
func layOut(b []byte) (*layout, error) {
	if len(b) < headerSize || (len(b)-headerSize)%chunkSize != 0 {
		return nil, fmt.Errorf("%d bytes are no whole number of chunks", len(b))
	}
	l := &layout{}
	for at := headerSize; at < len(b); at += chunkSize {
		c, err := layOutChunk(b[at:at+chunkSize], at)
		if err != nil {
			return nil, fmt.Errorf("chunk %d: %w", len(l.chunks), err)
		}
		l.chunks = append(l.chunks, c)
	}
	return l, nil
}

// layOutChunk lays out the chunk c, which is at base in the file.
func layOutChunk(c []byte, base int) (chunkLayout, error) {
	var l chunkLayout
	free := int(le.Uint32(c[48:]))
	if free > len(c) {
		return l, fmt.Errorf("free space is said to be at %d", free)
	}
	for at := chunkHeader; at < free; {
		size := int(le.Uint32(c[at+4:]))
		if string(c[at:at+4]) != "**\x00\x00" || size < recordFixed || at+size > free {
			return l, fmt.Errorf("no record at 0x%x", at)
		}
		l.records = append(l.records, place{span{base + at, base + at + size}, le.Uint64(c[at+8:])})
		at += size
	}
	// Two hash tables, whose entries are chains: 64 of names (link, hash,
	// number of characters, these, NUL), 32 of templates (link, GUID, size, body).
	for slot := 128; slot < chunkHeader; slot += 4 {
		for at := int(le.Uint32(c[slot:])); at != 0; at = int(le.Uint32(c[at:])) {
			if at+24 > len(c) || len(l.defined) > chunkSize/8 {
				return l, fmt.Errorf("the chain at %d is broken", slot)
			}
			size := 8 + 2*int(le.Uint16(c[at+6:])) + 2
			if slot >= 384 {
				size = 24 + int(le.Uint32(c[at+20:]))
			}
			l.defined = append(l.defined, span{base + at, base + at + size})
		}
	}
	return l, nil
}

// intact counts the records that meet none of the spans.
func (c *chunkLayout) intact(touched []span) int {
	n := 0
	for _, r := range c.records {
		if !r.hit(touched) {
			n++
		}
	}
	return n
}

func (s span) hit(touched []span) bool {
	return slices.ContainsFunc(touched, s.meets)
}

// orphans is an error if a chunk loses a definition, but not all of its
// records: then the bytes of a record alone do not say whether it is intact.
func (l *layout) orphans(touched []span) error {
	for i, c := range l.chunks {
		for _, d := range c.defined {
			if d.hit(touched) && c.intact(touched) > 0 {
				return fmt.Errorf("chunk %d: what others may use is defined at 0x%x: do the damage elsewhere", i, d.from)
			}
		}
	}
	return nil
}

// record returns where record n of a chunk lies, counted from 0.
func (l *layout) record(chunk, n int) (place, error) {
	if chunk < 0 || chunk >= len(l.chunks) || n < 0 || n >= len(l.chunks[chunk].records) {
		return place{}, fmt.Errorf("no record %d in chunk %d", n, chunk)
	}
	return l.chunks[chunk].records[n], nil
}

// sealChunk makes the checksums of the chunk c right.
func sealChunk(c []byte) {
	le.PutUint32(c[52:], crc32.ChecksumIEEE(c[chunkHeader:le.Uint32(c[48:])]))
	sealChunkHeader(c)
}

// sealChunkHeader makes the checksum of the header of the chunk c right.
func sealChunkHeader(c []byte) {
	sum := crc32.ChecksumIEEE(c[:120])
	le.PutUint32(c[124:], crc32.Update(sum, crc32.IEEETable, c[128:chunkHeader]))
}

// sealFile makes the checksum of the file header right.
func sealFile(b []byte) { le.PutUint32(b[124:], crc32.ChecksumIEEE(b[:120])) }
