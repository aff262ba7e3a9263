package cli

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// writeLog writes the selected events as an event log. All cores look for
// them; each is written when its turn comes.
func writeLog(ctx context.Context, s *session, what string) error {
	log := evtx.NewWriter(s.out)
	defer log.Discard()
	err := visit(ctx, s, s.options.merge, writing(log, nil))
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

// found is a record to write, which is still where it was read.
type found struct{ rec *evtx.Record }

// writing writes each event to a log when its turn comes; before, if there is one, is told of it first. One that cannot be
// written is like a damaged one: it is named, and the others follow.
func writing(log *evtx.Writer, before func(*evtx.Record)) eventlog.Consumer[*found] {
	return eventlog.Consumer[*found]{
		New: func() *found { return new(found) },
		Visit: func(f *found, rec *evtx.Record) (full bool, err error) {
			f.rec = rec
			return true, nil
		},
		Flush: func(f *found, in *eventlog.Reading) error {
			rec := f.rec
			if f.rec = nil; rec == nil {
				return nil
			}
			if before != nil {
				before(rec)
			}
			err := log.WriteRecord(rec)
			var refused *evtx.RecordError
			if errors.As(err, &refused) {
				in.Damage(&evtx.FormatError{Offset: rec.Offset(), Chunk: rec.Chunk(), RecordID: rec.HeaderID(), Reason: refused.Reason})
				return nil
			}
			return err
		},
	}
}
