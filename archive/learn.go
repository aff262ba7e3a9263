package archive

import (
	"context"
	"io"
	"os"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// openRedactor learns names first if identities are to be replaced.
func (m *maker) openRedactor(ctx context.Context) (err error) {
	if m.redact.Mode == redact.Identities {
		if m.redact.Names, err = m.learn(ctx); err != nil {
			return err
		}
	}
	if m.redactor, err = redact.New(m.redact); err == nil && m.o.Watch != nil {
		m.redactor.Watch(m.watch)
	}
	return err
}

// watch tells of a finding; goroutines come with theirs at once.
func (m *maker) watch(f redact.Finding) {
	m.watching.Lock()
	defer m.watching.Unlock()
	m.o.Watch(Finding{Rule: f.Rule, Suspect: string(f.Suspect), Text: f.Text, Before: f.Before, After: f.After})
}

// A learner is what one goroutine learns.
type learner struct {
	redactor *redact.Redactor
	names    *redact.Names
}

// learn goes through the selected events once for names that stand elsewhere without a sign of what they are.
func (m *maker) learn(ctx context.Context) (*redact.Names, error) {
	all := new(redact.Names)
	fresh := func() *learner {
		own, _ := redact.New(m.redact) // as in newMaker
		return &learner{own, new(redact.Names)}
	}
	for _, name := range m.o.Include {
		if text, err := textOf(name); err == nil {
			fresh().redactor.LearnText(all, text, false)
		}
	}
	m.learnCheck(fresh().redactor, all)
	pass := m.pass(m.set.Logs, &m.want)
	pass.Progress = nil
	_, err := eventlog.Run(ctx, pass, eventlog.Consumer[*learner]{
		New: fresh,
		Visit: func(l *learner, rec *evtx.Record) (bool, error) {
			l.redactor.Learn(l.names, rec)
			return false, nil
		},
		Flush: func(l *learner, _ *eventlog.Reading) error {
			all.Merge(l.names)
			l.names = new(redact.Names)
			return nil
		},
	})
	return all, err
}

// textOf is the text of a file; no more than goes into a bundle.
func textOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile))
	if err != nil {
		return "", err
	}
	return decodeText(data, data[:min(len(data), 4)], false)
}
