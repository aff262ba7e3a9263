package evtx

// Names of elements, attributes and entities are stored once a chunk and
// referred to by offset (section "Name"). Each is checked against its hash,
// which tells a damaged or misdirected reference from a real one.

const (
	nameHeader    = 8 // next offset, hash, number of characters
	maxNameLength = 4096
)

// nameHash is the hash stored with a name: MS-EVEN6 2.2.12, rule NameHash.
func nameHash(utf16 []byte) uint16 {
	return uint16(nameHash32(utf16))
}

// templateNames collects the names that a definition refers to elsewhere in
// its chunk. Two definitions with equal bytes are the same only if these are.
type templateNames struct {
	refs []templateName
}

type templateName struct {
	off uint32
	raw []byte // as stored: hash, length, characters
}

// name reads a reference to a name, and the name itself where it is stored
// right behind the reference.
func (p *parser) name() (string, bool) {
	if !p.need(4) {
		return "", false
	}
	off := u32(p.d.buf[:], p.pos)
	at := p.pos
	p.pos += 4
	inline := int64(off) == int64(p.pos)
	name, size, ok := p.d.nameAt(off)
	if !ok {
		return "", p.fail(at, "no name at 0x%x", off)
	}
	if inline {
		if !p.need(size) {
			return "", false
		}
		p.pos += size
	} else if p.template != nil {
		from := int(off) + 4
		raw := append([]byte(nil), p.d.buf[from:int(off)+size-2]...)
		p.template.refs = append(p.template.refs, templateName{off, raw})
	}
	return name, true
}

// A nameEntry remembers a name of the current chunk by its offset.
type nameEntry struct {
	chunk uint32 // decoder.generation
	off   uint32
	size  int
	name  string
}

// nameAt returns the name stored at an offset of the chunk and the number of
// bytes that it takes there.
func (d *decoder) nameAt(off uint32) (name string, size int, ok bool) {
	e := &d.names[(off>>1)%uint32(len(d.names))]
	if e.off == off && e.chunk == d.generation {
		return e.name, e.size, true
	}
	if off < chunkHeaderSize || off > chunkSize-nameHeader-2 {
		return "", 0, false
	}
	n := u16(d.buf[:], int(off)+6)
	from := int(off) + nameHeader
	size = nameHeader + 2*n + 2
	if n == 0 || n > maxNameLength || int(off)+size > chunkSize {
		return "", 0, false
	}
	raw := d.buf[from : from+2*n]
	if int(nameHash(raw)) != u16(d.buf[:], int(off)+4) {
		return "", 0, false
	}
	name = d.intern(raw)
	*e = nameEntry{d.generation, off, size, name}
	return name, size, true
}

// intern returns the UTF-8 of a UTF-16LE text, without allocating for one
// that was seen lately.
func (d *decoder) intern(utf16 []byte) string {
	d.scratch = appendUTF8(d.scratch[:0], utf16)
	if s, ok := d.interned[string(d.scratch)]; ok {
		return s
	}
	if len(d.scratch) > 256 {
		return string(d.scratch)
	}
	if len(d.interned) >= 1024 || d.interned == nil {
		d.interned = make(map[string]string)
	}
	s := string(d.scratch)
	d.interned[s] = s
	return s
}
