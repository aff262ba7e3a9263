package matcher

import (
	"slices"

	"github.com/gwlogs/gwlogs/sigma"
)

// A sequence puts the hits of correlations into the order of time before they
// are followed: logs come one after the other, a live log that has wrapped
// begins with its newest events, and clocks are set back. What it holds is
// bounded; hits that lie further apart in the logs than that are followed in
// the order in which they come.
type sequence struct {
	correlator *sigma.Correlator
	settle     func(*event, []*sigma.Rule)
	waiting    []waiting
}

// waiting is a hit that has not been followed yet.
type waiting struct {
	hit   sigma.Hit
	event *event // to be settled when its last hit has been followed; nil for one that is no evidence
	last  bool
}

// maxWaiting is how many hits are put into order: with a sign of life every
// two hours, those of years.
const maxWaiting = 1 << 16

func newSequence(set *sigma.Set, settle func(*event, []*sigma.Rule)) *sequence {
	return &sequence{correlator: set.Correlator(), settle: settle}
}

func (s *sequence) add(h sigma.Hit, e *event, last bool) {
	if len(s.waiting) == maxWaiting {
		s.follow(maxWaiting / 2)
	}
	s.waiting = append(s.waiting, waiting{h, e, last})
}

// end follows all that is waiting.
func (s *sequence) end() { s.follow(len(s.waiting)) }

// follow follows the earliest n.
func (s *sequence) follow(n int) {
	byTime := func(a, b waiting) int { return a.hit.Time.Compare(b.hit.Time) }
	if !slices.IsSortedFunc(s.waiting, byTime) {
		slices.SortStableFunc(s.waiting, byTime)
	}
	for _, w := range s.waiting[:n] {
		completed := s.correlator.Add(w.hit)
		if w.event == nil {
			continue
		}
		w.event.completed = append(w.event.completed, completed...)
		if w.last {
			s.settle(w.event, w.event.completed)
		}
	}
	s.waiting = slices.Delete(s.waiting, 0, n)
}
