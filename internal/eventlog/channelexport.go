package eventlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/fileerror"
)

const (
	// An export of a log that is cleared meanwhile is tried again so often.
	exportTries = 3
	// So long a call to Windows may go on after Ctrl-C. It cannot be ended,
	// and while an export runs nobody can remove its file.
	exportGrace = 2 * time.Second
)

// Export copies the events of the live channels among the logs to private
// temporary files, which are gone when the Set is closed: all that want asks
// for, and perhaps more. A channel that cannot be read moves from Logs to
// Failed and is handed to failed; the error is that of ctx.
func (s *Set) Export(ctx context.Context, want *evtx.Selection, failed func(*Error)) error {
	e := &exporter{channels: s.options.Channels}
	s.closers = append(s.closers, e.close)
	var kept []*Log
	for _, l := range s.Logs {
		if l.live == nil {
			kept = append(kept, l)
			continue
		}
		err := e.log(ctx, l, newQuery(want, l.only))
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			s.fail(err)
			failed(err)
		default:
			kept = append(kept, l)
		}
	}
	s.Logs = slices.Clip(kept)
	return nil
}

// exporter is the exports of one Set.
type exporter struct {
	channels Channels
	folder   string
	files    []*os.File
	count    int
}

func (e *exporter) close() error {
	var errs []error
	for _, f := range e.files {
		errs = append(errs, f.Close())
	}
	if e.folder != "" {
		if err := removeFolder(e.folder); err != nil {
			// On Windows somebody may be looking into the file: a virus scanner.
			errs = append(errs, fmt.Errorf("%s cannot be removed: %w", e.folder, fileerror.Reason(err)))
		}
	}
	e.files, e.folder = nil, ""
	return errors.Join(errs...)
}

// prepare makes the folder for the exports, once.
func (e *exporter) prepare() error {
	if e.folder != "" {
		return nil
	}
	// What a killed process left behind: events of a customer.
	removeStale(os.TempDir())
	folder, err := privateFolder(os.TempDir())
	if err == nil {
		e.folder = folder
	}
	return err
}

// log exports the channel of a log, and makes it a log in a file.
func (e *exporter) log(ctx context.Context, l *Log, q query) *Error {
	if err := e.prepare(); err != nil {
		return tempError(l, err)
	}
	var info *Channel
	if err := wait(ctx, func() error {
		// What cannot be known of the channel is no reason not to read it.
		info, _ = e.channels.Look(l.live.name)
		return nil
	}); err != nil {
		return ChannelError(l.Name, err)
	}
	f, err := e.export(ctx, l.live.name, &q)
	if err != nil {
		return ChannelError(l.Name, err)
	}
	e.files = append(e.files, f)
	size, err := f.Stat()
	if err != nil {
		return tempError(l, err)
	}
	l.live.info, l.live.query, l.Size = info, q, size.Size()
	l.from = func(context.Context) (*content, error) {
		return &content{at: f, size: size.Size(), close: func() error { return nil }}, nil
	}
	return nil
}

// export exports to a new file and opens that. q becomes what was asked for in the end.
func (e *exporter) export(ctx context.Context, name string, q *query) (*os.File, error) {
	for try := 1; ; try++ {
		e.count++
		file := filepath.Join(e.folder, exportName(e.count))
		text := q.String()
		err := wait(ctx, func() error { return e.channels.Export(name, text, file) })
		if err == nil {
			f, err := openPassing(file)
			if err != nil {
				os.Remove(file)
			}
			return f, err
		}
		os.Remove(file) // what there is of it
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case badQuery(err) && !q.everything():
			*q = query{} // all events: the reader chooses
		case !stale(err) || try >= exportTries:
			return nil, err
		}
	}
}

// wait waits for a call to Windows, or for ctx.
func wait(ctx context.Context, call func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(exportGrace):
	}
	return ctx.Err()
}

func tempError(l *Log, err error) *Error {
	return &Error{
		Source: l.Name,
		Err:    fmt.Errorf("cannot be copied to %s: %w", os.TempDir(), fileerror.Reason(err)),
		Hint:   "make room there, or name another folder for temporary files in the environment variable TMP",
	}
}
