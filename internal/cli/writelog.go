package cli

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// writeLog writes the selected events as an event log. All cores look for
// them; each is written when its turn comes.
func (s *session) writeLog(ctx context.Context, what string) error {
	log := evtx.NewWriter(s.out.seeker())
	defer log.Discard()
	err := scanAll(ctx, s, consumer[*found]{
		fresh: func() *found { return new(found) },
		visit: func(f *found, rec *evtx.Record) (full bool, err error) {
			f.rec = rec
			return true, nil
		},
		flush: func(f *found, _ *eventlog.Log) error { return s.writeFound(log, f) },
	})
	if err == nil {
		err = log.Close()
	}
	if err != nil {
		return s.out.explain(err)
	}
	if s.total.Records > 0 && s.selected == 0 {
		s.sayNothingFound(what)
	} else {
		s.sayUncovered()
	}
	return nil
}

// found is a record to write, which is still where it was read.
type found struct{ rec *evtx.Record }

// writeFound writes the record. One that cannot be written is like a damaged
// one: it is named, and the others follow.
func (s *session) writeFound(log *evtx.Writer, f *found) error {
	rec := f.rec
	if f.rec = nil; rec == nil {
		return nil
	}
	err := log.WriteRecord(rec)
	var refused *evtx.RecordError
	if errors.As(err, &refused) {
		s.damage.add([]*evtx.FormatError{{
			Offset: rec.Offset(), Chunk: rec.Chunk(), RecordID: rec.HeaderID(), Reason: refused.Reason,
		}}, 0)
		return nil
	}
	return err
}
