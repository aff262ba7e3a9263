package evtx

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Integrity is what a log shows of events that were in it once, or should be:
// that it was cleared, and where numbers or times do not follow each other.
// None of it is damage, and much has innocent reasons: a saved selection has
// gaps, and a computer that was off is silent.
type Integrity struct {
	// Clearings are the events that say that a log was cleared: 1102 (in
	// Security, of Security itself) and 104 (in System, of any other log).
	Clearings []Clearing

	// Emptied reports that the log has no record, and those of before lie in
	// its first chunk still.
	Emptied bool

	// Hidden are complete records inside of others, the first 64 of them; how
	// many there are, Stats.Hidden says. Windows writes none: there is a tool
	// that hides events so. Reader.Recover yields them.
	Hidden []HiddenRecord

	// Gaps are EventRecordIDs that are not in the log, though lower and
	// higher ones are, in rising order.
	Gaps []Gap

	// Backward are places where a lower EventRecordID follows a higher one,
	// in file order; the one seam of a log that has wrapped is none.
	Backward []Gap

	// Unordered reports that the numbers follow each other in no way, as those
	// of events that were forwarded from many computers do; Gaps and Backward
	// then say nothing, and are empty.
	Unordered bool

	// Silences are the longest times of a day or more between two events with
	// successive EventRecordIDs, longest first.
	Silences []Gap

	// ClockSetBack are the longest steps back in time, of a minute or more,
	// between two such events.
	ClockSetBack []Gap
}

// A Clearing is an event that says that a log was cleared.
type Clearing struct {
	Time          time.Time
	EventRecordID uint64
	Channel       string // what was cleared
	User          string // who did it: domain\name, as far as the event says
}

// A HiddenRecord is a record inside of another.
type HiddenRecord struct {
	Offset   int64  // in bytes from the start of the file
	Chunk    int    // index of the 64 KiB slot, from 0
	RecordID uint64 // identifier in its header
	InsideID uint64 // and in that of the record around it
}

// A Gap lies between two events.
type Gap struct {
	AfterID, BeforeID uint64    // their EventRecordIDs
	After, Before     time.Time // their TimeCreated; zero where an event has none
}

// Missing returns how many record numbers lie in the gap.
func (g Gap) Missing() uint64 {
	if g.BeforeID <= g.AfterID {
		return 0
	}
	return g.BeforeID - g.AfterID - 1
}

// Duration returns the time between the two events; 0 if one has none.
func (g Gap) Duration() time.Duration {
	if g.After.IsZero() || g.Before.IsZero() {
		return 0
	}
	return g.Before.Sub(g.After)
}

const (
	// Bounds for logs that are hostile, or have no order.
	maxRuns      = 1024
	maxGaps      = 64
	maxClearings = 64
	maxExtremes  = 4 // silences, and steps back, that are kept

	leastSilence = 24 * 3600 * ticksPerSecond
	leastSetBack = 60 * ticksPerSecond
)

// A point is an event in the order of numbers and times.
type point struct {
	id    uint64
	ticks uint64 // FILETIME; 0 if the event has none
}

// A run is events of which each has the number after that of the one before.
type run struct {
	first, last point
	chunk       bool // first is the first of its chunk
}

// numbering is the numbers and times of events in file order, as far as they
// tell what is missing. Its zero value is that of no events.
type numbering struct {
	runs      []run // in file order; the end of the last one is last
	last      point
	dropped   bool // there were more
	silences  []pair
	setBack   []pair
	clearings []Clearing
	hidden    []HiddenRecord
}

// isClearing reports whether an event with that identifier may say that a log
// was cleared.
func isClearing(id uint16) bool { return id == 104 || id == 1102 }

// saysCleared reports whether an event with such an identifier says so.
func (r *Record) saysCleared() bool {
	return strings.EqualFold(r.Provider(), "Microsoft-Windows-Eventlog")
}

// cleared takes in an event that says so.
func (n *numbering) cleared(r *Record) {
	if len(n.clearings) == maxClearings {
		return
	}
	c := Clearing{Time: r.TimeCreated(), EventRecordID: r.EventRecordID(), Channel: r.Channel()}
	var domain, user string
	for name, v := range r.All() {
		switch name {
		case "SubjectUserName":
			user = v.String()
		case "SubjectDomainName":
			domain = v.String()
		case "Channel":
			c.Channel = v.String()
		}
	}
	if c.User = user; domain != "" {
		c.User = domain + `\` + user
	}
	n.clearings = append(n.clearings, c)
}

// hide takes in a hidden record.
func (n *numbering) hide(h HiddenRecord) {
	if len(n.hidden) < maxGaps {
		n.hidden = append(n.hidden, h)
	}
}

// A pair is two events that follow each other.
type pair struct{ a, b point }

// see takes the next event in. first tells that it is the first of its chunk.
func (n *numbering) see(p point, first bool) {
	// A step back in time is a large number without a sign.
	d := p.ticks - n.last.ticks
	switch {
	case len(n.runs) == 0:
		n.runs = append(n.runs, run{p, p, first})
	case p.id != n.last.id+1:
		n.end()
		n.begin(run{p, p, first})
	case d >= leastSilence && d <= 1<<64-leastSetBack:
		n.step(n.last, p)
	}
	n.last = p
}

// end lets the current run end with the last event.
func (n *numbering) end() {
	if len(n.runs) > 0 {
		n.runs[len(n.runs)-1].last = n.last
	}
}

// begin notes the begin of a run. When there are too many, the last one stands
// for all that follow.
func (n *numbering) begin(r run) {
	if len(n.runs) < maxRuns {
		n.runs = append(n.runs, r)
		return
	}
	n.dropped = true
	n.runs[len(n.runs)-1] = r
}

// step notes an unusual time between two successive events.
func (n *numbering) step(a, b point) {
	if a.ticks == 0 || b.ticks == 0 {
		return
	}
	if b.ticks > a.ticks {
		n.silences = extreme(n.silences, pair{a, b})
	} else {
		n.setBack = extreme(n.setBack, pair{a, b})
	}
}

// extreme adds a pair to the few that lie farthest apart, farthest first.
func extreme(pairs []pair, p pair) []pair {
	apart := func(p pair) uint64 { return max(p.a.ticks, p.b.ticks) - min(p.a.ticks, p.b.ticks) }
	pairs = append(pairs, p)
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(apart(b), apart(a)) })
	return pairs[:min(len(pairs), maxExtremes)]
}

// plus returns n with what follows taken in. Either may be nil, and n is
// changed.
func (n *numbering) plus(o *numbering) *numbering {
	if o == nil {
		return n
	}
	if n == nil {
		return o.clone()
	}
	n.dropped = n.dropped || o.dropped
	for i, r := range o.runs {
		if i > 0 || len(n.runs) == 0 {
			n.end()
			n.begin(r)
			n.last = r.last
			continue
		}
		n.see(r.first, r.chunk)
		n.last = r.last
	}
	if len(o.runs) > 0 {
		n.last = o.last
	}
	for _, p := range o.silences {
		n.silences = extreme(n.silences, p)
	}
	for _, p := range o.setBack {
		n.setBack = extreme(n.setBack, p)
	}
	n.clearings = append(n.clearings, o.clearings[:min(len(o.clearings), maxClearings-len(n.clearings))]...)
	for _, h := range o.hidden {
		n.hide(h)
	}
	return n
}

// reset empties n for the next events and keeps its memory.
func (n *numbering) reset() {
	*n = numbering{runs: n.runs[:0], silences: n.silences[:0], setBack: n.setBack[:0], clearings: n.clearings[:0], hidden: n.hidden[:0]}
}

// clone returns a copy with memory of its own, nil of no events.
func (n *numbering) clone() *numbering {
	n.end()
	if len(n.runs)+len(n.clearings)+len(n.hidden) == 0 {
		return nil
	}
	return &numbering{slices.Clone(n.runs), n.last, n.dropped, slices.Clone(n.silences), slices.Clone(n.setBack),
		slices.Clone(n.clearings), slices.Clone(n.hidden)}
}

// Integrity returns what the records that s sums up show of others that were
// in the log, or should be.
func (s Stats) Integrity() Integrity {
	var n numbering
	if s.numbers != nil {
		n = *s.numbers
		n.runs = slices.Clone(n.runs) // those of s stay as they are: several goroutines may ask
	}
	n.end()
	in := Integrity{
		Clearings:    slices.Clone(n.clearings),
		Hidden:       slices.Clone(n.hidden),
		Emptied:      s.Records == 0 && s.BeforeClear > 0,
		Silences:     gaps(n.silences),
		ClockSetBack: gaps(n.setBack),
	}
	back := n.backward()
	// A tampered log has a few such places; one where every other event goes
	// back has events of several logs.
	if n.dropped && len(back) > 0 || len(back) > maxGaps/4 && len(back) > len(n.runs)/4 {
		in.Unordered = true
		return in
	}
	in.Backward = gaps(back[:min(len(back), maxGaps)])
	in.Gaps = n.gaps()
	return in
}

func gaps(pairs []pair) []Gap {
	var out []Gap
	for _, p := range pairs {
		out = append(out, Gap{p.a.id, p.b.id, p.a.time(), p.b.time()})
	}
	return out
}

func (p point) time() time.Time {
	if p.ticks == 0 {
		return time.Time{}
	}
	return fileTime(p.ticks)
}

// backward returns where numbers go back. A log that has wrapped does so once,
// between its newest and its oldest chunk, and its last number is then the one
// before its first.
func (n *numbering) backward() (back []pair) {
	seam := -1
	for i := 1; i < len(n.runs); i++ {
		a, b := n.runs[i-1].last, n.runs[i].first
		if b.id > a.id {
			continue
		}
		if n.runs[i].chunk && seam < 0 {
			seam = len(back)
		}
		back = append(back, pair{a, b})
	}
	if seam >= 0 {
		back = slices.Delete(back, seam, seam+1)
	}
	return back
}

// gaps returns the numbers that are in no run.
func (n *numbering) gaps() []Gap {
	runs := slices.Clone(n.runs)
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(a.first.id, b.first.id) })
	var missing []pair
	for i := 1; i < len(runs); i++ {
		prev := &runs[i-1]
		r := &runs[i]
		if prev.last.id > r.last.id { // r lies within prev
			r.last = prev.last
		}
		if r.first.id > prev.last.id+1 && len(missing) < maxGaps {
			missing = append(missing, pair{prev.last, r.first})
		}
	}
	return gaps(missing)
}
