package archive

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/redact"
	"github.com/gwlogs/gwlogs/internal/tempfile"
	"github.com/gwlogs/gwlogs/matcher"
)

// Options are what a bundle is made with.
type Options struct {
	ReportID string
	Tool     Tool
	Created  time.Time // see Manifest
	Window   Span      // as it was asked for
	OpenEnd  bool      // nobody asked for its end: events of a clock that runs ahead are in it too, and move it
	Lang     string    // of the page and of what was found: "en" or "fr"

	Redactor  *redact.Redactor
	Catalogue *matcher.Catalogue
	Threads   int   // 0 for all cores
	MaxSize   int64 // bytes of the bundle; 0 for no limit
}

// A Builder makes a bundle: Log for each log, File for each further file, then
// Write. Close it in any case. It belongs to one goroutine. Memory does not
// grow with the logs; what is gathered lies, redacted and compressed, in
// temporary files without a name.
type Builder struct {
	o       Options
	spool   spool
	slice   *os.File // the log that is being written, uncompressed
	names   names
	entries []Entry
	content []packed
	rules   []RuleCount
	unseen  []string // what redaction could not look into
	failed  []FailedSource
	covered Span

	analyzer *matcher.Analyzer
	computer string
}

// evidence is how many events of each problem a bundle names.
const evidence = 10

// NewBuilder begins a bundle. Errors are of the temporary files.
func NewBuilder(o Options) (*Builder, error) {
	b := &Builder{o: o, analyzer: o.Catalogue.Analyze(matcher.Options{Evidence: evidence, Detail: true})}
	var err error
	if b.spool.file, err = tempfile.New(); err == nil {
		b.slice, err = tempfile.New()
	}
	if err != nil {
		b.Close()
		return nil, &TempError{err}
	}
	return b, nil
}

// Close removes the temporary files.
func (b *Builder) Close() {
	for _, f := range []*os.File{b.spool.file, b.slice} {
		if f != nil {
			f.Close()
		}
	}
}

// A TempError is a failure of the temporary files, which lie in os.TempDir.
type TempError struct{ Err error }

func (e *TempError) Error() string {
	return "temporary files in " + os.TempDir() + ": " + e.Err.Error()
}
func (e *TempError) Unwrap() error { return e.Err }

func moment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// Fail notes a source that could not be read, or not to its end.
func (b *Builder) Fail(source string, err error) {
	b.failed = append(b.failed, FailedSource{b.o.Redactor.Text(source), b.o.Redactor.Text(err.Error())})
}

// Computer is the computer of the first event that was written, redacted.
func (b *Builder) Computer() string { return b.computer }

// A Log is a log on its way into the bundle.
type Log struct {
	b       *Builder
	path    string
	source  string
	file    *slicer
	from    int64 // in the spool
	w       *evtx.Writer
	batches []*Batch // all that were made
	refused int
	mu      sync.Mutex // of batches
}

// Log begins the log of a source, which is the name of a file or a channel.
func (b *Builder) Log(source string) (*Log, error) {
	source = b.o.Redactor.Text(source)
	from := b.spool.size
	file, err := newSlicer(b.slice, &b.spool)
	if err != nil {
		return nil, &TempError{err}
	}
	l := &Log{b: b, path: b.names.entry(LogFolder, source, ".evtx"), source: source, file: file, from: from, w: evtx.NewWriter(file)}
	return l, nil
}

// A Batch redacts records for a Log. Each goroutine has its own.
type Batch struct {
	redactor *redact.Redactor
	records  *evtx.Batch
	computer string // of the first record
}

// Batch returns a Batch. It may be called by several goroutines.
func (l *Log) Batch() *Batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := &Batch{redactor: l.b.o.Redactor.Fork()}
	if b.redactor.Mode() == redact.None {
		b.records = l.w.NewBatch(nil)
	} else {
		b.records = l.w.NewBatch(b.redactor.Value)
	}
	l.batches = append(l.batches, b)
	return b
}

// Add redacts a record, which has to stay valid until the Batch is written.
func (b *Batch) Add(rec *evtx.Record) {
	if b.records.Len() == 0 {
		b.computer = rec.Computer()
	}
	b.redactor.Begin(rec)
	b.records.Add(rec)
}

// Write writes the records of a Batch and empties it. Those that cannot be
// written are given to refused; the bundle says how many are missing.
func (l *Log) Write(batch *Batch, refused func(*evtx.RecordError)) error {
	if l.b.computer == "" && batch.records.Len() > 0 {
		// A Redactor of its own, as this is no event and not to be counted.
		l.b.computer = l.b.o.Redactor.Fork().Value("Computer", evtx.StringValue(batch.computer)).String()
	}
	err := l.w.WriteBatch(batch.records, func(e *evtx.RecordError) {
		l.refused++
		refused(e)
	})
	if err != nil {
		return &TempError{err}
	}
	return nil
}

// Discard gives the log up.
func (l *Log) Discard() {
	l.w.Discard()
	l.file.body.Close()
}

// Origin is what is known of the log that a slice was cut from.
type Origin struct {
	Stats   evtx.Stats // of all its events
	Damaged int        // places
	Failed  bool       // it was not read to its end
	Whole   bool       // nothing but the time decided what is in the slice
}

// Close ends the log: what is found in it, is found in the redacted slice.
func (l *Log) Close(ctx context.Context, origin Origin) error {
	b := l.b
	if err := l.w.Close(); err != nil {
		l.file.body.Close()
		return &TempError{err}
	}
	content, err := l.file.finish(l.from, &b.spool)
	if err != nil {
		return &TempError{err}
	}
	sums := make(chan error, 1)
	var sha string
	go func() {
		var err error
		content.crc, sha, err = l.file.sums()
		sums <- err
	}()
	own, err := b.look(ctx, l)
	if failed := <-sums; err == nil && failed != nil {
		err = &TempError{failed}
	}
	if err != nil {
		return err
	}
	b.entries = append(b.entries, l.entry(sha, own, origin))
	b.content = append(b.content, content)
	counts := b.o.Redactor.TakeCounts()
	opaque := 0
	for _, batch := range l.batches {
		counts = append(counts, batch.redactor.TakeCounts()...)
		opaque += batch.redactor.TakeOpaque()
	}
	if opaque > 0 {
		b.unseen = append(b.unseen, fmt.Sprintf("%s: binary values that were searched for text alone: %d", l.path, opaque))
	}
	b.count(l.path, counts)
	b.openEnd(own.Last)
	b.cover(origin.Stats)
	if origin.Failed {
		b.unseen = append(b.unseen, l.path+": the rest of the log, which could not be read, is not in the bundle")
	}
	if l.refused > 0 {
		b.unseen = append(b.unseen, fmt.Sprintf("%s: events that could not be written, and are not in the bundle: %d", l.path, l.refused))
	}
	return nil
}

func (l *Log) entry(sha string, own matcher.Source, origin Origin) Entry {
	e := Entry{
		Path: l.path, Bytes: l.file.size, SHA256: sha, Source: l.source, Channel: own.Channel,
		Records: own.Records, First: known(own.First), Last: known(own.Last), Damaged: origin.Damaged, Refused: l.refused,
		LogStart: known(origin.Stats.First), LogEnd: known(origin.Stats.Last),
	}
	if e.Missing = own.Missing(); !origin.Whole {
		e.Missing = (&matcher.Source{Stats: origin.Stats}).Missing()
	}
	from := l.b.o.Window.From
	e.Uncovered = from != nil && !origin.Stats.First.IsZero() && origin.Stats.First.After(*from)
	if origin.Stats.LowestID > 1 {
		e.Overrun = origin.Stats.LowestID - 1
	}
	return e
}

// known is nil for a time that is not known.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// count notes what redaction did to an entry.
func (b *Builder) count(path string, counts []redact.Count) {
	sums := make(map[string]int)
	for _, c := range counts {
		sums[c.Rule] += c.Count
	}
	for _, rule := range slices.Sorted(maps.Keys(sums)) {
		b.rules = append(b.rules, RuleCount{rule, path, sums[rule]})
	}
}

// openEnd moves the end of a window that nobody asked for behind the last event.
func (b *Builder) openEnd(last time.Time) {
	if to := b.o.Window.To; b.o.OpenEnd && to != nil && last.After(*to) {
		b.o.Window.To = known(last)
	}
}

// cover widens the time that is covered by that of a log.
func (b *Builder) cover(s evtx.Stats) {
	if s.First.IsZero() {
		return
	}
	first, last := s.First, s.Last
	if from := moment(b.o.Window.From); first.Before(from) {
		first = from
	}
	if to := b.o.Window.To; to != nil && last.After(*to) {
		last = *to
	}
	if first.After(last) {
		return
	}
	if b.covered.From == nil || first.Before(*b.covered.From) {
		b.covered.From = known(first)
	}
	if b.covered.To == nil || last.After(*b.covered.To) {
		b.covered.To = known(last)
	}
}

// Write writes the bundle, or nothing at all if it would be larger than
// MaxSize, which is a *SizeError. With a nil w it only returns what would be written.
func (b *Builder) Write(w io.Writer) (*Manifest, int64, error) {
	m, err := b.finish()
	if err != nil {
		return nil, 0, err
	}
	paths := []string{ManifestName}
	for i := range m.Entries {
		paths = append(paths, m.Entries[i].Path)
	}
	size := zipSize(paths, b.content)
	if b.o.MaxSize > 0 && size > b.o.MaxSize {
		return m, size, &SizeError{Size: size, Max: b.o.MaxSize}
	}
	counted := &counter{w: w}
	if w == nil {
		counted.w = io.Discard
	}
	err = writeZip(counted, &b.spool, paths, b.content, b.o.Created)
	return m, counted.n, err
}

// counter counts what is written.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// A SizeError is a bundle that is larger than it may be.
type SizeError struct{ Size, Max int64 }

func (e *SizeError) Error() string {
	return fmt.Sprintf("the bundle would have %d bytes, and %d are allowed", e.Size, e.Max)
}

// finish makes the entries that speak of the others and puts all in order: what
// people read comes first.
func (b *Builder) finish() (*Manifest, error) {
	m := &Manifest{
		Schema: Schema, ReportID: b.o.ReportID, Created: b.o.Created.UTC(), Tool: b.o.Tool,
		Window:    Window{Requested: b.o.Window, Covered: b.covered},
		Redaction: Redaction{Mode: string(b.o.Redactor.Mode()), Rules: b.rules, NotInspected: b.unseen},
		Failed:    b.failed,
	}
	diagnosis := b.diagnosis()
	logs, content := b.entries, b.content
	b.entries, b.content = nil, nil
	made := []struct {
		name string
		data func() ([]byte, error)
	}{
		{ReadmeName, func() ([]byte, error) { m.Entries = logs; return readme(m, b.o.Lang), nil }},
		{PageName, func() ([]byte, error) { return page(m, diagnosis) }},
		{FindingsName, func() ([]byte, error) { return findings(diagnosis) }},
	}
	for _, e := range made {
		data, err := e.data()
		if err != nil {
			return nil, err
		}
		if err := b.add(Entry{Path: e.name}, data); err != nil {
			return nil, err
		}
	}
	m.Entries = append(b.entries, logs...)
	b.content = append(b.content, content...)
	data, err := m.marshal()
	if err != nil {
		return nil, err
	}
	p, _, err := pack(data, &b.spool)
	if err != nil {
		return nil, &TempError{err}
	}
	b.content = append([]packed{p}, b.content...)
	return m, nil
}

// add adds an entry that is in memory.
func (b *Builder) add(e Entry, data []byte) error {
	p, sha, err := pack(data, &b.spool)
	if err != nil {
		return &TempError{err}
	}
	e.Bytes, e.SHA256 = int64(len(data)), sha
	b.entries = append(b.entries, e)
	b.content = append(b.content, p)
	return nil
}
