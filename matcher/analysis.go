package matcher

import (
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// An Analysis is all that there is to say about logs, however it is shown.
type Analysis struct {
	// From and To are the time that was looked at: as it was asked for,
	// otherwise that of the first and the last event. Zero if there was none.
	From, To time.Time
	Asked    time.Time // what From was asked to be; zero if it was not

	Sources   []Source
	Computers []string // of the gateways, the findings and the report IDs, by name

	Status    []Status  // of each gateway, by the name of its computer
	Findings  []Finding // those that go on first, the worst first
	Endpoints []Endpoint
	ReportIDs []ReportID

	// Groups are errors by what they say, the most frequent first: those
	// that no signature explains. With Options.Detail they are all errors,
	// and behind them all warnings.
	Groups []Group
	Rest   Rest // what found no room in Groups

	Timeline Timeline // with Options.Detail

	// Duplicates is how many events were in more than one log: they count once.
	Duplicates int
}

// A Source is a log that was looked at. Its Stats are of all its events,
// Selected of those that were looked at.
type Source struct {
	Name    string
	Channel string // of its first event that was looked at
	evtx.Stats
	Damaged    int  // places
	Duplicates int  // events that were in a log before, and do not count
	Failed     bool // it could not be read, or not to its end
	Gateway    bool // it is of a gateway: one of its events was in a gateway's channel, or told of a known problem
}

// Missing is how many records are not there, by their numbers.
func (s *Source) Missing() uint64 {
	if s.LowestID == 0 || s.HighestID-s.LowestID < uint64(s.Records) {
		return 0
	}
	return s.HighestID - s.LowestID + 1 - uint64(s.Records)
}

// Uncovered is the time that was asked for, but lies before the first event
// of all logs. ok is false if there is none.
func (a *Analysis) Uncovered() (from, to time.Time, ok bool) {
	first, _ := a.extent()
	return a.Asked, first, !a.Asked.IsZero() && first.After(a.Asked)
}

// extent is the time of the first and of the last event of all logs.
func (a *Analysis) extent() (first, last time.Time) {
	var sum evtx.Stats
	for i := range a.Sources {
		sum.Add(a.Sources[i].Stats)
	}
	return sum.First, sum.Last
}

// LastEvent is the time of the last event of all logs; zero if there is none.
func (a *Analysis) LastEvent() time.Time {
	_, last := a.extent()
	return last
}

// GatewayLogs is how many of the logs are a gateway's.
func (a *Analysis) GatewayLogs() int {
	n := 0
	for i := range a.Sources {
		if a.Sources[i].Gateway {
			n++
		}
	}
	return n
}

// Ongoing is how many findings go on: they are the first.
func (a *Analysis) Ongoing() int {
	n := 0
	for n < len(a.Findings) && a.Findings[n].Ongoing {
		n++
	}
	return n
}

// LogCount is how many of the logs are of a channel.
type LogCount struct {
	Channel string // empty if it is not known
	Count   int
}

// Logs counts the logs by channel, the most frequent first.
func (a *Analysis) Logs() []LogCount {
	var counts []LogCount
	for i := range a.Sources {
		channel := a.Sources[i].Channel
		at := slices.IndexFunc(counts, func(c LogCount) bool { return c.Channel == channel })
		if at < 0 {
			counts = append(counts, LogCount{Channel: channel})
			at = len(counts) - 1
		}
		counts[at].Count++
	}
	slices.SortStableFunc(counts, func(a, b LogCount) int { return b.Count - a.Count })
	return counts
}

// Unexplained are the errors of Groups that no signature explains.
func (a *Analysis) Unexplained() []Group {
	return slices.DeleteFunc(slices.Clone(a.Groups), func(g Group) bool { return g.Signature != nil || !isError(g.Level) })
}

// computers are those of the gateways, the findings and the report IDs, by name.
func (a *Analysis) computers() []string {
	var names []string
	for _, s := range a.Status {
		names = append(names, s.Computer)
	}
	for i := range a.Findings {
		names = append(names, a.Findings[i].Computers...)
	}
	for _, r := range a.ReportIDs {
		names = append(names, r.Computer)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

// UnexplainedErrors is how many errors no signature explains.
func (a *Analysis) UnexplainedErrors() int {
	n := a.Rest.Unexplained
	for _, g := range a.Unexplained() {
		n += g.Count
	}
	return n
}

// A Finding is a known problem that was found.
type Finding struct {
	Signature   *Signature
	Count       int
	Likely      bool // all its events were cut off: what is left of them decides for it, without proof
	First, Last time.Time
	Computers   []string // by name
	PerComputer []OnComputer
	Ongoing     bool  // nothing tells that it is over
	Over        *Over // what does tell; nil if it goes on
	Captures    []Captured
	Evidence    []Evidence // the last of them, in the order of the logs
	Timeline    []int      // how many in each bucket of Analysis.Timeline; with Options.Detail, nil if none was in its time

	// Within are the problems that its events have inside, where the signature
	// only wraps them, the most frequent first; WithinAll if each event has one.
	Within    []*Signature
	WithinAll bool

	// Explained are other problems found in the same logs that tell why.
	Explained []*Signature
}

// OnComputer is how a problem is on one computer.
type OnComputer struct {
	Computer    string // empty: events that do not say, and, behind the others, of places beyond those that are kept
	Count       int
	First, Last time.Time
	Ongoing     bool // nothing tells that it is over there
}

// Captured is what was pulled out of a finding's events, without repetition.
type Captured struct {
	Name   string
	Values []string
}

// Evidence is an event that shows a problem.
type Evidence struct {
	Source   string
	Channel  string
	Computer string
	RecordID uint64
	EventID  uint16
	Level    evtx.Level
	Time     time.Time
	Detail   Detail // of a finding's evidence, and of an example
	Message  string // the event's text, cut to maxMessage bytes
	Cause    string // the innermost message in it, on one line
}

// maxMessage is how much of an event's text evidence keeps, in bytes: more
// than Windows lets a classic event have in one string (31,839 characters),
// unless all of them are foreign.
const maxMessage = 64 << 10

// A ReportID is the trace of logs that were sent to support.
type ReportID struct {
	ID       string
	Time     time.Time
	Computer string
	Channel  string
	RecordID uint64
	Source   string
	Sent     string // when and where a bundle was sent, in words; empty for one in a log
}

// A Group is events that say the same but for names and numbers.
type Group struct {
	Signature   *Signature // the known problem that they belong to; nil for none
	Channel     string
	Provider    string
	EventID     uint16
	Level       evtx.Level
	Shape       string // what they have in common: a key, no text for people
	Key         GroupKey
	Count       int
	First, Last time.Time
	Example     Evidence // the first of them; its Message cut to maxExample bytes
	XML         string   // the example whole, cut to maxExampleXML bytes; with Options.Detail

	// Occurrences are the last of its events, in the order of the logs; with Options.Detail. All groups together keep
	// a number of them that a page has room for.
	Occurrences []Occurrence
}

// An Occurrence is one event of a Group, told in little.
type Occurrence struct {
	Source   string
	Computer string
	RecordID uint64
	Time     time.Time // zero if it is not known
	Text     string    // of the event, on one line, cut to maxOccurrence bytes
}

// Rest counts events of kinds beyond the number that is kept.
type Rest struct {
	Unexplained int // errors that no signature explains
	Other       int // with Options.Detail: explained errors, and warnings
}

// Timeline counts events over time. It has no buckets if the time is not known.
type Timeline struct {
	From, To time.Time
	Step     time.Duration // of a bucket
	Buckets  []TimelineBucket
}

// A TimelineBucket is the time from From + i×Step on, i being its index.
type TimelineBucket struct {
	Errors   int // critical ones too
	Warnings int
	Other    int // 0 in all three: nothing was logged, a gap
}
