package sigma

import (
	"iter"
	"slices"
	"time"
)

// A Correlator follows the correlations of a set over events, and says which of
// them complete one. T is what the caller knows an event by: its record number,
// say, or a pointer to what is kept of it. A Correlator belongs to one goroutine.
//
// The events may come in any order: logs come one after the other, a log that
// has wrapped begins with its newest events, clocks are set back. A Correlator
// puts them into the order of time before it follows them; what it holds for
// that is bounded, and events that lie further apart than 65,536 hits are
// followed in the order in which they come. So what an event completes is only
// known later, at the latest after Flush.
//
// The specification says when a correlation matches, and leaves open how often.
// Here every event at which the condition holds completes it, not the first
// alone: of a sequence, each event of its last rule behind events of the others.
// An engine that reports one result for each group and timespan says less often,
// and the same.
//
// In memory are the last 10,000 groups of each correlation, and of each group
// no more times or values than its condition needs to be decided.
type Correlator[T any] struct {
	set      *Set
	follower *follower
	matcher  *Matcher // for Match
	settle   func(event T, completed []*Rule)

	waiting   []waiting[T]
	hits      int // of waiting
	completed []*Rule
}

// waiting is an event that has not been followed yet.
type waiting[T any] struct {
	event T
	hits  []Hit
}

func (w *waiting[T]) time() time.Time { return w.hits[0].time }

// maxWaiting is how many hits are put into order: with one every two hours,
// those of years.
const maxWaiting = 1 << 16

// NewCorrelator returns a Correlator that calls settle once for each event with
// hits, in the order of time. completed are the correlations that the event
// completes, those of correlations included, each once and only those that are
// results of their own (Set.Reports); often there are none. It is valid until
// settle returns.
func NewCorrelator[T any](s *Set, settle func(event T, completed []*Rule)) *Correlator[T] {
	return &Correlator[T]{set: s, follower: newFollower(s), settle: settle}
}

// Match looks at an event as Set.Match does, and lets the correlations have it:
// e.Time has to be set. The rules that it returns match the event alone; what it
// completes goes to settle.
func (c *Correlator[T]) Match(event T, e System, values iter.Seq2[string, string]) []*Rule {
	if c.matcher == nil {
		c.matcher = c.set.Matcher()
	}
	matched := c.matcher.matchValues(e, values)
	if len(matched) == 0 {
		return nil
	}
	var hits []Hit
	for _, rule := range matched {
		hits = c.matcher.Hits(hits, rule, e.Time)
	}
	c.Add(event, hits)
	return c.set.reported(matched)
}

// Add takes the hits of an event, all that Matcher.Hits gave for it, and keeps
// the slice. Without hits it does nothing.
func (c *Correlator[T]) Add(event T, hits []Hit) {
	if len(hits) == 0 {
		return
	}
	if c.hits+len(hits) > maxWaiting {
		c.follow((len(c.waiting) + 1) / 2)
	}
	c.waiting = append(c.waiting, waiting[T]{event, hits})
	c.hits += len(hits)
}

// Flush follows all events that still wait: at the end.
func (c *Correlator[T]) Flush() { c.follow(len(c.waiting)) }

// follow follows the earliest n events.
func (c *Correlator[T]) follow(n int) {
	byTime := func(a, b waiting[T]) int { return a.time().Compare(b.time()) }
	if !slices.IsSortedFunc(c.waiting, byTime) {
		slices.SortStableFunc(c.waiting, byTime)
	}
	for _, w := range c.waiting[:n] {
		c.completed = c.completed[:0]
		for _, h := range w.hits {
			c.completed = c.follower.add(c.completed, h)
		}
		c.hits -= len(w.hits)
		c.settle(w.event, c.completed)
	}
	c.waiting = slices.Delete(c.waiting, 0, n)
}
