package evtx

import (
	"slices"
	"sync"
)

// A library is what the chunks of a log define, for the chunk in which a
// definition is damaged, and for stale records whose definitions have been
// written over. It is made when it is first asked for, by a pass of its own
// over the log, so that it does not depend on how far others have come; a
// stream has none.
type library struct {
	r         *Reader
	once      sync.Once
	names     []string // sorted
	templates map[uint32][]*template
	skeletons skeletons
}

const (
	// maxLibrarySlots bounds the pass for a log that is merely damaged: what
	// the first 256 MiB do not define is rare. Who wants to recover records
	// waits for 4 GiB.
	maxLibrarySlots        = 4096
	maxLibrarySlotsRecover = 1 << 16
	// maxLibraryBytes bounds the definitions that are kept, like maxTemplateBytes.
	maxLibraryBytes = 16 << 20
	maxLibraryNames = 1 << 16
)

func (l *library) load() {
	l.templates = map[uint32][]*template{}
	if l.r == nil || l.r.file.r == nil {
		return
	}
	names := map[string]bool{}
	size := 0
	cache := new(templateCache)
	cache.added = func(t *template) {
		if size += len(t.body) + t.holes*holeBytes; size <= maxLibraryBytes {
			l.add(t)
		}
	}
	w := newWalker(l.r)
	w.library, w.d.names.library, w.d.definitions.cache = nil, nil, cache
	most := maxLibrarySlots
	if w.recover {
		most = maxLibrarySlotsRecover
	}
	for index, n := 0, 0; n < most; n++ {
		s, err := l.r.file.readSlot(index, &w.d.chunk.buf)
		if err != nil || s.n == 0 {
			break
		}
		index += s.span
		w.split(s)
		for i := range w.parts {
			w.define(i, names)
		}
	}
	for name := range names {
		l.names = append(l.names, name)
	}
	slices.Sort(l.names)
}

// define reads all complete records of a part, live or stale, for what they
// define, and the chunk's table of names.
func (w *walker) define(i int, names map[string]bool) {
	w.enter(i, func(*Record, error) bool { return true })
	if !w.raw {
		w.d.chunk.tabled(names)
		w.tail = 0
	}
	for {
		b, at, size := w.nextStale()
		if size == 0 {
			return
		}
		if w.raw {
			at = w.toWindow(b, at, size)
		}
		w.d.decode(at, size)
	}
}

// tabled adds the names that the chunk's table knows (section "Chunk header"):
// each entry is the newest of a chain.
func (c *chunk) tabled(names map[string]bool) {
	for bucket := 128; bucket < 384; bucket += 4 {
		off := u32(c.buf[:], bucket)
		for range maxRepairs {
			if off < chunkHeaderSize || off > chunkSize-nameHeader-2 || len(names) >= maxLibraryNames {
				break
			}
			if raw, ok := c.name(int(off)); ok {
				names[string(appendUTF8(nil, raw))] = true
			}
			off = u32(c.buf[:], int(off))
		}
	}
}

// add keeps a template, but of those with the same content one.
func (l *library) add(t *template) {
	id := u32(t.guid[:], 0)
	for _, known := range l.templates[id] {
		if known.sameContent(t) {
			return
		}
	}
	l.templates[id] = append(l.templates[id], t)
}

// sameContent reports whether two templates are the same but for where their
// names lie.
func (t *template) sameContent(o *template) bool {
	a, b := writtenTemplate{guid: t.guid, tree: &t.tree}, writtenTemplate{guid: o.guid, tree: &o.tree}
	return t.guid == o.guid && a.same(&b)
}

func (l *library) knownNames() []string {
	l.once.Do(l.load)
	return l.names
}

// byGUID returns the template with that GUID, if the log knows one.
func (l *library) byGUID(guid GUID) *template {
	return l.only(u32(guid[:], 0), func(t *template) bool { return t.guid == guid })
}

// byID returns the template whose GUID begins so, if the log knows one.
func (l *library) byID(id uint32) *template {
	return l.only(id, func(*template) bool { return true })
}

func (l *library) only(id uint32, fits func(*template) bool) (found *template) {
	if l == nil {
		return nil
	}
	l.once.Do(l.load)
	for _, t := range l.templates[id] {
		switch {
		case !fits(t):
		case found != nil:
			return nil // which one nobody can say
		default:
			found = t
		}
	}
	return found
}
