package evtx

import (
	"bytes"
	"encoding/binary"
)

// The same definition has other bytes in every chunk: it refers to its names by
// where they are stored in the chunk, stores those that the chunk does not have
// yet inside of itself, and the sizes of elements and attribute lists change
// with that. So a template knows these places of its definition, and the bytes
// of a chunk are the same definition if all between the places are equal, and
// the same names are referred to. What stands there of sizes is passed over, as
// the parser does, and a name counts as stored inside by the parser's rule: it
// would read both definitions to the same tree. A template with a damaged name
// is never compared, for what that name was depends on the log.

// A place is four bytes of a definition that differ from chunk to chunk.
type place struct {
	at     int    // in the body
	inline int    // bytes of the name that is stored behind it
	name   []byte // the name that it refers to, as it is stored: hash, length, characters; nil for a size
}

// templatePlaces collects the places while a definition is parsed.
type templatePlaces struct {
	body []byte // a copy that stays
	from int    // of the body in the chunk
	all  []place
}

// size notes a size at an offset of the chunk.
func (p *templatePlaces) size(off int) { p.all = append(p.all, place{at: off - p.from}) }

// name notes a reference to a name.
func (p *templatePlaces) name(off int, stored []byte, inline bool) {
	at := place{at: off - p.from}
	if inline {
		at.inline = nameHeader + len(stored) - 4 + 2 // its header of eight bytes has hash and length in it; a NUL behind
		at.name = p.body[at.at+8:][:len(stored)]
	} else {
		at.name = bytes.Clone(stored)
	}
	p.all = append(p.all, at)
}

// defines reports whether the bytes from..end of the chunk are the definition of
// t, apart from its GUID and size.
func (c *chunk) defines(t *template, from, end int) bool {
	buf, body := c.buf[:end], t.body
	done := 0 // of body
	for i := range t.places {
		p := &t.places[i]
		n := p.at - done
		if n+4 > end-from || n > 0 && !samePiece(buf[from:], body[done:], n) {
			return false
		}
		off := u32(buf, from+n)
		from, done = from+n+4, p.at+4+p.inline
		if p.name == nil {
			continue
		}
		if !c.stores(off, p.name) {
			return false
		}
		if int64(off) == int64(from) {
			if from += nameHeader + len(p.name) - 4 + 2; from > end {
				return false
			}
		}
	}
	return bytes.Equal(buf[from:end], body[done:])
}

// samePiece reports whether the first n bytes of two slices, at least one, are
// equal. Most pieces between places are tokens of a few bytes.
func samePiece(a, b []byte, n int) bool {
	if n <= 8 && len(a) >= 8 && len(b) >= 8 {
		return (binary.LittleEndian.Uint64(a)^binary.LittleEndian.Uint64(b))<<(64-8*uint(n)) == 0
	}
	return bytes.Equal(a[:n], b[:n])
}

// stores reports whether a name is stored at an offset of the chunk.
func (c *chunk) stores(off uint32, name []byte) bool {
	if off < chunkHeaderSize || off > chunkSize-nameHeader-2 {
		return false
	}
	from := int(off) + 4
	return len(name)+2 <= chunkSize-from && bytes.Equal(c.buf[from:from+len(name)], name)
}
