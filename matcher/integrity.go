package matcher

import (
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// Integrity is what a log shows of events that were in it once, or should be, as JSON has it: see evtx.Integrity. Lists
// are never nil, and a time that is not known is null.
type Integrity struct {
	Cleared      []Clearing `json:"cleared"`              // events that say that a log was cleared
	Emptied      bool       `json:"emptied"`              // nothing is left but what was there before it was cleared
	BeforeClear  int        `json:"records_before_clear"` // of before it was cleared or begun, in its unused space
	Hidden       int        `json:"hidden_records"`       // inside of others
	Absent       int        `json:"absent_records"`       // that chunks count and do not have
	Gaps         []Gap      `json:"gaps"`                 // in record numbers, in their order
	Backward     []Gap      `json:"backward"`             // where a lower number follows a higher one
	Unordered    bool       `json:"unordered"`            // numbers have no order, and gaps do not show
	Silences     []Gap      `json:"silences"`             // of a day or more between successive numbers, longest first
	ClockSetBack []Gap      `json:"clock_set_back"`       // of a minute or more between such, longest first
}

// A Clearing is an event that says that a log was cleared.
type Clearing struct {
	Time     *time.Time `json:"time"`
	RecordID uint64     `json:"record_id"`
	Channel  string     `json:"channel"` // of the log that was cleared
	User     string     `json:"user"`    // who did it; empty if it is not known, or not for everybody
}

// A Gap lies between two events.
type Gap struct {
	After   uint64     `json:"after_record"`
	Before  uint64     `json:"before_record"`
	Missing uint64     `json:"missing"` // record numbers between them
	From    *time.Time `json:"from"`
	To      *time.Time `json:"to"`
}

// NewIntegrity returns what the records of a log show.
func NewIntegrity(s evtx.Stats) Integrity {
	in := s.Integrity()
	out := Integrity{
		Cleared: make([]Clearing, len(in.Clearings)), Emptied: in.Emptied, BeforeClear: s.BeforeClear, Hidden: s.Hidden, Absent: s.Absent,
		Gaps: newGaps(in.Gaps), Backward: newGaps(in.Backward), Unordered: in.Unordered,
		Silences: newGaps(in.Silences), ClockSetBack: newGaps(in.ClockSetBack),
	}
	for i, c := range in.Clearings {
		out.Cleared[i] = Clearing{knownTime(c.Time), c.EventRecordID, c.Channel, c.User}
	}
	return out
}

func newGaps(gaps []evtx.Gap) []Gap {
	out := make([]Gap, len(gaps))
	for i, g := range gaps {
		out[i] = Gap{g.AfterID, g.BeforeID, g.Missing(), knownTime(g.After), knownTime(g.Before)}
	}
	return out
}

func knownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
