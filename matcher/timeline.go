package matcher

import (
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// maxBuckets is how many bars a timeline has at most: more than that cannot
// be told apart on a page.
const maxBuckets = 170

// timelineSteps are what a bucket may be long, but for logs of more than 13
// years: those take multiples of the last.
var timelineSteps = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, day, 7 * day, 30 * day,
}

const day = 24 * time.Hour

// timelineStep is the shortest step that makes few enough buckets.
func timelineStep(from, to time.Time) time.Duration {
	for _, step := range timelineSteps {
		if steps(from.Truncate(step), to, step) < maxBuckets {
			return step
		}
	}
	longest := timelineSteps[len(timelineSteps)-1]
	return longest * time.Duration(steps(from, to, longest)/(maxBuckets-1)+1)
}

// steps is how many whole steps lie between two times. It counts seconds: a
// time.Duration ends at 292 years, the times of a damaged log do not.
func steps(from, to time.Time, step time.Duration) int64 {
	return (to.Unix() - from.Unix()) / int64(step/time.Second)
}

// Start is when bucket i begins.
func (t *Timeline) Start(i int) time.Time {
	return time.Unix(t.From.Unix()+int64(i)*int64(t.Step/time.Second), 0).UTC()
}

// Total sums up all buckets.
func (t *Timeline) Total() TimelineBucket {
	var sum TimelineBucket
	for _, b := range t.Buckets {
		sum.add(b)
	}
	return sum
}

func (b *TimelineBucket) add(other TimelineBucket) {
	b.Errors += other.Errors
	b.Warnings += other.Warnings
	b.Other += other.Other
}

func (b *TimelineBucket) count(level evtx.Level) {
	switch level {
	case evtx.LevelCritical, evtx.LevelError:
		b.Errors++
	case evtx.LevelWarning:
		b.Warnings++
	default:
		b.Other++
	}
}

// A clock counts events by time before anybody knows how long the timeline
// will be: by the minute, and when that makes too many by longer steps. The
// steps of a timeline of that many are longer still, and whole multiples.
type clock struct {
	step   int // of clockSteps
	counts map[int64]*TimelineBucket
	last   int64 // key of the last event
	bucket *TimelineBucket

	problems map[problemStep]int // events of each signature; of an Analyzer's clock alone
}

// A problemStep is a step of the clock in which a signature found something.
type problemStep struct {
	key       int64
	signature int
}

// clockSteps each fit a whole number of times into those of timelineSteps that a clock with maxClock counts leads to.
var clockSteps = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour,
	day, 30 * day, 300 * day}

const maxClock = 1 << 14 // and of 300 days no more than 40,000: FILETIME ends with the year 30828

// maxProblemSteps is how many steps of all signatures a clock counts before it goes on to longer ones.
const maxProblemSteps = 1 << 17

func newClock() *clock {
	return &clock{counts: make(map[int64]*TimelineBucket), problems: make(map[problemStep]int)}
}

// problem counts an event of a signature.
func (c *clock) problem(signature int, t time.Time) {
	if t.IsZero() {
		return
	}
	c.problems[problemStep{c.key(t), signature}]++
	for len(c.problems) > maxProblemSteps && c.step < len(clockSteps)-1 {
		c.coarsen()
	}
}

// add counts an event. One whose time is not known is not counted.
func (c *clock) add(level evtx.Level, t time.Time) {
	if t.IsZero() {
		return
	}
	key := c.key(t)
	if c.bucket == nil || key != c.last {
		c.last, c.bucket = key, c.at(key)
	}
	c.bucket.count(level)
}

// key is the number of the step that a time is in, from the year 1 on, as time.Truncate has it.
func (c *clock) key(t time.Time) int64 { return steps(time.Time{}, t, clockSteps[c.step]) }

func (c *clock) at(key int64) *TimelineBucket {
	b := c.counts[key]
	if b == nil {
		b = new(TimelineBucket)
		c.counts[key] = b
	}
	return b
}

func (c *clock) time(key int64) time.Time {
	return time.Unix(time.Time{}.Unix()+key*int64(clockSteps[c.step]/time.Second), 0).UTC()
}

// take takes what another clock has counted, and empties it.
func (c *clock) take(from *clock) {
	for c.step < from.step {
		c.coarsen()
	}
	for key, b := range from.counts {
		c.at(c.key(from.time(key))).add(*b)
	}
	clear(from.counts)
	from.bucket, c.bucket = nil, nil
	for len(c.counts) > maxClock && c.step < len(clockSteps)-1 {
		c.coarsen()
	}
}

// full reports whether a clock wants to be taken: nobody but another coarsens one.
func (c *clock) full() bool { return len(c.counts) >= maxClock }

// coarsen goes on to the next longer step.
func (c *clock) coarsen() {
	was := *c
	c.step++
	c.bucket, c.counts = nil, make(map[int64]*TimelineBucket)
	for key, b := range was.counts {
		c.at(c.key(was.time(key))).add(*b)
	}
	c.problems = make(map[problemStep]int, len(was.problems))
	for at, n := range was.problems {
		c.problems[problemStep{c.key(was.time(at.key)), at.signature}] += n
	}
}

// timeline is what was counted from one time to another, both included. The
// first bucket begins at a whole step, so it may be earlier. It is empty if
// one of the times is zero, or they are the wrong way round.
func (c *clock) timeline(from, to time.Time) Timeline {
	from, to = from.UTC(), to.UTC()
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return Timeline{}
	}
	step := max(timelineStep(from, to), clockSteps[c.step])
	t := Timeline{From: from.Truncate(step), To: to, Step: step}
	t.Buckets = make([]TimelineBucket, steps(t.From, to, step)+1)
	for key, b := range c.counts {
		if i, ok := c.bucketOf(&t, key); ok {
			t.Buckets[i].add(*b)
		}
	}
	return t
}

// bucketOf is the bucket of a timeline that a step of the clock lies in, false if in none.
func (c *clock) bucketOf(t *Timeline, key int64) (int64, bool) {
	at, end := c.time(key), c.time(key+1)
	if at.Before(t.From) {
		at = t.From // if it ends later: of ages alone
	}
	i := steps(t.From, at, t.Step)
	return i, end.After(t.From) && i < int64(len(t.Buckets))
}

// ofProblems counts the events of each signature in the buckets of a timeline.
func (c *clock) ofProblems(t *Timeline) map[int][]int {
	all := make(map[int][]int)
	for at, n := range c.problems {
		i, ok := c.bucketOf(t, at.key)
		if !ok {
			continue
		}
		if all[at.signature] == nil {
			all[at.signature] = make([]int, len(t.Buckets))
		}
		all[at.signature][i] += n
	}
	return all
}
