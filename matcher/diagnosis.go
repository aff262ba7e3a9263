package matcher

import (
	"cmp"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/sigma"
)

// Options are what a diagnosis keeps.
type Options struct {
	Evidence int // events a finding keeps as evidence; 0 for none
}

// A Diagnosis gathers what a catalogue finds in logs. Its memory is bounded:
// of each finding the last few events, of captures, endpoints and shapes of
// errors a number that no real log reaches.
type Diagnosis struct {
	c        *Catalogue
	options  Options
	findings []*tally // by signature, nil if there is none
	sequence *sequence
	ends     map[endpointKey]*Endpoint
	ids      []ReportID
	shapes   *groups
}

// A tally is a finding in the making.
type tally struct {
	count       int
	first, last time.Time
	evidence    []Evidence // a ring once it is full
	next        int        // where the next one goes
	captures    []*values
}

// values counts the different values of a capture.
type values struct {
	count map[string]int
}

type endpointKey struct {
	address string
	port    int
}

const (
	maxValues    = 1000  // different values a capture keeps
	maxEndpoints = 10000 // different endpoints
	maxReportIDs = 10000
)

// Diagnose starts a diagnosis.
func (c *Catalogue) Diagnose(o Options) *Diagnosis {
	d := &Diagnosis{
		c: c, options: o,
		findings: make([]*tally, len(c.signatures)),
		ends:     make(map[endpointKey]*Endpoint),
		shapes:   newGroups(),
	}
	d.sequence = newSequence(c.set, d.settle)
	return d
}

// Worker returns a Worker, for one goroutine.
func (d *Diagnosis) Worker() *Worker {
	m := d.c.set.Matcher()
	m.Thin(1000) // of 90 days: one sign of life in two hours
	return &Worker{c: d.c, matcher: m, uses: newSystemFields(d.c.set), shapes: newGroups()}
}

// Take empties a worker into the diagnosis; source is the name of the log it
// has looked at. Workers are taken one at a time, in the order of the log. It
// returns the channel of the worker's first record, empty if it had none.
func (d *Diagnosis) Take(w *Worker, source string) (channel string) {
	for i := range w.found {
		e := &w.found[i]
		e.evidence.Source = source
		d.take(e)
	}
	for _, id := range w.ids {
		id.Source = source
		if len(d.ids) < maxReportIDs {
			d.ids = append(d.ids, id)
		}
	}
	d.shapes.merge(w.shapes, source)
	clear(w.found) // the texts in it
	w.found, w.ids = w.found[:0], w.ids[:0]
	channel, w.channel = w.channel, ""
	return channel
}

// take counts an event, or leaves that to the sequences that may supersede
// what was found in it.
func (d *Diagnosis) take(e *event) {
	if len(e.hits) == 0 {
		for _, s := range e.signatures {
			d.count(s, e)
		}
		return
	}
	var kept *event
	if d.c.shows(e.hits) {
		kept = new(*e)
	}
	for _, s := range e.signatures {
		if kept == nil || !d.c.maySupersede(e.hits, s) {
			d.count(s, e)
			continue
		}
		kept.open = append(kept.open, s)
	}
	for i, h := range e.hits {
		d.sequence.add(h, kept, i == len(e.hits)-1)
	}
}

// settle is called when the sequences have seen an event: completed are those
// that it completes.
func (d *Diagnosis) settle(e *event, completed []*sigma.Rule) {
	var out []int
	for _, rule := range completed {
		s := d.c.byRule[rule]
		d.count(s, e)
		out = append(out, d.c.superseded[s]...)
	}
	for _, s := range e.open {
		if !slices.Contains(out, s) {
			d.count(s, e)
		}
	}
}

// count adds an event to a finding.
func (d *Diagnosis) count(signature int, e *event) {
	t := d.findings[signature]
	if t == nil {
		t = &tally{first: e.evidence.Time, last: e.evidence.Time}
		t.captures = make([]*values, len(d.c.signatures[signature].Captures))
		d.findings[signature] = t
	}
	t.count++
	at := e.evidence.Time
	if at.Before(t.first) {
		t.first = at
	}
	if at.After(t.last) {
		t.last = at
	}
	t.keep(e.evidence, d.options.Evidence)
	for _, v := range e.captures {
		if v.signature == signature {
			t.capture(v)
			d.endpoint(signature, v, at)
		}
	}
}

// keep keeps the last n pieces of evidence.
func (t *tally) keep(e Evidence, n int) {
	switch {
	case n <= 0:
	case len(t.evidence) < n:
		t.evidence = append(t.evidence, e)
	default:
		t.evidence[t.next] = e
		t.next = (t.next + 1) % n
	}
}

func (t *tally) capture(v captured) {
	values := t.captures[v.capture]
	if values == nil {
		values = newValues()
		t.captures[v.capture] = values
	}
	values.add(v.value)
}

func newValues() *values { return &values{count: make(map[string]int)} }

func (v *values) add(value string) {
	if _, ok := v.count[value]; ok || len(v.count) < maxValues {
		v.count[value]++
	}
}

// sorted returns the most frequent first.
func (v *values) sorted() []string {
	all := make([]string, 0, len(v.count))
	for value := range v.count {
		all = append(all, value)
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(cmp.Compare(v.count[b], v.count[a]), cmp.Compare(a, b))
	})
	return all
}

// endpointCapture is the capture whose addresses the firewall has to let
// through; others, of refused connections for one, name theirs differently.
const endpointCapture = "endpoint"

func (d *Diagnosis) endpoint(signature int, v captured, at time.Time) {
	if v.address == "" || d.c.signatures[signature].Captures[v.capture].Name != endpointCapture {
		return
	}
	key := endpointKey{v.address, v.port}
	e := d.ends[key]
	if e == nil {
		if len(d.ends) >= maxEndpoints {
			return
		}
		e = &Endpoint{Address: v.address, Port: v.port, First: at, Last: at}
		d.ends[key] = e
	}
	e.Count++
	if at.Before(e.First) {
		e.First = at
	}
	if at.After(e.Last) {
		e.Last = at
	}
}

// Findings ends the diagnosis and returns what came of it.
func (d *Diagnosis) Findings() *Findings {
	d.sequence.end()
	f := &Findings{ReportIDs: d.ids, Unmatched: d.shapes.sorted()}
	for i, t := range d.findings {
		if t != nil {
			f.Findings = append(f.Findings, t.finding(d.c.signatures[i]))
		}
	}
	explain(f.Findings)
	slices.SortStableFunc(f.Findings, worstFirst)
	for _, e := range d.ends {
		f.Endpoints = append(f.Endpoints, *e)
	}
	slices.SortFunc(f.Endpoints, func(a, b Endpoint) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Port, b.Port))
	})
	return f
}

// worstFirst: by severity, then by how often, then by how lately.
func worstFirst(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(b.Signature.Rule.Level, a.Signature.Rule.Level),
		cmp.Compare(b.Count, a.Count),
		b.Last.Compare(a.Last),
		cmp.Compare(a.Signature.Name, b.Signature.Name),
	)
}

func (t *tally) finding(s *Signature) Finding {
	f := Finding{Signature: s, Count: t.count, First: t.first, Last: t.last}
	f.Evidence = append(slices.Clone(t.evidence[t.next:]), t.evidence[:t.next]...)
	for i, values := range t.captures {
		if values != nil {
			f.Captures = append(f.Captures, Captured{s.Captures[i].Name, values.sorted()})
		}
	}
	return f
}

// explain fills Explained.
func explain(findings []Finding) {
	byName := make(map[string]*Signature, len(findings))
	for i := range findings {
		byName[findings[i].Signature.Name] = findings[i].Signature
	}
	for i := range findings {
		f := &findings[i]
		for _, name := range f.Signature.Explained {
			if s := byName[name]; s != nil {
				f.Explained = append(f.Explained, s)
			}
		}
	}
}
