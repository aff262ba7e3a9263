package cli

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/eventlog"
	"github.com/gwlogs/gwlogs/evtx"
)

// logWriter is the log that is being written, and the error that ended it.
type logWriter struct {
	log *evtx.Writer
	err error
}

// writeLog writes the selected events as an event log. Records are encoded one
// behind the other, so that reading has a single core, too.
func (s *session) writeLog(ctx context.Context, what string) error {
	s.options.threads = 1
	w := &logWriter{log: evtx.NewWriter(s.out.seeker())}
	defer w.log.Discard()
	err := scanAll(ctx, s, consumer[*logWriter]{
		fresh: func() *logWriter { return w },
		visit: (*logWriter).visit,
		flush: func(w *logWriter, _ *eventlog.Log) error { return w.err },
	})
	if err == nil {
		err = w.log.Close()
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

// visit writes a record. One that cannot be written is like a damaged one: it
// is named, and the others follow.
func (w *logWriter) visit(rec *evtx.Record) (full bool, err error) {
	var refused *evtx.RecordError
	switch err := w.log.WriteRecord(rec); {
	case err == nil:
		return false, nil
	case errors.As(err, &refused):
		return false, errors.New(refused.Reason)
	default:
		w.err = err
		return true, nil
	}
}
