package evtx

import "bytes"

// The bytes of a template definition are exact if they are what a Writer would
// write for the definition's tree, at the same place of a chunk that has the same
// names. Then nothing is in them that a reader does not see: no bytes between or
// behind those that count, no sizes that say something else. What a template's
// places leave open is for each chunk to show; the rest is looked at once.

// A tableName is a name that is stored in a definition: its offset in the chunk,
// and its bucket in the chunk's table of names.
type tableName struct {
	off    uint16
	bucket uint8
}

// writes reports whether a Writer would write the template's body.
func (t *template) writes() bool {
	t.exactOnce.Do(func() { t.exact = t.compareBody() })
	return t.exact
}

// compareBody writes the body anew, to where it was read, and compares. The
// offset that each name stored in it has of the next one in its bucket is whatever
// it is.
func (t *template) compareBody() bool {
	if t.skeleton {
		return false
	}
	c := &chunkWriter{b: make([]byte, 0, len(t.body)+64), names: make(map[string]uint32, 2*len(t.places))}
	for i := range t.places { // names that were stored before
		if p := &t.places[i]; p.inline > 0 {
			c.base = int(u32(t.body, p.at)) - p.at - 4
			break
		}
	}
	for i := range t.places {
		p := &t.places[i]
		if p.name == nil || p.inline > 0 {
			continue
		}
		if off := u32(t.body, p.at); c.base == 0 || int(off) < c.base || int(off) >= c.base+len(t.body) {
			c.names[string(appendUTF8(nil, p.name[4:]))] = off
		}
	}
	if err := c.fragment(&t.tree, t.tree.nodes[0].child, true); err != nil || len(c.b) != len(t.body) {
		return false
	}
	for _, name := range c.newNames {
		at := int(c.names[name]) - c.base
		copy(c.b[at:at+4], t.body[at:])
	}
	return bytes.Equal(c.b, t.body)
}

// exactBody reports whether the bytes of the chunk from an offset on, which are
// the body of t, are exact, and notes the names that are stored in them. Those
// that it refers to and that are not, have been noted before.
func (c *wholeChunk) exactBody(t *template, from int) bool {
	if !t.writes() {
		return false
	}
	b := c.d.chunk.buf[:]
	shift := from // of what follows in the chunk against the body
	ends := c.ends[:0]
	for i := range t.places {
		p := &t.places[i]
		for len(ends) > 0 && ends[len(ends)-1].body <= p.at {
			if last := ends[len(ends)-1]; last.body+shift != last.chunk {
				return false
			}
			ends = ends[:len(ends)-1]
		}
		at := p.at + shift
		if p.name == nil {
			ends = append(ends, sizedEnd{p.at + 4 + int(u32(t.body, p.at)), at + 4 + int(u32(b, at))})
			continue
		}
		off, size := int(u32(b, at)), 0
		if off == at+4 {
			size = nameHeader + len(p.name) - 4 + 2
			if b[off+size-2]|b[off+size-1] != 0 {
				return false
			}
			c.names[off/64] |= 1 << (off % 64)
			c.stored = append(c.stored, tableName{uint16(off), uint8(u16(p.name, 0) % 64)})
		} else if off >= chunkSize || c.names[off/64]>>(off%64)&1 == 0 {
			return false
		}
		shift += size - p.inline
	}
	for _, last := range ends {
		if last.body+shift != last.chunk {
			return false
		}
	}
	c.ends = ends[:0]
	return true
}

// A sizedEnd is where an element or a list of attributes ends, by its size: in the
// body of a template, and in a chunk.
type sizedEnd struct{ body, chunk int }
