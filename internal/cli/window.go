package cli

import (
	"context"
	"errors"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// needsNewest says whether the newest event has to be known before the start.
func (s *session) needsNewest() bool {
	o := s.options
	return !o.relativeToNow && (o.since.relative || o.until.relative)
}

// settleWindow turns --since and --until into times.
func (s *session) settleWindow(ctx context.Context) error {
	if s.settled {
		return nil
	}
	o := s.options
	var reference time.Time
	switch {
	case s.needsNewest():
		var err error
		if reference, err = s.newest(ctx); err != nil {
			return err
		}
	case o.relativeToNow:
		reference = s.ios.Now()
	}
	s.reference = reference
	s.selection.Since = o.since.resolve(reference)
	s.selection.Until = o.until.resolve(reference)
	if !s.selection.Until.IsZero() && s.selection.Since.After(s.selection.Until) {
		return orderError(o.since.with(s.selection.Since), o.until.with(s.selection.Until))
	}
	return nil
}

// newest finds the time of the newest event of all logs, in a pass that looks
// at nothing else. An event from the future counts only if there is no other:
// a single damaged date must not move the window away from all events.
func (s *session) newest(ctx context.Context) (time.Time, error) {
	future := s.ios.Now().Add(24 * time.Hour)
	var past, any time.Time
	for _, log := range s.logs.Logs {
		if log.Once() {
			if err := s.logs.Keep(ctx, log); err != nil {
				return time.Time{}, err
			}
		}
		// Only an event from the future is looked at; then all are.
		l, err := s.latest(ctx, log, &evtx.Selection{Since: future})
		if err == nil && l.any.After(future) {
			l, err = s.latest(ctx, log, nil)
		}
		if ctx.Err() != nil {
			return time.Time{}, errors.Join(err, ctx.Err())
		}
		past, any = later(past, l.past), later(any, l.any)
		s.passed += max(0, log.Size)
		s.counted += l.events
	}
	if past.IsZero() {
		return any, nil
	}
	return past, nil
}

// latest keeps the latest times.
type latest struct {
	past   time.Time // of the events that are not from the future
	any    time.Time
	events uint64
}

// latest finds the latest times of a log. What cannot be read of it is not
// said here: the second pass says so.
func (s *session) latest(ctx context.Context, log *eventlog.Log, only *evtx.Selection) (latest, error) {
	future := s.ios.Now().Add(24 * time.Hour)
	var sum latest
	r, closeLog, err := log.Open(ctx)
	if err != nil {
		return sum, nil
	}
	defer closeLog()
	r.Recover = false
	err = evtx.Scanner[*latest]{
		Threads: s.options.threads,
		Select:  only,
		New:     func() *latest { return new(latest) },
		Visit: func(l *latest, rec *evtx.Record, err error) bool {
			if err == nil {
				if t := rec.TimeCreated(); !t.After(future) {
					l.past = later(l.past, t)
				}
			}
			return false
		},
		Flush: func(l *latest, p evtx.Progress) error {
			sum.past, sum.any = later(sum.past, l.past), later(sum.any, p.Stats.Last)
			sum.events += uint64(p.Stats.Records)
			s.progress.update(s.passed+p.Pos, s.counted+sum.events)
			return nil
		},
	}.Run(ctx, r)
	if !sum.any.After(future) {
		sum.past = sum.any
	}
	return sum, err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
