package eventlog

import (
	"context"
	"errors"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Moment is a time, or it counts from a reference: how long before that it lies, or on which day before, at what time of the
// day there. The zero Moment is none.
type Moment struct {
	At       time.Time
	Back     time.Duration
	Day      *Day // counts in place of Back
	Relative bool // Back or Day counts
}

// A Day is a time on the day of a reference, or so many days before.
type Day struct {
	Before int
	Clock  time.Duration // since midnight; below zero for the end of the day before
	Zone   *time.Location
}

// of is the moment of the day, as clocks show it there.
func (d *Day) of(reference time.Time) time.Time {
	year, month, day := reference.In(d.Zone).Date()
	return time.Date(year, month, day-d.Before, 0, 0, 0, int(d.Clock), d.Zone).UTC()
}

// Resolve gives the time. Nothing lies before 1601, where Windows begins to count.
func (m Moment) Resolve(reference time.Time) time.Time {
	t := m.At
	switch {
	case m.Relative && m.Day != nil:
		t = m.Day.of(reference)
	case m.Relative:
		t = reference.Add(-m.Back)
	}
	if t.IsZero() || m.Relative && reference.IsZero() {
		return time.Time{}
	}
	if first := time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC); t.Before(first) {
		return first
	}
	return t
}

// A Window is the time that is asked for. It may depend on the logs.
type Window struct {
	Since, Until Moment
	To           Reference
	Now          func() time.Time

	reference time.Time
	settled   bool
}

// Reference is what a relative Moment counts back from.
type Reference string

// The references. Auto is now where there are live channels among the logs, and the newest event otherwise.
const (
	Auto     Reference = ""
	ToNewest Reference = "newest"
	ToNow    Reference = "now"
)

// ErrBackwards is a window that ends before it begins.
var ErrBackwards = errors.New("the window ends before it begins")

// NeedsNewest reports whether the newest event has to be known.
func (w *Window) NeedsNewest() bool { return w.To != ToNow && (w.Since.Relative || w.Until.Relative) }

// Prepare does what comes before any reading: it looks whether a stream is an archive, and has Windows copy what is wanted of the live channels, see [Set.Export]. One
// instant, now, is what all of them count back from.
func (s *Set) Prepare(ctx context.Context, w *Window, want *evtx.Selection, failed func(*Error)) error {
	if err := s.lookAtStreams(ctx, failed); err != nil {
		return err
	}
	if !s.Live() {
		return nil
	}
	if w.To == Auto {
		w.To = ToNow
	}
	if !w.NeedsNewest() {
		if err := w.Settle(ctx, nil, want); err != nil {
			return err
		}
	}
	return s.Export(ctx, want, failed)
}

// Settle puts the times into want, once. If they depend on the newest event, ahead looks for it first.
func (w *Window) Settle(ctx context.Context, ahead *Pass, want *evtx.Selection) error {
	if w.settled {
		return nil
	}
	var err error
	switch {
	case w.NeedsNewest():
		if w.reference, err = w.newest(ctx, ahead); err != nil {
			return err
		}
	case w.To == ToNow:
		w.reference = w.Now()
	}
	w.settled = true
	want.Since, want.Until = w.Since.Resolve(w.reference), w.Until.Resolve(w.reference)
	if !want.Until.IsZero() && want.Since.After(want.Until) {
		return ErrBackwards
	}
	return nil
}

// End is the end of a window that was settled without one: now, if times count back from it, or else the newest event, which
// ahead looks for unless it is known.
func (w *Window) End(ctx context.Context, ahead *Pass) (time.Time, error) {
	switch {
	case w.To == ToNow:
		return w.Now().UTC(), nil
	case !w.reference.IsZero():
		return w.reference, nil
	}
	return w.newest(ctx, ahead)
}

// newest finds the time of the newest event of all logs. An event from the future counts only if there is no other: a single
// damaged date must not move the window away from all events.
func (w *Window) newest(ctx context.Context, ahead *Pass) (time.Time, error) {
	future := w.Now().Add(24 * time.Hour)
	var past, last time.Time
	var late []*Log // with events from the future
	// Only events from the future are looked at; the counts are for all.
	pass := *ahead
	pass.Ahead, pass.LiveOnly, pass.Select = true, true, &evtx.Selection{Since: future}
	_, err := Run(ctx, &pass, Consumer[struct{}]{
		New:   func() struct{} { return struct{}{} },
		Visit: func(struct{}, *evtx.Record) (bool, error) { return false, nil },
		End: func(in *Reading) error {
			last = later(last, in.Stats.Last)
			if in.Stats.Last.After(future) {
				late = append(late, in.Log)
			} else {
				past = later(past, in.Stats.Last)
			}
			return nil
		},
	})
	if err != nil || len(late) == 0 {
		return last, err
	}
	// In these logs, all events are.
	pass.Logs, pass.Select, pass.Progress = late, nil, nil
	_, err = Run(ctx, &pass, Consumer[*time.Time]{
		New: func() *time.Time { return new(time.Time) },
		Visit: func(t *time.Time, rec *evtx.Record) (bool, error) {
			if at := rec.TimeCreated(); !at.After(future) {
				*t = later(*t, at)
			}
			return false, nil
		},
		Flush: func(t *time.Time, _ *Reading) error {
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
