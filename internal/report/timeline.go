package report

import "time"

// maxBuckets is how many bars a timeline has at most: more than that cannot
// be told apart on a page.
const maxBuckets = 170

// timelineSteps are what a bucket may be long, but for logs of more than 13
// years: those take multiples of the last.
var timelineSteps = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, day, 7 * day, 30 * day,
}

const day = 24 * time.Hour

// A TimelineCollector counts events into the buckets of a timeline. It is for
// one goroutine at a time; several are put together with Merge.
type TimelineCollector struct {
	from, to time.Time // what is counted, both included
	timeline Timeline
}

// NewTimeline returns a collector for the time from one to the other, both
// included. It counts nothing if one of them is zero, or they are the wrong
// way round. The first bucket begins at a whole step, so it may be earlier.
func NewTimeline(from, to time.Time) *TimelineCollector {
	c := &TimelineCollector{from: from.UTC(), to: to.UTC()}
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return c
	}
	step, n := timelineStep(c.from, c.to)
	c.timeline = Timeline{From: c.from.Truncate(step), To: c.to, Step: step, Buckets: make([]TimelineBucket, n)}
	return c
}

// timelineStep is the shortest step that makes few enough buckets, and how many.
func timelineStep(from, to time.Time) (time.Duration, int) {
	for _, step := range timelineSteps {
		if n := steps(from.Truncate(step), to, step); n < maxBuckets {
			return step, int(n) + 1
		}
	}
	longest := timelineSteps[len(timelineSteps)-1]
	step := longest * time.Duration(steps(from, to, longest)/(maxBuckets-1)+1)
	return step, int(steps(from.Truncate(step), to, step)) + 1
}

// steps is how many whole steps lie between two times. It counts seconds: a
// time.Duration ends at 292 years, the times of a damaged log do not.
func steps(from, to time.Time, step time.Duration) int64 {
	return (to.Unix() - from.Unix()) / int64(step/time.Second)
}

// Add counts an event. One outside of the timeline is not counted.
func (c *TimelineCollector) Add(level uint8, t time.Time) {
	if len(c.timeline.Buckets) == 0 || t.Before(c.from) || t.After(c.to) {
		return
	}
	b := &c.timeline.Buckets[steps(c.timeline.From, t, c.timeline.Step)]
	switch level {
	case 1, 2:
		b.Errors++
	case 3:
		b.Warnings++
	default:
		b.Other++
	}
}

// Merge counts what another collector of the same times has counted. Of one
// of other times, it takes the buckets that begin within its own.
func (c *TimelineCollector) Merge(from *TimelineCollector) {
	if from == nil || len(c.timeline.Buckets) == 0 {
		return
	}
	for i, b := range from.timeline.Buckets {
		start := from.timeline.start(i)
		if start.Before(c.timeline.From) || start.After(c.to) {
			continue
		}
		to := &c.timeline.Buckets[steps(c.timeline.From, start, c.timeline.Step)]
		to.Errors += b.Errors
		to.Warnings += b.Warnings
		to.Other += b.Other
	}
}

// Timeline is what was counted so far.
func (c *TimelineCollector) Timeline() Timeline {
	t := c.timeline
	t.Buckets = append([]TimelineBucket(nil), t.Buckets...)
	return t
}

// start is when bucket i begins.
func (t *Timeline) start(i int) time.Time {
	return time.Unix(t.From.Unix()+int64(i)*int64(t.Step/time.Second), 0).UTC()
}
