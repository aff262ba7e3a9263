package cli

import (
	"context"
	"reflect"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// writeLog writes the selected events as an event log. All cores look for them,
// but where all events are wanted: copying chunks is work of the system's, and
// cores that wait for each other at every chunk make it more (7 % of the time).
func writeLog(ctx context.Context, s *session, what string) error {
	log := evtx.NewWriter(s.out)
	defer log.Discard()
	merge := s.options.merge
	err := visitWith(ctx, s, func(p *eventlog.Pass) {
		p.ByTime, p.Sort = merge, merge
		if p.Threads == 0 && reflect.ValueOf(s.selection).IsZero() && len(s.options.conditions) == 0 {
			p.Threads = 1
		}
	}, writing(log, nil, merge))
	if err == nil {
		err = log.Close()
	}
	if err != nil {
		return err
	}
	if s.totals.Stats.Records > 0 && s.totals.Visited == 0 {
		s.coverage().sayNothingFound(what)
	} else {
		s.coverage().sayUncovered()
	}
	return nil
}

// writing writes the events to a log, through edit if there is one, those of a chunk when its turn comes. In a pass by time, a
// record is gone when the next one is read, and each is written at once. One that cannot be written is like a damaged one: it is
// named, and the others follow.
func writing(log *evtx.Writer, edit func(string, evtx.Value) evtx.Value, byTime bool) eventlog.Consumer[*evtx.Batch] {
	return eventlog.Consumer[*evtx.Batch]{
		New: func() *evtx.Batch { return log.NewBatch(edit) },
		Visit: func(b *evtx.Batch, rec *evtx.Record) (full bool, err error) {
			full = b.Add(rec)
			return full || byTime, nil
		},
		VisitChunk: func(b *evtx.Batch, c *evtx.Chunk) (full bool) {
			b.AddChunk(c)
			return false
		},
		Flush: func(b *evtx.Batch, in *eventlog.Reading) error {
			return log.WriteBatch(b, func(refused *evtx.RecordError) {
				in.Damage(&evtx.FormatError{Offset: refused.Offset, Chunk: refused.Chunk, RecordID: refused.RecordID, Reason: refused.Reason})
			})
		},
	}
}
