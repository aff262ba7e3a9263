package matcher

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A State is how a gateway is, as far as its log tells.
type State string

// The states: those that the portal and the Configuration Manager show, in
// their words. Unknown is one whose log does not tell.
const (
	Connected     State = "connected"
	Limited       State = "limited" // connected, but without what needs the relay, or the other nodes
	Offline       State = "offline" // not connected, or the service does not run
	NotRegistered State = "not-registered"
	Unknown       State = "unknown"
)

// states are those that a signature may tell.
func states() []State { return []State{Connected, Limited, Offline, NotRegistered} }

// A Tells is what an event of a signature says of the gateway on its computer,
// beside being a problem or not.
type Tells struct {
	// Sign says that the signature is a sign of life or of success alone: no
	// finding is made of it.
	Sign bool

	// State is how the gateway is from then on; empty if the event does not tell.
	State State

	// Ends are tags: a problem all of whose tags "gwlogs." are among them is
	// over when the sign comes after it, on the same computer.
	Ends []string

	// Same finds in a text what the sign speaks of, a task for one. Such a sign
	// only ends what the text of a problem says of the same thing.
	Same *ast.Regexp
}

// thing is what a text speaks of, by Same; empty for nothing in particular.
func (t *Tells) thing(text []byte) string {
	if t.Same == nil {
		return ""
	}
	m := t.Same.FindSubmatch(text)
	if m == nil {
		return ""
	}
	return strings.ToLower(string(m[len(m)-1]))
}

// tagPrefix begins the tags that say what a problem is about.
const tagPrefix = "gwlogs."

// ownTags are the tags of a signature that say what it is about.
func (s *Signature) ownTags() []string {
	return slices.DeleteFunc(slices.Clone(s.Rule.Tags), func(tag string) bool { return !strings.HasPrefix(tag, tagPrefix) })
}

// endedBy are the indices of the signatures whose events end a problem: those
// that it names, or else those that end all that its tags say it is about.
func endedBy(s *Signature, all []*Signature, byName map[string]int) []int {
	var ends []int
	if s.OverBy != nil {
		for _, name := range s.OverBy {
			if i, ok := byName[name]; ok {
				ends = append(ends, i)
			}
		}
		return ends
	}
	tags := s.ownTags()
	for i, other := range all {
		if len(tags) > 0 && !slices.ContainsFunc(tags, func(tag string) bool { return !slices.Contains(other.Tells.Ends, tag) }) {
			ends = append(ends, i)
		}
	}
	return ends
}

// An instant is when something was logged: a time and, as logs of old Windows
// count whole seconds, a record.
type instant struct {
	time   time.Time
	record uint64
}

func instantOf(rec *evtx.Record) instant { return instant{timeOf(rec), rec.EventRecordID()} }

func (a instant) compare(b instant) int {
	return cmp.Or(a.time.Compare(b.time), cmp.Compare(a.record, b.record))
}

// A place is where a sign was seen, or a problem: on a computer, and of a thing
// if it speaks of one.
type place struct {
	computer  string
	signature int
	thing     string
}

// A stay is a gateway in one state for a while: as far as events tell, from the first to the last of them.
type stay struct {
	computer    string
	state       State
	first, last instant
	event       Evidence // the first
}

// signs are what a worker, or all of them, have seen of signs. Memory is
// bounded: of too many places only those seen first are known, of too many
// changes of state the latest.
type signs struct {
	latest    map[place]instant
	stays     []stay
	open      map[string]int // by computer: index of its last stay; of a worker alone
	computers map[string]bool
	runtimes  map[string]Runtime // by computer
	last      string             // computer
}

const (
	maxPlaces    = 10_000
	maxStays     = 4096
	maxComputers = 10_000
)

func newSigns() *signs {
	return &signs{latest: make(map[place]instant), open: make(map[string]int), computers: make(map[string]bool),
		runtimes: make(map[string]Runtime)}
}

// see notes that there is a gateway on a computer.
func (s *signs) see(computer string) {
	if computer != s.last && len(s.computers) < maxComputers {
		s.last = strings.Clone(computer)
		s.computers[s.last] = true
	}
}

// note notes when a sign was seen last.
func (s *signs) note(at place, when instant) {
	have, ok := s.latest[at]
	if !ok && len(s.latest) >= maxPlaces || ok && when.compare(have) <= 0 {
		return
	}
	s.latest[at] = when
}

// seen reports whether a sign was seen anywhere.
func (s *signs) seen(signature int) bool {
	for at := range s.latest {
		if at.signature == signature {
			return true
		}
	}
	return false
}

// full reports whether the signs of a worker want to be taken.
func (s *signs) full() bool { return len(s.latest) >= maxPlaces || len(s.stays) >= maxStays }

// tell notes in which state a gateway is; event makes the evidence of a change.
func (s *signs) tell(computer string, state State, when instant, event func() Evidence) {
	if i, ok := s.open[computer]; ok && s.stays[i].state == state {
		stay := &s.stays[i]
		if when.compare(stay.last) > 0 {
			stay.last = when
		}
		if when.compare(stay.first) < 0 {
			stay.first, stay.event = when, event()
		}
		return
	}
	s.open[computer] = len(s.stays)
	s.stays = append(s.stays, stay{computer, state, when, when, event()})
}

// take takes what a worker has seen in a log, and empties it.
func (s *signs) take(from *signs, source string) {
	for computer := range from.computers {
		s.see(computer)
	}
	for computer, r := range from.runtimes {
		s.runs(computer, r)
	}
	for at, when := range from.latest {
		s.note(at, when)
	}
	for _, stay := range from.stays {
		stay.event.Source = source
		s.stays = append(s.stays, stay)
	}
	if len(s.stays) > 2*maxStays {
		s.settle(maxStays)
	}
	clear(from.latest)
	clear(from.open)
	clear(from.computers)
	clear(from.runtimes)
	clear(from.stays)
	from.last, from.stays = "", from.stays[:0]
}

// A stayEnd is one end of a stay.
type stayEnd struct {
	at, last instant // last: of what was put together
	of       int     // stay
	later    bool    // not its first event
}

// settle puts all stays into the order of time, and together what follows each
// other in the same state; of these the latest stay, most of them. Of a stay
// only its ends are known: where another begins in between, it goes on with its
// last event, whose text nobody kept.
func (s *signs) settle(most int) {
	var ends []stayEnd
	for i := range s.stays {
		one := &s.stays[i]
		if ends = append(ends, stayEnd{one.first, one.first, i, false}); one.first != one.last {
			ends = append(ends, stayEnd{one.last, one.last, i, true})
		}
	}
	slices.SortStableFunc(ends, func(a, b stayEnd) int { return a.at.compare(b.at) })
	current := make(map[string]int) // by computer: index in kept
	kept := ends[:0]
	for _, e := range ends {
		of := &s.stays[e.of]
		if i, ok := current[of.computer]; ok && s.stays[kept[i].of].state == of.state {
			kept[i].last = e.last
			continue
		}
		current[of.computer] = len(kept)
		kept = append(kept, e)
	}
	kept = kept[max(0, len(kept)-most):]
	settled := make([]stay, len(kept))
	for i, e := range kept {
		one := &settled[i]
		*one = s.stays[e.of]
		one.first, one.last = e.at, e.last
		if e.later {
			one.event.Time, one.event.RecordID, one.event.Message, one.event.Cause = e.at.time, e.at.record, "", ""
		}
	}
	s.stays = settled
}

// A Status is how the gateway on a computer is when the logs end.
type Status struct {
	Computer string
	State    State
	Since    time.Time // zero if it is unknown
	Last     time.Time // when the log last said so
	Event    *Evidence // that tells since when; nil if it is unknown
	Runtime  *Runtime  // its version; nil if the log does not name it
}

// statuses are those of all gateways, by the name of their computer.
func (s *signs) statuses() []Status {
	s.settle(len(s.stays) * 2)
	now := make(map[string]Status)
	for computer := range s.computers {
		now[computer] = Status{Computer: computer, State: Unknown}
	}
	for i := range s.stays { // the last of a computer is the one that counts
		stay := &s.stays[i]
		now[stay.computer] = Status{stay.computer, stay.state, stay.first.time, stay.last.time, &stay.event, nil}
	}
	all := make([]Status, 0, len(now))
	for _, status := range now {
		if r, ok := s.runtimes[status.Computer]; ok {
			status.Runtime = &r
		}
		all = append(all, status)
	}
	slices.SortFunc(all, func(a, b Status) int { return cmp.Compare(a.Computer, b.Computer) })
	return all
}

// An Over tells by what a problem is over.
type Over struct {
	Sign *Signature
	Last time.Time // when it was seen last
}

// over finds the sign that came after a problem was last seen at a place. ok is
// false if there is none: it goes on.
func (s *signs) over(ends []int, at place, last instant) (signature int, when instant, ok bool) {
	if last.time.IsZero() {
		return 0, when, false
	}
	things := []string{""}
	if at.thing != "" {
		things = append(things, at.thing)
	}
	for _, end := range ends {
		for _, thing := range things {
			seen, known := s.latest[place{at.computer, end, thing}]
			if known && seen.compare(last) > 0 && (!ok || seen.compare(when) > 0) {
				signature, when, ok = end, seen, true
			}
		}
	}
	return signature, when, ok
}
