package evtx

import "time"

// Stats sums up the records of a log, or of a part of it: all that are
// intact, whether they are wanted or not.
type Stats struct {
	Records     int
	Selected    int       // of these, those that fulfil the Selection of a Scanner or Buffer; its Any does not count
	First, Last time.Time // earliest and latest TimeCreated; zero if there is none

	// LowestID and HighestID are the ends of the EventRecordIDs; 0 if there
	// is none. A log that lost nothing in between has Records of them.
	LowestID, HighestID uint64

	// Stale is the number of complete records in unused space, which are no
	// part of the log: left by an older lap of a log that has wrapped, by
	// a log that was saved as a selection, by one that was cleared. Of these,
	// BeforeClear are older than the log as it is now. Reader.Recover yields
	// those that can be read; they are then among Records too.
	Stale, BeforeClear int

	// Hidden is the number of complete records inside of others. Windows
	// writes none; there is a tool that hides events that way.
	Hidden int

	// Absent is the number of records that chunks count in their headers
	// and that are not there, although the checksums are right.
	Absent int

	numbers *numbering // nil if there is no record
}

// Add adds other, which follows in the log, to s. Of two copies of s only one
// may be added to.
func (s *Stats) Add(other Stats) {
	s.Records += other.Records
	s.Selected += other.Selected
	if s.First.IsZero() || !other.First.IsZero() && other.First.Before(s.First) {
		s.First = other.First
	}
	if other.Last.After(s.Last) {
		s.Last = other.Last
	}
	if s.LowestID == 0 || other.LowestID != 0 && other.LowestID < s.LowestID {
		s.LowestID = other.LowestID
	}
	s.HighestID = max(s.HighestID, other.HighestID)
	s.Stale += other.Stale
	s.BeforeClear += other.BeforeClear
	s.Hidden += other.Hidden
	s.Absent += other.Absent
	s.numbers = s.numbers.plus(other.numbers)
}

// stats is Stats in the making, with FILETIMEs.
type stats struct {
	records     int
	selected    int // with a filter
	first, last uint64
	timed       bool
	low, high   uint64 // EventRecordIDs, 0 if there is none
	stale       int
	beforeClear int
	hidden      int
	absent      int
	numbers     numbering
}

// see takes a record in, of which only the fields of System are looked at.
// fresh tells that it is the first of its chunk. Nearly all follow the last one
// in number and time: of these only the ends move.
func (s *stats) see(r *Record, fresh bool) {
	s.records++
	ticks, timed := r.ticks()
	id, n := r.EventRecordID(), &s.numbers
	if id == n.last.id+1 && ticks-n.last.ticks < leastSilence && len(n.runs) > 0 && !r.recovered {
		n.last = point{id, ticks}
		s.high, s.last = max(s.high, id), max(s.last, ticks)
		return
	}
	if id != 0 && !r.recovered {
		n.see(point{id, ticks}, fresh)
	}
	s.number(id)
	s.time(ticks, timed)
}

// number takes in a number that may be the highest or the lowest.
func (s *stats) number(id uint64) {
	if id == 0 {
		return
	}
	if s.low == 0 || id < s.low {
		s.low = id
	}
	s.high = max(s.high, id)
}

// time does the same for a time.
func (s *stats) time(ticks uint64, timed bool) {
	switch {
	case !timed:
	case !s.timed:
		s.first, s.last, s.timed = ticks, ticks, true
	default:
		s.first, s.last = min(s.first, ticks), max(s.last, ticks)
	}
}

// takeStats returns what was counted and starts anew.
func (w *walker) takeStats() Stats {
	s := &w.stats
	out := Stats{
		Records: s.records, Selected: s.records, LowestID: s.low, HighestID: s.high,
		Stale: s.stale, BeforeClear: s.beforeClear, Hidden: s.hidden, Absent: s.absent,
		numbers: s.numbers.clone(),
	}
	if s.timed {
		out.First, out.Last = fileTime(s.first), fileTime(s.last)
	}
	if w.filter != nil {
		out.Selected = s.selected
	}
	s.numbers.reset()
	*s = stats{numbers: s.numbers}
	return out
}
