package matcher

import (
	"cmp"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
)

// Options are what an analysis keeps.
type Options struct {
	Evidence int         // events a finding keeps as evidence; 0 for none
	Severity sigma.Level // findings below are left out, those of rules without a level excepted
	Now      time.Time   // events of a text without times are of now; the zero Time: nobody knows of when

	// Detail also groups the errors that signatures explain, and warnings, with
	// the whole of an example, and makes a timeline. Workers have to see all
	// events for that, not those of Catalogue.Selections alone.
	Detail bool

	// Counted and Grouped, if they are there, are told of each event that a finding counts, and of each that is of an unexplained
	// group, by the number of its log in the order of EndLog, from 0. They are called in Take, but Counted of an event that a
	// sequence decides about later.
	Counted func(s *Signature, log int, at evtx.Place)
	Grouped func(g GroupKey, log int, at evtx.Place)
}

// An Analyzer makes an Analysis of what its workers see. Its memory is
// bounded: of each finding the last few events, of captures, endpoints and
// groups a number that no real log reaches. It belongs to one goroutine.
type Analyzer struct {
	c        *Catalogue
	options  Options
	findings []*tally // by signature, nil if there is none
	sequence *sigma.Correlator[*event]
	ends     *endpoints
	ids      []ReportID
	inner    unwrapper
	signs    *signs
	groups   *groups
	clock    *clock // nil without Detail
	sources  []Source
	channel  string // of the first event of the log that workers look at
	gateway  bool   // it is of a gateway
}

const maxReportIDs = 10000

// Analyze starts an analysis.
func (c *Catalogue) Analyze(o Options) *Analyzer {
	a := &Analyzer{
		c: c, options: o,
		findings: make([]*tally, len(c.signatures)),
		ends:     newEndpoints(),
		signs:    newSigns(),
		groups:   newGroups(),
	}
	if o.Detail {
		a.clock = newClock()
	}
	a.sequence = sigma.NewCorrelator(c.set, a.settle)
	return a
}

// Worker returns a Worker, for one goroutine.
func (a *Analyzer) Worker() *Worker {
	m := a.c.set.Matcher()
	m.Thin(1000) // of 90 days: one sign of life in two hours
	w := &Worker{
		c: a.c, matcher: m, memo: newMemo(), uses: newSystemFields(a.c.set), signs: newSigns(), groups: newGroups(),
		normalizes: a.c.set.Uses(dataField, sigma.Normalized), now: a.options.Now,
	}
	if a.options.Detail {
		w.clock = newClock()
	}
	w.groups.tells = a.options.Grouped != nil
	return w
}

// Take empties a worker; source is the name of the log it has looked at.
// Workers are taken one at a time, in the order of the log.
func (a *Analyzer) Take(w *Worker, source string) {
	for i := range w.found {
		e := &w.found[i]
		e.evidence.Source, e.log = source, len(a.sources)
		a.take(e)
	}
	for _, g := range w.grouped {
		a.options.Grouped(g.key, len(a.sources), g.place)
	}
	w.grouped = w.grouped[:0]
	for _, id := range w.ids {
		id.Source = source
		if len(a.ids) < maxReportIDs {
			a.ids = append(a.ids, id)
		}
	}
	a.signs.take(w.signs, source)
	a.groups.take(w.groups, source)
	if a.clock != nil {
		a.clock.take(w.clock)
		a.groups.occur(w.groups, source)
	}
	clear(w.found) // the texts in it
	w.found, w.ids = w.found[:0], w.ids[:0]
	if a.channel == "" {
		a.channel = w.channel
	}
	a.gateway = a.gateway || w.gateway
	w.channel, w.gateway = "", false
}

// EndLog notes that all that workers have seen of a log was taken; s is what
// is known of it, which EndLog returns with what the workers know. A log that
// could not be read is noted as well.
func (a *Analyzer) EndLog(s Source) Source {
	s.Channel, s.Gateway = a.channel, a.gateway
	a.channel, a.gateway = "", false
	a.sources = append(a.sources, s)
	return s
}

// take counts an event, or leaves that to the sequences that may supersede
// what was found in it.
func (a *Analyzer) take(e *event) {
	a.blocked(e)
	if len(e.hits) == 0 {
		for _, s := range e.signatures {
			a.count(s, e)
		}
		return
	}
	var kept *event
	if a.c.shows(e.hits) {
		kept = new(*e)
	}
	for _, s := range e.signatures {
		if kept == nil || !a.c.maySupersede(e.hits, s) {
			a.count(s, e)
			continue
		}
		kept.open = append(kept.open, s)
	}
	a.sequence.Add(kept, e.hits)
}

// settle is called when the sequences have seen an event: completed are those
// that it completes. An event that can complete none is nil.
func (a *Analyzer) settle(e *event, completed []*sigma.Rule) {
	if e == nil {
		return
	}
	var out []int
	for _, rule := range completed {
		s := a.c.byRule[rule]
		a.count(s, e)
		out = append(out, a.c.superseded[s]...)
	}
	for _, s := range e.open {
		if !slices.Contains(out, s) {
			a.count(s, e)
		}
	}
}

// count adds an event to a finding.
func (a *Analyzer) count(signature int, e *event) {
	t := a.findings[signature]
	if t == nil {
		t = newTally(e.evidence.Time, len(a.c.signatures[signature].Captures))
		a.findings[signature] = t
	}
	if a.options.Counted != nil {
		a.options.Counted(a.c.signatures[signature], e.log, e.place)
	}
	t.count++
	if a.clock != nil {
		a.clock.problem(signature, e.evidence.Time)
	}
	if !e.likely {
		t.certain++
	}
	if a.c.signatures[signature].Wraps && e.within != noSignature {
		t.within[a.c.signatures[e.within]]++
	}
	at := e.evidence.Time
	if at.Before(t.first) {
		t.first = at
	}
	if at.After(t.last) {
		t.last = at
	}
	t.keep(e.evidence, a.options.Evidence)
	a.locate(t, signature, e)
	for _, v := range e.captures {
		if v.signature == signature {
			t.capture(v)
		}
	}
}

// blocked counts an event for each address that it tells to be blocked. The problem is the one that the event shows, also where another
// signature, which says less, knows the address.
func (a *Analyzer) blocked(e *event) {
	var seen []endpointKey
	for _, v := range e.blocked {
		key := endpointKey{v.address, v.port}
		if v.address == "" || slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		signature := v.signature
		if !slices.Contains(e.signatures, signature) && len(e.signatures) > 0 {
			signature = e.signatures[0]
		}
		a.ends.add(key, a.c.signatures[signature], &e.evidence)
	}
}

// locate notes on which computer an event was and, where what ends the problem
// speaks of a thing, of which thing.
func (a *Analyzer) locate(t *tally, signature int, e *event) {
	at := place{computer: e.evidence.Computer}
	for _, end := range a.c.ended[signature] {
		if at.thing == "" {
			at.thing = a.c.signatures[end].Tells.thing([]byte(e.evidence.Message))
		}
	}
	t.locate(at, instant{e.evidence.Time, e.evidence.RecordID})
}

// Analysis ends the analysis and returns what came of it. since and until are
// the time that was asked for, each zero if it was not.
func (a *Analyzer) Analysis(since, until time.Time) *Analysis {
	a.sequence.Flush()
	out := &Analysis{
		From: since, To: until, Asked: since, Sources: a.sources, ReportIDs: a.ids, Status: a.signs.statuses(),
		Findings: a.sortedFindings(), Endpoints: a.ends.sorted(),
		Groups: a.groups.sorted(a.c.signatures), Rest: a.groups.rest,
	}
	for i := range out.Groups {
		a.inner.detail(&out.Groups[i].Example)
	}
	for i := range a.sources {
		out.Duplicates += a.sources[i].Duplicates
	}
	first, last := out.extent()
	if out.From.IsZero() {
		out.From = first
	}
	if out.To.IsZero() {
		out.To = last
	}
	if a.clock != nil {
		out.Timeline = a.clock.timeline(out.From, out.To)
		counts := a.clock.ofProblems(&out.Timeline)
		for i := range out.Findings {
			f := &out.Findings[i]
			f.Timeline = counts[a.c.byRule[f.Signature.Rule]]
		}
	}
	out.Computers = out.computers()
	return out
}

func (a *Analyzer) sortedFindings() []Finding {
	var all []Finding
	for i, t := range a.findings {
		if t != nil {
			f := t.finding(a.c.signatures[i])
			for i := range f.Evidence {
				a.inner.detail(&f.Evidence[i])
			}
			a.settleFinding(&f, t, a.c.ended[i])
			all = append(all, f)
		}
	}
	explain(all)
	slices.SortStableFunc(all, worstFirst)
	return slices.DeleteFunc(all, func(f Finding) bool {
		level := f.Signature.Rule.Level
		return level != sigma.LevelNone && level < a.options.Severity
	})
}

// settleFinding decides whether a problem goes on. It is over when it is so on each
// computer, and with each thing, that it was seen with.
func (a *Analyzer) settleFinding(f *Finding, t *tally, ends []int) {
	over, all := &Over{}, !t.crowded
	for at, seen := range t.places {
		sign, when, ok := a.signs.over(ends, at, seen.last)
		if seen.over = ok; !ok {
			all = false
			continue
		}
		s := a.c.signatures[sign]
		if when.time.After(over.Last) || when.time.Equal(over.Last) && (over.Sign == nil || s.Name < over.Sign.Name) {
			over.Sign, over.Last = s, when.time
		}
	}
	f.PerComputer = t.perComputer()
	if all {
		f.Ongoing, f.Over = false, over
	}
}

// worstFirst: what goes on first, then by severity, then by how often, then by how lately.
func worstFirst(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(ongoing(b), ongoing(a)),
		cmp.Compare(b.Signature.Rule.Level, a.Signature.Rule.Level),
		cmp.Compare(b.Count, a.Count),
		b.Last.Compare(a.Last),
		cmp.Compare(a.Signature.Name, b.Signature.Name),
	)
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

func ongoing(f Finding) int {
	if f.Ongoing {
		return 1
	}
	return 0
}
