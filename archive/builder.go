package archive

import (
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/redact"
	"github.com/gwlogs/gwlogs/internal/tempfile"
	"github.com/gwlogs/gwlogs/matcher"
)

// A builder gathers what is put into a bundle: begin and end for each log, file for each further file, then write. It belongs to
// one goroutine. What is gathered lies, redacted and compressed, in temporary files without a name.
type builder struct {
	reportID string
	created  time.Time // see Manifest
	window   Span      // as it was asked for
	openEnd  bool      // nobody asked for its end: events of a clock that runs ahead are in it too, and move it
	whole    bool      // nothing but the time decides what is in it
	tool     Tool
	lang     string
	maxSize  int64
	threads  int
	redactor *redact.Redactor

	spool    spool
	slice    *os.File   // the log that is being written, uncompressed
	log      *bundleLog // that was begun
	names    names
	entries  []Entry
	content  []packed
	rules    []RuleCount
	suspects []RuleCount
	unseen   []string // what redaction could not look into
	failed   []FailedSource
	covered  Span
	leftOut  []LeftOut

	checked   *check.Report // redacted; nil without a check
	checkJSON []byte

	analyzer *matcher.Analyzer
	computer string
}

// evidence is how many events of each problem a bundle names.
const evidence = 10

// newBuilder begins the bundle of m. Errors are of the temporary files.
func newBuilder(m *maker) (*builder, error) {
	b := &builder{
		reportID: m.o.ReportID, created: m.end, window: m.span(), openEnd: m.o.Bundle == nil && m.want.Until.IsZero(), whole: onlyTimes(&m.want),
		tool: m.o.Tool, lang: m.o.Lang, maxSize: m.o.MaxSize, threads: m.o.Threads, redactor: m.redactor,
	}
	catalogue, err := matcher.BuiltinCatalogue()
	if err != nil {
		return nil, err
	}
	b.analyzer = catalogue.Analyze(matcher.Options{Evidence: evidence, Detail: true})
	if b.spool.file, err = tempfile.New(); err == nil {
		b.slice, err = tempfile.New()
	}
	if err != nil {
		b.close()
		return nil, &TempError{err}
	}
	return b, nil
}

// close removes the temporary files.
func (b *builder) close() {
	b.discard()
	for _, f := range []*os.File{b.spool.file, b.slice} {
		if f != nil {
			f.Close()
		}
	}
}

func moment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// fail notes a source that could not be read, or not to its end.
func (b *builder) fail(source string, err error) {
	b.failed = append(b.failed, FailedSource{b.redactor.Text(source), b.redactor.Text(err.Error())})
}

// known is nil for a time that is not known.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// ruleCounts is what redaction did to an entry.
func ruleCounts(path string, counts []redact.Count) []RuleCount {
	sums := make(map[string]int)
	for _, c := range counts {
		sums[c.Rule] += c.Count
	}
	var all []RuleCount
	for _, rule := range slices.Sorted(maps.Keys(sums)) {
		all = append(all, RuleCount{rule, path, sums[rule]})
	}
	return all
}

// openWindow moves the end of a window that nobody asked for behind the last event.
func (b *builder) openWindow(last time.Time) {
	if to := b.window.To; b.openEnd && to != nil && last.After(*to) {
		b.window.To = known(last)
	}
}

// cover widens the time that is covered by that of a log.
func (b *builder) cover(s evtx.Stats) {
	if s.First.IsZero() {
		return
	}
	first, last := s.First, s.Last
	if from := moment(b.window.From); first.Before(from) {
		first = from
	}
	if to := b.window.To; to != nil && last.After(*to) {
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

// write writes the bundle, or nothing at all if it would be larger than it may be, which is a *SizeError. With a nil w it only
// returns what would be written.
func (b *builder) write(w io.Writer) (*Manifest, int64, error) {
	m, err := b.finish()
	if err != nil {
		return nil, 0, err
	}
	paths := []string{ManifestName}
	for i := range m.Entries {
		paths = append(paths, m.Entries[i].Path)
	}
	size := zipSize(paths, b.content)
	if b.maxSize > 0 && size > b.maxSize {
		return m, size, &SizeError{Size: size, Max: b.maxSize}
	}
	if w == nil {
		w = io.Discard
	}
	counted := &tally{w: w}
	err = writeZip(counted, &b.spool, paths, b.content, b.created)
	return m, counted.n, err
}

// finish makes the entries that speak of the others and puts all in order: what
// people read comes first.
func (b *builder) finish() (*Manifest, error) {
	m := &Manifest{
		Schema: Schema, ReportID: b.reportID, Created: b.created.UTC(), Tool: b.tool,
		Window:    Window{Requested: b.window, Covered: b.covered},
		Redaction: Redaction{Mode: string(b.redactor.Mode()), Rules: b.rules, Suspects: b.suspects, NotInspected: b.unseen},
		Failed:    b.failed,
		LeftOut:   b.leftOut,
	}
	diagnosis := b.diagnosis()
	logs, content := b.entries, b.content
	b.entries, b.content = nil, nil
	made := []struct {
		name string
		data func() ([]byte, error)
	}{
		{ReadmeName, func() ([]byte, error) { m.Entries = logs; return readme(m, b.lang, b.checked != nil), nil }},
		{PageName, func() ([]byte, error) { return page(m, diagnosis, b.checked) }},
		{FindingsName, func() ([]byte, error) { return findings(diagnosis) }},
		{CheckName, func() ([]byte, error) { return b.checkJSON, nil }},
	}
	if b.checked == nil {
		made = made[:len(made)-1]
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
func (b *builder) add(e Entry, data []byte) error {
	p, sha, err := pack(data, &b.spool)
	if err != nil {
		return &TempError{err}
	}
	e.Bytes, e.SHA256 = int64(len(data)), sha
	b.entries = append(b.entries, e)
	b.content = append(b.content, p)
	return nil
}
