package matcher

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// A tally is a finding in the making.
type tally struct {
	count       int
	certain     int // of them: not only likely
	first, last time.Time
	evidence    []Evidence // a ring once it is full
	next        int        // where the next one goes
	captures    []*values
	within      map[*Signature]int // how often each said why
	places      map[place]*presence
	crowded     bool // there are more places than are kept
}

// A presence is how often a problem was seen at a place, and when.
type presence struct {
	count int
	first time.Time
	last  instant
	over  bool // as far as is known when the logs end
}

func newTally(at time.Time, captures int) *tally {
	return &tally{first: at, last: at, captures: make([]*values, captures), within: make(map[*Signature]int), places: make(map[place]*presence)}
}

// locate notes where an event was.
func (t *tally) locate(at place, when instant) {
	have, ok := t.places[at]
	switch {
	case !ok && len(t.places) >= maxValues:
		t.crowded = true
		return
	case !ok:
		have = &presence{first: when.time, last: when}
		t.places[at] = have
	case when.compare(have.last) > 0:
		have.last = when
	}
	if when.time.Before(have.first) {
		have.first = when.time
	}
	have.count++
}

// perComputer is how it is on each computer, by name, and with Count for what places say nothing of.
func (t *tally) perComputer() []OnComputer {
	by := make(map[string]*OnComputer)
	rest := t.count
	for at, seen := range t.places {
		on := by[at.computer]
		if on == nil {
			on = &OnComputer{Computer: at.computer, First: seen.first}
			by[at.computer] = on
		}
		on.Count += seen.count
		on.Ongoing = on.Ongoing || !seen.over
		if seen.first.Before(on.First) {
			on.First = seen.first
		}
		if seen.last.time.After(on.Last) {
			on.Last = seen.last.time
		}
		rest -= seen.count
	}
	var all []OnComputer
	for _, name := range slices.Sorted(maps.Keys(by)) {
		all = append(all, *by[name])
	}
	if rest > 0 {
		all = append(all, OnComputer{Count: rest, First: t.first, Last: t.last, Ongoing: true})
	}
	return all
}

// computers are those of the places, by name.
func (t *tally) computers() []string {
	var names []string
	for at := range t.places {
		if at.computer != "" {
			names = append(names, at.computer)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// values counts the different values of a capture.
type values struct {
	count map[string]int
}

// maxValues is how many different values a capture keeps, and places a finding.
const maxValues = 1000

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

func (t *tally) finding(s *Signature) Finding {
	f := Finding{
		Signature: s, Count: t.count, Likely: t.certain == 0, First: t.first, Last: t.last, Computers: t.computers(), Ongoing: true,
	}
	f.Within, f.WithinAll = t.reasons()
	f.Evidence = append(slices.Clone(t.evidence[t.next:]), t.evidence[:t.next]...)
	for i, values := range t.captures {
		if values != nil {
			f.Captures = append(f.Captures, Captured{s.Captures[i].Name, values.sorted()})
		}
	}
	return f
}

// reasons are the signatures that said why, the most frequent first, and
// whether one did of each event.
func (t *tally) reasons() (reasons []*Signature, all bool) {
	said := 0
	for s, n := range t.within {
		reasons = append(reasons, s)
		said += n
	}
	slices.SortFunc(reasons, func(a, b *Signature) int {
		return cmp.Or(cmp.Compare(t.within[b], t.within[a]), cmp.Compare(a.Name, b.Name))
	})
	return reasons, said == t.count
}
