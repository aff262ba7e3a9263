package evtx

import "io"

// A Place is where in its log a record lies, in the 64 bits of which a program
// can keep millions: what an index needs to come back to an event
// ([Buffer.RecordAt]). It is good for the same file, whichever Reader has it
// open, as long as that part of it is not written over. Of two places in a log
// the greater one lies behind the other, but for recovered records.
type Place uint64

// The bits of a Place, from the lowest on. 27 are left for the slot: 8 TiB.
const (
	placeOffBits  = 16 // in the chunk's buffer
	placeBaseBits = 17 // of the buffer in the slot, which may lie before it
	placePartBits = 3
	placeOff      = 1 // above the bit that says that the record was recovered
	placeBase     = placeOff + placeOffBits
	placePart     = placeBase + placeBaseBits
	placeSlot     = placePart + placePartBits
)

// Place returns where the record lies.
func (r *Record) Place() Place {
	c := &r.d.chunk
	p := uint64(c.index)<<placeSlot | uint64(c.part)<<placePart | uint64(c.base+chunkSize)<<placeBase | uint64(r.off)<<placeOff
	if r.recovered {
		p |= 1
	}
	return Place(p)
}

func (p Place) bits(from, n int) int { return int(uint64(p) >> from & (1<<n - 1)) }

// Chunk returns the index of the 64 KiB slot that the place is in, from 0.
func (p Place) Chunk() int { return int(p >> placeSlot) }

// held is the part of a log that a Buffer holds: a Place but for its offset.
type held struct {
	r    *Reader
	part Place
}

// RecordAt returns the record at a Place, which [Record.Place] gave. Records of
// one chunk cost reading it once, if they are asked for one after the other. r
// is no stream; it is the caller's to see that the record is still the same, if
// somebody may have written to the file. A *FormatError says that there is none
// any more, any other error is of reading r.
func (b *Buffer) RecordAt(r *Reader, p Place) (*Record, error) {
	if r.file.r == nil {
		return nil, ErrNotSeekable
	}
	if part := p >> placeBase; b.holds != (held{r, part}) || b.owner != nil {
		if err := b.hold(r, p); err != nil {
			b.holds = held{}
			return nil, err
		}
		b.holds = held{r, part}
	}
	w, off := b.w, p.bits(placeOff, placeOffBits)
	b.rec = nil
	size, ok := recordSize(w.d.chunk.buf[:], off, chunkSize)
	if !ok {
		return nil, b.gone(off, "no record where there was one")
	}
	recovered := p&1 != 0
	rec, err := w.again(off, size, recovered)
	if err != nil {
		return nil, b.gone(off, err.reason)
	}
	rec.recovered = recovered
	return rec, nil
}

// hold reads the part of a log that a Place is in.
func (b *Buffer) hold(r *Reader, p Place) error {
	w := b.w
	b.owner, b.rec = nil, nil
	w.reads(r)
	w.walk = walk{}
	s, err := r.file.readSlot(p.Chunk(), &w.d.chunk.buf)
	if err != nil && err != io.EOF {
		return err
	}
	w.split(s)
	i := p.bits(placePart, placePartBits)
	if i >= len(w.parts) { // somebody has written to the file
		w.parts = []part{{kind: partSlot, to: s.n}}
		i = 0
	}
	w.d.chunk.part = i
	w.lay(w.parts[i])
	if base := p.bits(placeBase, placeBaseBits) - chunkSize; base != w.d.chunk.base {
		w.loadAround()
		w.window(base)
	}
	return nil
}

func (b *Buffer) gone(off int, reason string) *FormatError {
	c := &b.w.d.chunk
	return &FormatError{Offset: c.offset(off), Chunk: c.index, Kind: DamageRecord, Reason: reason}
}
