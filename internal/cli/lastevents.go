package cli

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
)

// orderedBatch is rendered events, each apart.
type orderedBatch struct {
	out    []byte
	ends   []int
	times  []time.Time
	render report.Renderer
}

func (b *orderedBatch) visit(rec *evtx.Record) (err error) {
	if b.out, err = b.render.Append(b.out, rec); err == nil {
		b.ends, b.times = append(b.ends, len(b.out)), append(b.times, rec.TimeCreated())
	}
	return err
}

// event is the i-th, and ends with the next call.
func (b *orderedBatch) event(i int) []byte {
	begin := 0
	if i > 0 {
		begin = b.ends[i-1]
	}
	return b.out[begin:b.ends[i]]
}

func (b *orderedBatch) empty() { b.out, b.ends, b.times = b.out[:0], b.ends[:0], b.times[:0] }

// visitBackward reads the logs from their end, the last one first. take gets the events from the last on, and ended each log that
// it has enough of or all.
func visitBackward(ctx context.Context, s *session, events *report.Events, take func(b *orderedBatch, i int) error, ended func()) error {
	from := s.origins(events)
	return visitWith(ctx, s, func(p *eventlog.Pass) { p.Backward = true }, eventlog.Consumer[*orderedBatch]{
		Begin: from.begin,
		New:   func() *orderedBatch { return &orderedBatch{render: events.Renderer()} },
		Enter: func(b *orderedBatch, in *eventlog.Log) { from.enter(b.render, in) },
		Visit: func(b *orderedBatch, rec *evtx.Record) (bool, error) { return false, b.visit(rec) },
		Flush: func(b *orderedBatch, _ *eventlog.Reading) error {
			defer b.empty()
			for i := len(b.ends) - 1; i >= 0; i-- {
				if err := take(b, i); err != nil {
					return err
				}
			}
			return nil
		},
		End: func(*eventlog.Reading) error {
			ended()
			return nil
		},
	})
}

// printReverse prints all events from the newest on, of several logs those of the last one first.
func printReverse(ctx context.Context, s *session, events *report.Events) error {
	return visitBackward(ctx, s, events, func(b *orderedBatch, i int) error { return events.Add(b.event(i)) }, func() {})
}

// printLast prints the last events of all logs by time. Each log is read from its end, no further than is needed; the last events
// of a log are those at its end, but for --merge, which goes by the time alone.
func printLast(ctx context.Context, s *session, events *report.Events) error {
	last := lastEvents{limit: max(0, s.options.limit)}
	merged := s.options.merge && !s.options.follow
	if merged {
		err := last.ofTimeline(ctx, s, events)
		if merged = !errors.Is(err, eventlog.ErrTooManyToSort); merged && err != nil {
			return err
		}
	}
	if !merged {
		if err := visitBackward(ctx, s, events, last.take, last.endLog); err != nil {
			return err
		}
	}
	if !s.options.reverse {
		slices.Reverse(last.all)
	}
	for _, e := range last.all {
		if err := events.Add(e.text); err != nil {
			return err
		}
	}
	return nil
}

// lastEvents keeps the last events of logs that are read backward, each from the last event on.
type lastEvents struct {
	limit int
	log   []keptEvent // of the log that is read
	all   []keptEvent // of those that were read before: the last by time
}

type keptEvent struct {
	time time.Time
	text []byte
}

func (l *lastEvents) take(b *orderedBatch, i int) error {
	if len(l.log) < l.limit {
		l.log = append(l.log, keptEvent{b.times[i], bytes.Clone(b.event(i))})
	}
	if len(l.log) >= l.limit {
		return eventlog.ErrEnoughOfLog
	}
	return nil
}

// ofTimeline takes the last events by time of all logs.
func (l *lastEvents) ofTimeline(ctx context.Context, s *session, events *report.Events) error {
	from := s.origins(events)
	return visitWith(ctx, s, func(p *eventlog.Pass) { p.ByTime, p.Sort, p.Backward = true, true, true }, eventlog.Consumer[*orderedBatch]{
		Begin: from.begin,
		New:   func() *orderedBatch { return &orderedBatch{render: events.Renderer()} },
		Enter: func(b *orderedBatch, in *eventlog.Log) { from.enter(b.render, in) },
		Visit: func(b *orderedBatch, rec *evtx.Record) (bool, error) { return true, b.visit(rec) },
		Flush: func(b *orderedBatch, _ *eventlog.Reading) error {
			defer b.empty()
			for i := range b.ends {
				l.all = append(l.all, keptEvent{b.times[i], bytes.Clone(b.event(i))})
			}
			if len(l.all) >= l.limit {
				return eventlog.ErrEnough
			}
			return nil
		},
	})
}

// endLog puts the events of a log among those of the others. The events of a log keep their order, also where its clock went
// back; where times are equal, the later log comes later.
func (l *lastEvents) endLog() {
	if len(l.all) == 0 {
		l.all, l.log = l.log, nil
		return
	}
	var merged []keptEvent
	a, b := l.all, l.log
	for len(merged) < l.limit && len(a)+len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && !a[0].time.Before(b[0].time) {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	l.all, l.log = merged, nil
}
