package evtx

import "io"

// A Cursor reads a log one record after the other, for programs that read many
// logs side by side: it is small, and what else reading takes, a [Buffer] and
// the open file, may serve other logs between two calls. The zero Cursor
// stands in front of the first record.
//
// A Cursor belongs to one log. It may be given another Reader of the same
// file, opened again, but not of a stream.
type Cursor struct {
	slots   slotSource // of a stream
	walk    walk
	order   int      // of the slot
	part    int      // of what is in it
	budget  int      // see decoder.budget
	repairs []repair // of names in the chunk
	stage   cursorStage

	// The record that Next returned last, in the chunk.
	off, size int
	recovered bool
}

// A cursorStage is what comes next.
type cursorStage uint8

const (
	nextChunk cursorStage = iota
	nextRecord
	nextContinued
	nextStale
	nothing
)

// A Buffer holds the chunk that is being read, and what was learned of it:
// some 120 KB. It serves any number of Cursors, in turns; a record is valid
// until the Buffer is used again. It belongs to one goroutine at a time.
type Buffer struct {
	wanted *Selection
	w      *walker
	owner  *Cursor // whose chunk it holds
	rec    *Record
	holds  held // for RecordAt
	damage func(*FormatError)
	yield  func(*Record, error) bool
}

// NewBuffer returns a Buffer for the records that are wanted; nil means all.
func NewBuffer(wanted *Selection) *Buffer {
	b := &Buffer{wanted: wanted, w: newWalker(new(Reader))}
	if wanted != nil && !wanted.everything() {
		b.w.filter = wanted.Filter()
	}
	// Errors do not stop the walk: only a record does.
	b.yield = func(rec *Record, err error) bool {
		if err != nil {
			b.damage(err.(*FormatError))
			return true
		}
		b.rec = rec
		return false
	}
	return b
}

// Sibling returns another Buffer for the same records. It shares what is known
// of templates, and may be used by another goroutine.
func (b *Buffer) Sibling() *Buffer {
	s := NewBuffer(b.wanted)
	s.w.d.definitions.cache = b.w.d.definitions.cache
	return s
}

// Stats returns the sums of all records since it was last called, whatever
// log they are of, wanted or not.
func (b *Buffer) Stats() Stats { return b.w.takeStats() }

// Next returns the next record that is wanted, or io.EOF behind the last one.
// Damage on the way to it is given to damage; any other error is of the
// underlying reader, and ends the log.
func (c *Cursor) Next(r *Reader, b *Buffer, damage func(*FormatError)) (*Record, error) {
	b.rec, b.damage = nil, damage
	if c.stage != nextChunk && c.stage != nothing {
		if err := c.load(r, b); err != nil {
			return nil, err
		}
	}
	for b.rec == nil {
		w := b.w
		switch c.stage {
		case nextChunk:
			if err := c.read(r, b); err != nil {
				return nil, err
			}
			if c.order == 0 && c.part == 0 && r.headerErr != nil {
				damage(r.headerErr)
			}
			switch {
			case w.slot.n <= 0:
				c.stage = nothing
				w.endOfFile(w.slot.index, b.yield)
				continue
			case c.part == len(w.parts):
				c.leave(w)
				continue
			}
			if c.stage = nextRecord; !w.enter(c.part, b.yield) {
				c.leave(w)
			}
		case nextRecord:
			if w.records(); b.rec == nil {
				c.stage = nextContinued
			}
		case nextContinued:
			if w.continued(); b.rec == nil {
				w.checkLive()
				c.stage = nextStale
			}
		case nextStale:
			if w.stale(); b.rec == nil {
				c.leave(w)
			}
		case nothing:
			return nil, io.EOF
		}
	}
	// The walk has stopped at the record, and goes on behind it.
	b.w.done = false
	c.walk, c.walk.yield, c.budget = b.w.walk, nil, b.w.d.budget
	c.repairs = append(c.repairs[:0], b.w.d.names.repairs...)
	c.off, c.size, c.recovered = b.rec.off, b.rec.size, b.rec.recovered
	return b.rec, nil
}

// leave moves on to the next part of the slot, or to the next slot.
func (c *Cursor) leave(w *walker) {
	c.stage = nextChunk
	if c.part++; c.part >= len(w.parts) {
		c.order, c.part = c.order+w.slot.span, 0
	}
}

// Record returns the record that Next returned last once more.
func (c *Cursor) Record(r *Reader, b *Buffer) (*Record, error) {
	if b.owner == c && b.rec != nil {
		return b.rec, nil
	}
	if err := c.load(r, b); err != nil {
		return nil, err
	}
	rec, err := b.w.again(c.off, c.size, c.recovered)
	if err != nil { // somebody has written to the file
		return nil, &FormatError{Offset: b.w.d.chunk.offset(c.off), Chunk: b.w.slot.index, Kind: DamageRecord, Reason: err.reason}
	}
	rec.recovered = c.recovered
	b.rec = rec
	return rec, nil
}

// load makes the Buffer hold the chunk that the Cursor stands in.
func (c *Cursor) load(r *Reader, b *Buffer) error {
	if b.owner == c {
		return nil
	}
	if err := c.read(r, b); err != nil {
		return err
	}
	w := b.w
	if c.part >= len(w.parts) { // somebody has written to the file
		w.parts = []part{{kind: partSlot, to: w.slot.n}}
		c.part = 0
	}
	w.d.chunk.part = c.part
	w.lay(w.parts[c.part])
	w.walk, w.d.budget = c.walk, c.budget
	if w.windowed {
		w.window(w.base)
	}
	w.d.names.repairs = append(w.d.names.repairs, c.repairs...)
	w.yield = b.yield
	return nil
}

// read reads the Cursor's slot into the Buffer, unless a further part of it is
// still there.
func (c *Cursor) read(r *Reader, b *Buffer) (err error) {
	w := b.w
	if b.owner == c && c.part > 0 {
		return nil
	}
	b.owner, b.rec, b.holds = c, nil, held{}
	w.reads(r)
	var s slot
	if r.file.r != nil {
		s, err = r.file.readNth(c.order, &w.d.chunk.buf)
	} else {
		if c.slots == nil {
			c.slots = r.slots()
		}
		s, err = c.slots.next(&w.d.chunk.buf)
	}
	if err != nil {
		b.owner = nil
		return err
	}
	w.split(s)
	return nil
}
