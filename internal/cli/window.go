package cli

import (
	"context"
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
	var past, last time.Time
	var ahead []*eventlog.Log // with events from the future
	// Only events from the future are looked at; the counts are for all.
	pass := s.lookAhead(s.logs.Logs, &evtx.Selection{Since: future})
	pass.LiveOnly, pass.Progress = true, s.progressFrom()
	_, err := eventlog.Run(ctx, pass, eventlog.Consumer[struct{}]{
		New:   func() struct{} { return struct{}{} },
		Visit: func(struct{}, *evtx.Record) (bool, error) { return false, nil },
		End: func(in *eventlog.Reading) error {
			last = later(last, in.Stats.Last)
			if in.Stats.Last.After(future) {
				ahead = append(ahead, in.Log)
			} else {
				past = later(past, in.Stats.Last)
			}
			return nil
		},
	})
	if err != nil || len(ahead) == 0 {
		return last, err
	}
	// In these logs, all events are.
	pass = s.lookAhead(ahead, nil)
	pass.LiveOnly = true
	_, err = eventlog.Run(ctx, pass, eventlog.Consumer[*time.Time]{
		New: func() *time.Time { return new(time.Time) },
		Visit: func(t *time.Time, rec *evtx.Record) (bool, error) {
			if at := rec.TimeCreated(); !at.After(future) {
				*t = later(*t, at)
			}
			return false, nil
		},
		Flush: func(t *time.Time, _ *eventlog.Reading) error {
			past = later(past, *t)
			return nil
		},
	})
	if past.IsZero() {
		return last, err
	}
	return past, err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
