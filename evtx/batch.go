package evtx

import (
	"errors"
	"sync"
)

// A Batch is records on their way into a log. Looking at them with an edit is most
// of the work of writing, and can be done on several goroutines, each with a Batch
// of its own; Writer.WriteBatch then writes them, in order. A chunk of which all
// records were added, and of which the edit changes nothing, is written as it is:
// that costs little more than copying it.
type Batch struct {
	convert converter
	records []prepared
	shared  *templateEdits

	whole *wholeChunk // of the records, as long as none is changed; nil: it has not been asked for
	same  int         // records that are not changed, one behind the other from the first
	chunk *wholeChunk // of AddChunk; then there are no records
}

// prepared is a record to be written: what it was converted to, or where it lies
// in its chunk.
type prepared struct {
	written   uint64
	place     recordPlace
	body      body
	err       error
	d         *decoder // it is written as it lies in the chunk of that; nil: body is
	off, size int
}

// A recordPlace tells which record it is that cannot be written.
type recordPlace struct {
	id, headerID uint64
	offset       int64
	chunk        int
}

func (r *Record) recordPlace() recordPlace {
	return recordPlace{r.EventRecordID(), r.headerID, r.Offset(), r.Chunk()}
}

func (p recordPlace) error(index int, err error) *RecordError {
	return &RecordError{Index: index, EventRecordID: p.id, Reason: err.Error(), Offset: p.offset, Chunk: p.chunk, RecordID: p.headerID}
}

// templateEdits are the templates of a log as they are written. One is edited
// once, whichever goroutine meets it first, and however often the Reader has
// compiled it: how often edit is called does not depend on goroutines.
type templateEdits struct {
	mu     sync.Mutex
	made   map[*template]*writtenTemplate
	byGUID map[GUID][]editedTemplate
	size   int // of what they hold, in bytes
}

// editedTemplate is a template before and after.
type editedTemplate struct{ before, after *writtenTemplate }

// NewBatch returns a Batch for the log, whose values pass through edit, which
// may be nil. The edits of all Batches of a log do the same; edit is called by
// the goroutine that calls Add. NewBatch itself is for one goroutine at a time.
func (w *Writer) NewBatch(edit func(name string, v Value) Value) *Batch {
	if w.shared == nil {
		w.shared = &templateEdits{made: map[*template]*writtenTemplate{}, byGUID: map[GUID][]editedTemplate{}}
	}
	b := &Batch{shared: w.shared}
	b.convert.edit, b.convert.shared = edit, w.shared
	return b
}

// Add takes a record, which is used until WriteBatch. Of the records that a Scanner
// visits, a Batch can hold those of one chunk; if Add reports full, the chunk will
// not stay where it is, and WriteBatch must come before the next record is read.
func (b *Batch) Add(r *Record) (full bool) {
	c := &r.d.chunk
	p := prepared{written: r.written, place: r.recordPlace()}
	stays := c.alone && !r.recovered
	if stays && b.convert.edit == nil {
		p.d, p.off, p.size = r.d, r.off, r.size
	} else {
		b.convert.changed = false
		p.body, p.err = b.convert.record(r)
	}
	if stays && c.intact && b.same == len(b.records) && p.err == nil && !b.convert.changed {
		b.look(r)
	}
	b.records = append(b.records, p)
	return !c.alone
}

// look finds out whether the record's chunk can still be written as it is.
func (b *Batch) look(r *Record) {
	if b.whole == nil {
		b.whole = new(wholeChunk)
	}
	if b.same == 0 {
		b.whole.begin(r.d)
	}
	if b.whole.follows(r.d) && b.whole.record(r.off, r.size) {
		b.same++
	}
}

// AddChunk takes all records of a chunk, which is used until WriteBatch. It is for
// an empty Batch.
func (b *Batch) AddChunk(c *Chunk) {
	if b.convert.edit == nil {
		b.chunk = c.whole
		return
	}
	for off, size := range c.whole.records() {
		if r, err := c.whole.d.again(off, size); err == nil {
			b.Add(r)
		}
	}
}

// Len is the number of records that were added and not written.
func (b *Batch) Len() int {
	if b.chunk != nil {
		return b.chunk.n
	}
	return len(b.records)
}

// WriteBatch writes the records of the Batch and empties it. Those that cannot
// be written are given to refused; the error is of the underlying writer.
func (w *Writer) WriteBatch(b *Batch, refused func(*RecordError)) error {
	defer b.empty()
	switch {
	case w.err != nil:
		return w.err
	case b.chunk != nil:
		if w.affords(b.chunk) {
			return w.takeOver(b.chunk)
		}
		i := 0
		for off, size := range b.chunk.records() {
			if err := w.writeAgain(b.chunk.d, off, size, i, refused); err != nil {
				return err
			}
			i++
		}
		return nil
	case b.same > 0 && b.same == len(b.records) && b.whole.complete() && w.affords(b.whole):
		return w.takeOver(b.whole)
	}
	for i := range b.records {
		p := &b.records[i]
		if p.d != nil {
			if err := w.writeAgain(p.d, p.off, p.size, i, refused); err != nil {
				return err
			}
			continue
		}
		err := p.err
		if err == nil {
			err = w.add(p.written, p.body)
		}
		if w.err != nil {
			return w.err
		}
		if err != nil {
			refused(p.place.error(i, err))
		}
	}
	return nil
}

// writeAgain writes a record as it lies in a decoder's chunk, which it has been
// read from before. Index is its own in the Batch.
func (w *Writer) writeAgain(d *decoder, off, size, index int, refused func(*RecordError)) error {
	r, syntax := d.again(off, size)
	if syntax != nil {
		place := recordPlace{headerID: u64(d.chunk.buf[:], off+8), offset: d.chunk.offset(off), chunk: d.chunk.index}
		refused(place.error(index, errors.New(syntax.reason)))
		return nil
	}
	err := w.addRecord(&w.copies.convert, r)
	if w.err != nil {
		return w.err
	}
	if err != nil {
		refused(r.recordPlace().error(index, err))
	}
	return nil
}

func (b *Batch) empty() {
	clear(b.records)
	b.records = b.records[:0]
	b.same, b.chunk = 0, nil
	b.convert.reset()
}

// get returns the template as it is written, made by edit if nobody has yet.
func (s *templateEdits) get(t *template, edit func() *writtenTemplate) *writtenTemplate {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.made[t]; w != nil {
		return w
	}
	before := &writtenTemplate{guid: t.guid, tree: &t.tree}
	var after *writtenTemplate
	for _, known := range s.byGUID[t.guid] {
		if known.before.same(before) {
			after = known.after
		}
	}
	room := s.size <= maxEditBytes
	if after == nil {
		if after = edit(); room && len(s.byGUID[t.guid]) < maxOfOneGUID {
			s.byGUID[t.guid] = append(s.byGUID[t.guid], editedTemplate{before, after})
		}
	}
	if room {
		s.made[t] = after
		s.size += t.weight() + after.weight()
	}
	return after
}

// Bounds for logs with made-up templates; beyond them, templates are edited
// anew. A real log has some hundred, of 20 kB.
const (
	maxEditBytes = 64 << 20
	maxOfOneGUID = 64
)
