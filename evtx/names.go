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

// name reads a reference to a name, and the name itself where it is stored
// right behind the reference.
func (p *parser) name() (string, bool) {
	if !p.need(4) {
		return "", false
	}
	off := u32(p.buf[:], p.pos)
	at := p.pos
	p.pos += 4
	inline := int64(off) == int64(p.pos)
	name, size, ok := p.names.at(off)
	if !ok {
		return "", p.fail(at, "no name at 0x%x", off)
	}
	if inline {
		if !p.need(size) {
			return "", false
		}
		p.pos += size
	}
	if p.template != nil {
		p.template.name(at, p.buf[off+4:int(off)+size-2], inline)
	}
	return name, true
}

// A nameTable reads the names of the current chunk and remembers them.
type nameTable struct {
	chunk    *chunk
	entries  [512]nameEntry
	interned interner

	library *library // nil if nothing else is known of the log
	repairs []repair // of the chunk
	tried   int      // repairs that were thought about
	mended  bool     // at has returned one
}

// forget is for the begin of a chunk.
func (t *nameTable) forget() { t.repairs, t.tried = t.repairs[:0], 0 }

// A nameEntry remembers a name of the current chunk by its offset.
type nameEntry struct {
	generation uint32 // of the chunk
	off        uint32
	size       int
	name       string
	mended     bool // the name was damaged
}

// at returns the name stored at an offset of the chunk and the number of
// bytes that it takes there.
func (t *nameTable) at(off uint32) (name string, size int, ok bool) {
	e := &t.entries[(off>>1)%uint32(len(t.entries))]
	if e.off == off && e.generation == t.chunk.generation {
		t.mended = t.mended || e.mended
		return e.name, e.size, true
	}
	if off < chunkHeaderSize || off > chunkSize-nameHeader-2 {
		return "", 0, false
	}
	raw, whole := t.chunk.name(int(off))
	if whole {
		name, size = t.interned.intern(raw), nameHeader+len(raw)+2
	} else if name, size, ok = t.repair(int(off)); !ok {
		return "", 0, false
	}
	t.mended = t.mended || !whole
	*e = nameEntry{t.chunk.generation, off, size, name, !whole}
	return name, size, true
}

// name returns the characters of the name at off, if its hash is right.
func (c *chunk) name(off int) (raw []byte, ok bool) {
	n := u16(c.buf[:], off+6)
	from := off + nameHeader
	if n == 0 || n > maxNameLength || from+2*n+2 > chunkSize {
		return nil, false
	}
	raw = c.buf[from : from+2*n]
	return raw, int(nameHash(raw)) == u16(c.buf[:], off+4)
}

// An interner keeps the texts that come again and again.
type interner struct {
	known   map[string]string
	scratch []byte
}

// intern returns the UTF-8 of a UTF-16LE text, without allocating for one
// that was seen lately.
func (n *interner) intern(utf16 []byte) string {
	n.scratch = appendUTF8(n.scratch[:0], utf16)
	if s, ok := n.known[string(n.scratch)]; ok {
		return s
	}
	if len(n.scratch) > 256 {
		return string(n.scratch)
	}
	if len(n.known) >= 1024 || n.known == nil {
		n.known = make(map[string]string)
	}
	s := string(n.scratch)
	n.known[s] = s
	return s
}
