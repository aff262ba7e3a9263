package evtx

import "time"

// Stats sums up the records of a log, or of a part of it: all that are
// intact, whether they are wanted or not.
type Stats struct {
	Records     int
	Selected    int       // of these, those that fulfil the Selection of a Scanner
	First, Last time.Time // earliest and latest TimeCreated; zero if there is none

	// LowestID and HighestID are the ends of the EventRecordIDs; 0 if there
	// is none. A log that lost nothing in between has Records of them.
	LowestID, HighestID uint64
}

// Add adds other to s.
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
}

// stats is Stats in the making, with FILETIMEs.
type stats struct {
	records     int
	first, last uint64
	timed       bool
	low, high   uint64 // EventRecordIDs, 0 if there is none
}

func (s *stats) see(r *Record) {
	s.records++
	if id := r.EventRecordID(); id != 0 {
		if s.low == 0 || id < s.low {
			s.low = id
		}
		s.high = max(s.high, id)
	}
	ticks, ok := r.ticks()
	if !ok {
		return
	}
	if !s.timed {
		s.first, s.last, s.timed = ticks, ticks, true
		return
	}
	s.first, s.last = min(s.first, ticks), max(s.last, ticks)
}

// takeStats returns what was counted and starts anew.
func (w *walker) takeStats() Stats {
	s := &w.stats
	out := Stats{Records: s.records, Selected: s.records, LowestID: s.low, HighestID: s.high}
	if s.timed {
		out.First, out.Last = fileTime(s.first), fileTime(s.last)
	}
	if w.filter != nil {
		out.Selected, w.filter.selected = w.filter.selected, 0
	}
	*s = stats{}
	return out
}
