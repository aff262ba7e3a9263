package evtx

import (
	"bytes"
)

// Chunks lie on a grid of 64 KiB behind the file header, and nearly always do.
// Where bytes were lost or came in between, or where the input is no log but
// what a log lies in, they lie anywhere. So a slot that does not begin with a
// chunk, or whose chunk's checksum is wrong, is searched for the signature of
// one, with a right checksum of its header. What a slot then holds is up to
// three parts: what is left of the grid's chunk, bytes that are none, and a
// chunk that begins here and reaches into the next slot. Which, is decided from
// the bytes of the slot and its neighbours alone: goroutines need not agree.

// A part is what a slot holds of one kind, from one place in it to another. A
// chunk off the grid reaches beyond the slot.
type part struct {
	kind     partKind
	from, to int
	jump     bool // a chunk that does not follow another right behind
}

type partKind uint8

const (
	partSlot  partKind = iota // the slot as it is: a chunk, or where one should be
	partChunk                 // a chunk off the grid
	partRaw                   // bytes that are no chunk
)

// regular reports whether a slot holds what it should: a chunk with a right
// checksum, or nothing.
func regular(slot []byte) bool {
	if string(slot[:8]) != chunkMagic {
		return isZero(slot)
	}
	return weighHeader(slot).dataOK
}

func isZero(b []byte) bool {
	for ; len(b) >= 512; b = b[512:] {
		if [512]byte(b) != [512]byte{} {
			return false
		}
	}
	return len(bytes.Trim(b, "\x00")) == 0
}

// findChunk returns where in the first 64 KiB of b, from off on, a chunk starts
// whose header can be believed; -1 if none does.
func findChunk(b []byte, off int, lenient bool) int {
	for off < chunkSize {
		i := bytes.Index(b[off:min(chunkSize+len(chunkMagic)-1, len(b))], []byte(chunkMagic))
		if i < 0 {
			break
		}
		if off += i; off+chunkHeaderSize > len(b) {
			break
		}
		if h := parseChunkHeader(b[off:][:chunkHeaderSize]); h.headerOK && h.plausible() || lenient && h.likely() {
			return off
		}
		off++
	}
	return -1
}

// lastChunk returns where the last chunk of a slot starts, -1 if there is none.
// b is the slot and what follows.
func lastChunk(b []byte, lenient bool) int {
	start := -1
	if string(b[:8]) == chunkMagic {
		if regular(b[:chunkSize]) {
			return 0
		}
		start = 0
	}
	if p := findChunk(b, 1, lenient); p > 0 {
		return p
	}
	return start
}

// split finds out the parts of the slot that is in the chunk's buffer.
func (w *walker) split(s slot) {
	w.slot, w.parts = s, append(w.parts[:0], part{kind: partSlot, to: s.n})
	b := w.d.chunk.buf[:]
	magic := s.n > 0 && string(b[:8]) == chunkMagic
	if magic {
		w.weighed = weighHeader(b)
	}
	sums := !w.header.noChecksums() && w.weighed.flags&flagNoCRC == 0
	if s.n == 0 || w.emptied || magic && (w.weighed.dataOK || !sums && w.weighed.plausible()) {
		return
	}
	empty := !magic && isZero(b)
	if empty && (!w.counted() || w.header.Dirty()) {
		return // room for chunks to come
	}
	w.loadAround()
	lenient := w.recover || w.header.noChecksums()
	covered := 0 // bytes of a chunk that started in the slot before
	from := 1
	if !magic {
		covered = max(lastChunk(w.around[:2*chunkSize], lenient), 0)
		from = covered
	}
	end, p := s.n, findChunk(w.around[chunkSize:], from, lenient)
	if p >= 0 && p < s.n {
		end = p
	}
	switch {
	case magic:
		w.parts[0].to = end
	case covered == 0 && end == s.n && (empty || !w.image):
		return // a chunk without a signature, perhaps
	case covered < end && !isZero(b[covered:end]):
		w.parts[0] = part{kind: partRaw, from: covered, to: end}
	default:
		w.parts = w.parts[:0]
	}
	if end == p {
		// Bytes between are reported as such.
		jump := p != covered && (len(w.parts) == 0 || w.parts[0].kind != partRaw)
		w.parts = append(w.parts, part{kind: partChunk, from: p, to: s.n, jump: jump})
	}
}

// loadAround makes w.around the slot and its neighbours.
func (w *walker) loadAround() {
	if w.slot.around != nil {
		w.around = w.slot.around
		return
	}
	if w.own == nil {
		w.own = new([3 * chunkSize]byte)
	}
	w.around = w.own
	if w.file.r != nil {
		w.file.readAround(w.slot.index, w.around)
		return
	}
	clear(w.around[:])
	copy(w.around[chunkSize:], w.d.chunk.buf[:])
}

// lay puts a part into the chunk's buffer and returns how many bytes of it
// there are.
func (w *walker) lay(p part) int {
	c := &w.d.chunk
	if p.kind == partSlot {
		clear(c.buf[p.to:])
		c.base = 0
		c.begin(w.slot.index, w.file.slotAt(w.slot.index))
		c.alone = len(w.parts) == 1
		w.d.begin()
		return p.to
	}
	w.window(p.from)
	if p.kind == partRaw {
		return p.to - p.from
	}
	w.weighed = weighHeader(w.d.chunk.buf[:])
	return p.to - p.from + min(p.from, w.following())
}

// following is how many bytes the file has of the next slot.
func (w *walker) following() int {
	if w.file.r == nil {
		return w.slot.behind
	}
	return int(min(max(w.file.size-w.file.slotAt(w.slot.index+1), 0), chunkSize))
}

// window puts 64 KiB from a place in the slot on, which may lie before it, into
// the chunk's buffer.
func (w *walker) window(from int) {
	copy(w.d.chunk.buf[:], w.around[chunkSize+from:])
	w.d.chunk.base = from
	w.d.chunk.begin(w.slot.index, w.file.slotAt(w.slot.index)+int64(from))
	w.d.begin()
}
