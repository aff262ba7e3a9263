package evtx

import "sync"

// A Batch is records on their way into a log. Converting them, with Edit, is
// most of the work of writing, and can be done on several goroutines, each
// with a Batch of its own; Writer.WriteBatch then encodes them, in order.
type Batch struct {
	convert converter
	records []prepared
	shared  *templateEdits
}

// prepared is a converted record.
type prepared struct {
	written uint64
	id      uint64
	body    body
	err     error
}

// templateEdits are the templates of a log as they are written. One is edited
// once, whichever goroutine meets it first, and however often the Reader has
// compiled it: how often edit is called does not depend on goroutines.
type templateEdits struct {
	mu     sync.Mutex
	made   map[*template]*writtenTemplate
	byGUID map[GUID][]editedTemplate
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

// Add converts a record. It is used until WriteBatch: of the records that a
// Scanner visits, a Batch can hold those of one chunk.
func (b *Batch) Add(r *Record) {
	converted, err := b.convert.record(r)
	b.records = append(b.records, prepared{r.written, r.EventRecordID(), converted, err})
}

// Len is the number of records that were added and not written.
func (b *Batch) Len() int { return len(b.records) }

// WriteBatch writes the records of the Batch and empties it. Those that cannot
// be written are given to refused; the error is of the underlying writer.
func (w *Writer) WriteBatch(b *Batch, refused func(*RecordError)) error {
	defer b.empty()
	for i := range b.records {
		p := &b.records[i]
		err := p.err
		if err == nil {
			err = w.add(p.written, p.body)
		}
		if w.err != nil {
			return w.err
		}
		if err != nil {
			refused(&RecordError{i, p.id, err.Error()})
		}
	}
	return nil
}

func (b *Batch) empty() {
	clear(b.records)
	b.records = b.records[:0]
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
	if after == nil {
		after = edit()
		if len(s.byGUID[t.guid]) < maxOfOneGUID {
			s.byGUID[t.guid] = append(s.byGUID[t.guid], editedTemplate{before, after})
		}
	}
	if len(s.made) < maxTemplateEdits {
		s.made[t] = after
	}
	return after
}

// Bounds for logs with made-up templates; beyond them, templates are edited
// anew.
const (
	maxTemplateEdits = 1 << 16
	maxOfOneGUID     = 64
)
