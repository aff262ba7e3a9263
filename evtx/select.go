package evtx

import (
	"slices"
	"time"
)

// A Selection says which events are wanted. The zero value wants them all;
// of what is set, everything must hold.
type Selection struct {
	Since, Until time.Time // of TimeCreated, both inclusive; zero for no limit
	IDs          []IDRange // event identifiers
	Levels       []Level   // event levels; an event of level 0 counts as 4, information
	Keywords     Keywords  // one of these at least; 0 for any event

	// Names are in any case; * stands for any text in them, ? for one character. One of each list.
	Providers []string
	Channels  []string
	Computers []string // also without its domain: GW01 is GW01.contoso.local

	Contains []string // each occurs in one of the event's values, in any case

	// Not: none of these holds. An empty one refuses every event.
	Not []Selection

	// From, unless it is nil, says whether events of a channel and a provider
	// are wanted. It is called by several goroutines at once, and not again
	// for an event that has both from the one before.
	From func(channel, provider string) bool

	// Any, unless it is empty: at least one of these holds too. It narrows
	// what a Scanner visits; Stats.Selected counts without it.
	Any []Selection
}

// everything reports whether s wants all events.
func (s *Selection) everything() bool {
	return s.Since.IsZero() && s.Until.IsZero() && s.Keywords == 0 && len(s.Not) == 0 && s.From == nil &&
		len(s.IDs)+len(s.Levels)+len(s.Providers)+len(s.Channels)+len(s.Computers)+len(s.Contains) == 0 &&
		(len(s.Any) == 0 || slices.ContainsFunc(s.Any, func(a Selection) bool { return a.everything() }))
}

// An IDRange is the identifiers From to To, both included.
type IDRange struct{ From, To uint16 }

// A Filter decides which records a Selection wants, on their binary values:
// nothing is rendered. It belongs to one goroutine.
type Filter struct {
	since, until uint64 // FILETIME
	timed        bool
	ids          []IDRange
	levels       [256]bool
	anyLevel     bool
	keywords     Keywords
	names        []nameTest
	from         fromTest
	needles      []needle
	seen         []bool // which needles the current record has
	scratch      []byte // for the text of a value
	alternatives []*Filter
	exceptions   []*Filter

	needs []Field // fields that matchSystem looks at
	plans [quickPlans]*quickPlan
}

// A fromTest asks [Selection.From]. Names repeat, in a log of several providers not from one event to the next: answers are kept.
type fromTest struct {
	ask   func(channel, provider string) bool // nil: all are wanted
	last  origin
	ok    bool // of last
	known map[origin]bool
}

// An origin is where an event is from.
type origin struct{ channel, provider string }

const maxOrigins = 1000 // that are known; a log of more is nobody's

func (t *fromTest) wants(r *Record) bool {
	at := origin{r.Channel(), r.Provider()}
	if at == t.last && t.known != nil {
		return t.ok
	}
	ok, known := t.known[at]
	if !known {
		ok = t.ask(at.channel, at.provider)
		if t.known == nil || len(t.known) >= maxOrigins {
			t.known = make(map[origin]bool)
		}
		t.known[at] = ok
	}
	t.last, t.ok = at, ok
	return ok
}

// Filter returns a Filter for s.
func (s *Selection) Filter() *Filter {
	f := &Filter{
		timed:    !s.Since.IsZero() || !s.Until.IsZero(),
		until:    ^uint64(0),
		ids:      slices.Clone(s.IDs),
		anyLevel: len(s.Levels) == 0,
		keywords: s.Keywords,
	}
	if !s.Since.IsZero() {
		f.since = toFileTime(s.Since)
		if fileTime(f.since).Before(s.Since) {
			f.since++ // rounded down to 100 ns
		}
	}
	if !s.Until.IsZero() {
		f.until = toFileTime(s.Until)
	}
	for _, level := range s.Levels {
		f.levels[level] = true
	}
	f.levels[0] = f.levels[0] || f.levels[4]
	f.addNames(FieldProviderName, s.Providers)
	f.addNames(FieldChannel, s.Channels)
	f.addNames(FieldComputer, s.Computers)
	if f.keywords != 0 {
		f.needs = append(f.needs, FieldKeywords)
	}
	if f.from.ask = s.From; s.From != nil {
		f.needs = append(f.needs, FieldChannel, FieldProviderName)
	}
	f.needs = append(f.needs, FieldLevel, FieldEventID, FieldTimeCreated, FieldEventRecordID)
	for _, text := range s.Contains {
		if text != "" {
			f.needles = append(f.needles, newNeedle(text))
		}
	}
	for i := range s.Any {
		f.alternatives = append(f.alternatives, f.part(&s.Any[i]))
	}
	for i := range s.Not {
		f.exceptions = append(f.exceptions, f.part(&s.Not[i]))
	}
	return f
}

// part makes the filter of a selection that f consists of.
func (f *Filter) part(s *Selection) *Filter {
	p := s.Filter()
	f.needs = append(f.needs, p.needs...)
	return p
}

// A verdict is what a Filter makes of a record.
type verdict uint8

const (
	refused verdict = iota
	passed          // it fulfils the Selection but for Any: Stats.Selected counts it
	wanted
)

// Match reports whether the record is wanted. It asks nothing but the record, and
// changes nothing.
func (f *Filter) Match(r *Record) bool { return f.judge(r) == wanted }

func (f *Filter) judge(r *Record) verdict {
	if !f.matchSystem(r) || len(f.needles) > 0 && !f.matchText(r) {
		return refused
	}
	for _, e := range f.exceptions {
		if e.Match(r) {
			return refused
		}
	}
	for _, a := range f.alternatives {
		if a.Match(r) {
			return wanted
		}
	}
	if len(f.alternatives) > 0 {
		return passed
	}
	return wanted
}

// glance judges by the fields of System alone: wanted also means that they do
// not tell.
func (f *Filter) glance(r *Record) verdict {
	for _, e := range f.exceptions {
		if e.system() && e.Match(r) {
			return refused
		}
	}
	switch {
	case !f.matchSystem(r):
		return refused
	case len(f.alternatives) == 0 || len(f.needles) > 0:
		return wanted
	}
	for _, a := range f.alternatives {
		if a.glance(r) == wanted {
			return wanted
		}
	}
	return passed
}

// system reports whether f decides by the fields of System alone.
func (f *Filter) system() bool {
	more := func(p *Filter) bool { return !p.system() }
	return len(f.needles) == 0 && !slices.ContainsFunc(f.alternatives, more) && !slices.ContainsFunc(f.exceptions, more)
}

// matchSystem decides on the fields of System, but for Any and Not.
func (f *Filter) matchSystem(r *Record) bool {
	if !f.anyLevel && !f.levels[r.Level()] {
		return false
	}
	if len(f.ids) > 0 && !f.matchID(r.EventID()) {
		return false
	}
	if f.timed && !f.matchTime(r) {
		return false
	}
	if f.keywords != 0 && r.Keywords()&f.keywords == 0 {
		return false
	}
	for i := range f.names {
		n := &f.names[i]
		if name := r.string(n.field); name != n.last {
			n.last, n.ok = name, n.wants(name)
		}
		if !n.ok {
			return false
		}
	}
	return f.from.ask == nil || f.from.wants(r)
}

func (f *Filter) matchID(id uint16) bool {
	for _, r := range f.ids {
		if r.From <= id && id <= r.To {
			return true
		}
	}
	return false
}

// matchTime compares FILETIMEs. An event without a time is in no range.
func (f *Filter) matchTime(r *Record) bool {
	ticks, ok := r.ticks()
	return ok && f.since <= ticks && ticks <= f.until
}

// matchText reports whether every needle is in some value of the event.
func (f *Filter) matchText(r *Record) bool {
	for i := range f.needles {
		if !f.needles[i].mayHave(r) {
			return false
		}
	}
	missing := len(f.needles)
	f.seen = slices.Grow(f.seen[:0], missing)[:missing]
	clear(f.seen)
	w := dataWalk{r: r, refs: r.data, vals: r.vals}
	for missing > 0 && w.next() {
		for i := range f.needles {
			if !f.seen[i] && f.needles[i].in(w.value, &f.scratch) {
				f.seen[i] = true
				missing--
			}
		}
	}
	return missing == 0
}
