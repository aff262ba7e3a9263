package eventlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/words"
)

// A pass by time takes each log to be in the order of time. One whose clock was set back is not: an event with a date in the future
// would hold back all that follow it until the other logs have ended. With [Pass.Sort] each log is therefore looked through before.
// Of one that is in order nothing is kept; of another, 16 bytes an event are: its time and its place, sorted. Its events are then
// read by their places, a chunk at a time as long as neighbours lie in the same. Backward, all logs are sorted.

// maxSorted is how many events are put in order, in all logs: 64 MiB.
const maxSorted = 4 << 20

// ErrTooManyToSort is the error of a pass by time that goes backward, if there are more events than can be put in order.
var ErrTooManyToSort = errors.New("more than " + words.Thousands(maxSorted) + " events")

// A BackStep says where the events of a log are not in the order of time.
type BackStep struct {
	From, To time.Time // the longest step back: of the event before, and of the one after it
	Steps    int       // how many there are
	Sorted   bool      // the events were put in order; otherwise there are too many of them
}

// leastTold is how long a step back is that is told. Shorter ones are daily bread: events are not always written in the order in
// which they were made.
const leastTold = time.Minute

// text says it of a log.
func (s *BackStep) text() string {
	more, done := "", "they are sorted"
	switch n := s.Steps - 1; {
	case n == 1:
		more = ", and at 1 more place"
	case n > 1:
		more = ", and at " + words.Thousands(uint64(n)) + " more places"
	}
	if !s.Sorted {
		done = "they are too many to sort, and stay as the log has them"
	}
	return fmt.Sprintf("the events are not in the order of time (%s comes before %s (UTC)%s): %s",
		s.From.UTC().Format(time.DateTime), s.To.UTC().Format(time.DateTime), more, done)
}

// An eventTime is when an event was, and where it lies.
type eventTime struct {
	ticks int64
	place evtx.Place
}

// ticksOf is a time in hundreds of nanoseconds since 1970; noTicks for none. What damage has made of a time may be beyond all ticks.
func ticksOf(t time.Time) int64 {
	switch {
	case t.IsZero():
		return noTicks
	case t.Unix() > math.MaxInt64/ticksPerSecond-1:
		return math.MaxInt64
	}
	return t.Unix()*ticksPerSecond + int64(t.Nanosecond())/100
}

func ofTicks(ticks int64) time.Time {
	if ticks == noTicks {
		return time.Time{}
	}
	seconds := ticks / ticksPerSecond
	if ticks%ticksPerSecond < 0 {
		seconds--
	}
	return time.Unix(seconds, (ticks-seconds*ticksPerSecond)*100).UTC()
}

const (
	ticksPerSecond = 10_000_000
	noTicks        = math.MinInt64
)

// A timeline is what is known of a log that was looked through.
type timeline struct {
	events []eventTime // in the order in which they are visited; nil if that is the order of the log
	stats  evtx.Stats
	damage damage
	err    *Error // why it was not read to its end

	last    int64 // time of the event before
	step    BackStep
	dropped bool // there were too many events
}

// add takes the events that follow, and keeps as many as there is room for.
func (t *timeline) add(events []eventTime, room int) {
	for i := range events {
		e := &events[i]
		if e.ticks == noTicks { // it stays where it is
			e.ticks = t.last
		}
		if e.ticks < t.last {
			t.step.Steps++
			if from, to := ofTicks(t.last), ofTicks(e.ticks); from.Sub(to) > t.step.From.Sub(t.step.To) {
				t.step.From, t.step.To = from, to
			}
		}
		t.last = e.ticks
	}
	if t.dropped = t.dropped || len(t.events)+len(events) > room; t.dropped {
		t.events = nil
		return
	}
	t.events = append(t.events, events...)
}

// timedBatch is the times of some events, for one goroutine.
type timedBatch struct {
	events []eventTime
	damage damage
}

// timelines looks through all logs. Of each log it gives what the pass has to know beforehand, nil if it is read as it lies.
func (r *run[B]) timelines(ctx context.Context) ([]*timeline, error) {
	room := maxSorted
	if r.limits != nil && r.limits.sorted > 0 {
		room = r.limits.sorted
	}
	all := make([]*timeline, len(r.Logs))
	for i, log := range r.Logs {
		t, err := r.timeline(ctx, log, room)
		if err != nil {
			return nil, err
		}
		if t == nil {
			continue
		}
		if t.dropped && r.Backward {
			return nil, ErrTooManyToSort
		}
		if t.step.Sorted = !t.dropped; t.step.Sorted {
			all[i] = t
			room -= len(t.events)
		}
		if r.Unsorted != nil && t.step.From.Sub(t.step.To) >= leastTold {
			r.Unsorted(log, t.step)
		}
	}
	return all, nil
}

// timeline looks through a log; it is nil for one that is read as it lies.
func (r *run[B]) timeline(ctx context.Context, log *Log, room int) (*timeline, error) {
	t, compressed, err := r.lookThrough(ctx, log, room)
	if err != nil || t == nil || t.step.Steps == 0 && !r.Backward {
		return nil, err
	}
	if compressed && !t.dropped { // its events are to be read in another order
		log.keep(ctx)
		if t, _, err = r.lookThrough(ctx, log, room); err != nil || t == nil {
			return nil, err
		}
	}
	slices.SortStableFunc(t.events, func(a, b eventTime) int { return cmp.Compare(a.ticks, b.ticks) })
	if r.Backward {
		slices.Reverse(t.events)
	}
	return t, nil
}

// lookThrough reads a log for the times of its events. What cannot be opened is nil, without a word: the pass meets it again.
func (r *run[B]) lookThrough(ctx context.Context, log *Log, room int) (t *timeline, compressed bool, err error) {
	reader, closeLog, err := r.openLog(ctx, log, true, r.Backward)
	if err != nil {
		return nil, false, ctx.Err()
	}
	defer closeLog()
	t = &timeline{last: noTicks, damage: damage{most: r.places()}}
	err = evtx.Scanner[*timedBatch]{
		Threads: r.Threads,
		Select:  log.selection(r.Select),

		New: func() *timedBatch { return &timedBatch{damage: damage{most: r.places()}} },
		Visit: func(b *timedBatch, rec *evtx.Record, err error) bool {
			if err != nil {
				b.damage.add(err)
			} else {
				b.events = append(b.events, eventTime{ticksOf(rec.TimeCreated()), rec.Place()})
			}
			return false
		},
		Flush: func(b *timedBatch, p evtx.Progress) error {
			t.stats.Add(p.Stats)
			t.damage.addAll(&b.damage)
			t.add(b.events, room)
			b.events = b.events[:0]
			b.damage.empty()
			if r.Progress != nil {
				r.Progress(r.ahead+p.Pos, 0)
			}
			return nil
		},
	}.Run(ctx, reader)
	r.ahead += max(0, log.Size)
	if err != nil {
		if ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		t.err = log.Fail(err)
	}
	return t, reader.Size() < 0, nil
}
