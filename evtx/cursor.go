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
	slots slotSource // of a stream
	walk  walk
	index int // of the chunk
	stage cursorStage

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
	damage func(*FormatError)
	yield  func(*Record, error) bool
}

// NewBuffer returns a Buffer for the records that are wanted; nil means all.
func NewBuffer(wanted *Selection) *Buffer {
	b := &Buffer{wanted: wanted, w: newWalker(&Reader{templates: newTemplateCache()})}
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
			n, err := c.read(r, b)
			if err != nil {
				return nil, err
			}
			if c.index == 0 && r.headerErr != nil {
				damage(r.headerErr)
			}
			if n == 0 {
				c.stage = nothing
				w.endOfFile(c.index, b.yield)
				continue
			}
			if c.stage = nextRecord; !w.enter(c.index, n, b.yield) {
				c.leave()
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
				c.leave()
			}
		case nothing:
			return nil, io.EOF
		}
	}
	// The walk has stopped at the record, and goes on behind it.
	b.w.done = false
	c.walk, c.walk.yield = b.w.walk, nil
	c.off, c.size, c.recovered = b.rec.off, b.rec.size, b.rec.recovered
	return b.rec, nil
}

func (c *Cursor) leave() { c.index, c.stage = c.index+1, nextChunk }

// Record returns the record that Next returned last once more.
func (c *Cursor) Record(r *Reader, b *Buffer) (*Record, error) {
	if b.owner == c && b.rec != nil {
		return b.rec, nil
	}
	if err := c.load(r, b); err != nil {
		return nil, err
	}
	rec, err := b.w.d.decode(c.off, c.size, maxRendered)
	if err != nil { // somebody has written to the file
		return nil, &FormatError{Offset: b.w.d.chunk.offset(c.off), Chunk: c.index, Kind: DamageRecord, Reason: err.reason}
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
	if _, err := c.read(r, b); err != nil {
		return err
	}
	b.w.d.begin(c.index)
	b.w.walk = c.walk
	b.w.yield = b.yield
	return nil
}

// read reads the Cursor's chunk into the Buffer and returns how many bytes of
// it there are.
func (c *Cursor) read(r *Reader, b *Buffer) (n int, err error) {
	w := b.w
	b.owner, b.rec = c, nil
	w.reads(r)
	w.d.chunk.place(c.index)
	if r.at != nil {
		n, err = readSlot(r.at, r.size, int64(c.index), &w.d.chunk.buf)
	} else {
		if c.slots == nil {
			c.slots = r.slots()
		}
		_, n, err = c.slots.next(&w.d.chunk.buf)
	}
	if err != nil {
		b.owner = nil
	}
	return max(n, 0), err
}
