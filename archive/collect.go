package archive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/fileerror"
)

// collect cuts each log to the window, and looks at what is in it.
func (m *maker) collect(ctx context.Context) (err error) {
	if m.builder, err = newBuilder(m); err != nil {
		return err
	}
	for _, l := range m.leftOut {
		m.builder.leftOut = append(m.builder.leftOut, LeftOut{m.redactor.Text(l.Source), m.redactor.Text(l.Channel)})
	}
	for _, failed := range m.set.Failed {
		m.builder.fail(filepath.Base(failed.Source), failed.Err)
	}
	return m.slice(ctx, func(in *eventlog.Reading) (*redactedLog, error) {
		log, err := m.builder.begin(m.sourceName(in.Log))
		if err != nil {
			return nil, err
		}
		return &log.redactedLog, nil
	}, func(in *eventlog.Reading) error {
		if in.Err != nil {
			m.builder.fail(m.sourceName(in.Log), fileerror.Reason(in.Err.Err))
			if in.Stats.Records == 0 {
				m.builder.discard()
				return nil
			}
		}
		return m.builder.end(ctx, in)
	})
}

// slice redacts the selected events of each log into the one that begin gives it.
func (m *maker) slice(ctx context.Context, begin func(*eventlog.Reading) (*redactedLog, error), end func(*eventlog.Reading) error) error {
	var log *redactedLog
	pass := &eventlog.Pass{
		Logs: m.set.Logs, Select: &m.want, Threads: m.o.Threads, Once: !m.o.Duplicates && m.o.Bundle == nil, Progress: m.progress(),
	}
	pass.Tell(m.notify, m.o.EachDamage)
	totals, err := eventlog.Run(ctx, pass, eventlog.Consumer[*batch]{
		Begin: func(in *eventlog.Reading) (err error) {
			log, err = begin(in)
			return err
		},
		New: func() *batch { return new(batch) },
		Visit: func(b *batch, rec *evtx.Record) (bool, error) {
			b.add(log, rec)
			return false, nil
		},
		Flush: func(b *batch, in *eventlog.Reading) error { return b.flush(log, in) },
		End:   end,
	})
	r := m.result
	r.Events, r.Selected = totals.Stats, totals.Visited
	r.Duplicates, r.Forgot = totals.Duplicates, totals.Forgot
	r.Damaged, r.DamagedLogs, r.Failed = totals.Damaged, totals.LogsDamaged, r.Failed+totals.LogsFailed
	if err == nil && r.Partial() && r.Events.Records == 0 {
		err = ErrNothingRead
	}
	return err
}

// sourceName is what a log is called in the bundle: the folders it was in are nobody's business.
func (m *maker) sourceName(log *eventlog.Log) string {
	if channel := log.Live(); channel != nil {
		return channel.Name
	}
	if m.o.Bundle != nil {
		for _, e := range m.o.Bundle.Manifest.Entries {
			if strings.HasSuffix(log.Name, "/"+e.Path) && e.Source != "" {
				return e.Source
			}
		}
	}
	return filepath.Base(log.Name)
}

// include adds further text files. One that cannot be is no reason to have no bundle.
func (m *maker) include() {
	add := func(name, source string, add func() error) {
		if err := add(); err != nil {
			err = fileerror.Reason(err)
			m.builder.fail(source, err)
			m.fail(&eventlog.Error{Source: name, Err: err})
		}
	}
	for _, name := range m.o.Include {
		add(name, filepath.Base(name), func() error { return m.includeFile(name) })
	}
	if m.o.Bundle == nil {
		return
	}
	for _, e := range m.o.Bundle.Manifest.Entries {
		if strings.HasPrefix(e.Path, FileFolder) {
			add(e.Path, e.Source, func() error { return m.includeEntry(&e) })
		}
	}
}

func (m *maker) includeFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("is no ordinary file")
	}
	return m.builder.file(filepath.Base(name), f, info.Size())
}

func (m *maker) includeEntry(e *Entry) error {
	in, err := m.o.Bundle.Entry(e.Path)
	if err != nil {
		return err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, MaxFile))
	if err != nil {
		return err
	}
	return m.builder.file(e.Source, bytes.NewReader(data), int64(len(data)))
}
