package evtx

import (
	"slices"
	"strings"
	"time"
)

// A Selection says which events are wanted. The zero value wants them all;
// of what is set, everything must hold.
type Selection struct {
	Since, Until time.Time // of TimeCreated, both inclusive; zero for no limit
	IDs          []IDRange // event identifiers
	Levels       []Level   // event levels; an event of level 0 counts as 4, information
	Providers    []string  // one of these, in any case; likewise the next two
	Channels     []string
	Computers    []string
	Contains     []string // each occurs in one of the event's values, in any case

	// Any, unless it is empty: at least one of these holds too. It narrows
	// what a Scanner visits; Stats.Selected counts without it.
	Any []Selection
}

// everything reports whether s wants all events.
func (s *Selection) everything() bool {
	return s.Since.IsZero() && s.Until.IsZero() &&
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
	names        []nameTest
	needles      []needle
	seen         []bool // which needles the current record has
	alternatives []*Filter

	needs []Field // fields that matchSystem looks at
	last  quickPlan
}

// A nameTest is a set of wanted names for one field. Names repeat from record
// to record, so that the last answer is mostly right again.
type nameTest struct {
	field  Field
	wanted []string
	last   string
	ok     bool
}

// Filter returns a Filter for s.
func (s *Selection) Filter() *Filter {
	f := &Filter{
		timed:    !s.Since.IsZero() || !s.Until.IsZero(),
		until:    ^uint64(0),
		ids:      slices.Clone(s.IDs),
		anyLevel: len(s.Levels) == 0,
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
	for _, n := range []nameTest{
		{field: FieldProviderName, wanted: s.Providers},
		{field: FieldChannel, wanted: s.Channels},
		{field: FieldComputer, wanted: s.Computers},
	} {
		if len(n.wanted) > 0 {
			f.needs = append(f.needs, n.field)
			n.ok = n.wants("")
			f.names = append(f.names, n)
		}
	}
	f.needs = append(f.needs, FieldLevel, FieldEventID, FieldTimeCreated, FieldEventRecordID)
	for _, text := range s.Contains {
		if text != "" {
			f.needles = append(f.needles, newNeedle(text))
		}
	}
	for i := range s.Any {
		a := s.Any[i].Filter()
		f.alternatives = append(f.alternatives, a)
		f.needs = append(f.needs, a.needs...)
	}
	return f
}

func (n *nameTest) wants(name string) bool {
	return slices.ContainsFunc(n.wanted, func(w string) bool { return strings.EqualFold(w, name) })
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

// matchSystem decides on the fields of System, but for Any.
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
	for i := range f.names {
		n := &f.names[i]
		if name := r.string(n.field); name != n.last {
			n.last, n.ok = name, n.wants(name)
		}
		if !n.ok {
			return false
		}
	}
	return true
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
	missing := len(f.needles)
	f.seen = slices.Grow(f.seen[:0], missing)[:missing]
	clear(f.seen)
	w := dataWalk{r: r, refs: r.data, vals: r.vals}
	for missing > 0 && w.next() {
		for i := range f.needles {
			if !f.seen[i] && f.needles[i].in(w.value) {
				f.seen[i] = true
				missing--
			}
		}
	}
	return missing == 0
}
