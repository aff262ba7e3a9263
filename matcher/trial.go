package matcher

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// A Mistake is a sample that did not turn out as it should.
type Mistake struct {
	Signature *Signature
	Positive  bool // it had to match; otherwise it must not
	Sample    int  // of the positive or negative ones, from 0
	Found     []string
	Err       error // the sample could not be tried at all
}

// String says it in one line.
func (m Mistake) String() string {
	kind, is := "negative", "matches, but must not"
	if m.Positive {
		kind, is = "positive", "does not match"
		if len(m.Found) > 0 {
			is += fmt.Sprintf("; found instead: %v", m.Found)
		}
	}
	if m.Err != nil {
		is = m.Err.Error()
	}
	return fmt.Sprintf("%s: %s sample %d %s", m.Signature.Name, kind, m.Sample+1, is)
}

// Test tries every signature on its samples, among all signatures of the
// catalogue.
func (c *Catalogue) Test(s *Signature) []Mistake {
	var mistakes []Mistake
	for _, group := range []struct {
		positive bool
		samples  []Sample
	}{{true, s.Positive}, {false, s.Negative}} {
		for i, sample := range group.samples {
			found, err := c.tell(sample)
			if err != nil || slices.Contains(found, s.Name) != group.positive {
				mistakes = append(mistakes, Mistake{s, group.positive, i, found, err})
			}
		}
	}
	return mistakes
}

// Try makes an event log of a sample and returns the names of the signatures
// that are found in it, worst first.
func (c *Catalogue) Try(sample Sample) ([]string, error) {
	a, err := c.analyze(sample)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range a.Findings {
		names = append(names, f.Signature.Name)
	}
	return names, nil
}

// tell returns the names of the signatures that are found in a sample, or in
// what these wrap, and of the signs that are seen.
func (c *Catalogue) tell(sample Sample) ([]string, error) {
	run, err := c.visit(sample)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range run.Analysis(time.Time{}, time.Time{}).Findings {
		names = append(names, f.Signature.Name)
		for _, s := range f.Within {
			names = append(names, s.Name)
		}
	}
	for i, s := range c.signatures {
		if s.Tells.Sign && run.signs.seen(i) {
			names = append(names, s.Name)
		}
	}
	return names, nil
}

// analyze makes an analysis of a sample.
func (c *Catalogue) analyze(sample Sample) (*Analysis, error) {
	run, err := c.visit(sample)
	if err != nil {
		return nil, err
	}
	return run.Analysis(time.Time{}, time.Time{}), nil
}

// visit makes an event log of a sample, and has an Analyzer see it.
func (c *Catalogue) visit(sample Sample) (*Analyzer, error) {
	if len(sample) == 0 {
		return nil, errors.New("a sample without events")
	}
	var log bytes.Buffer
	if err := sample.write(&log); err != nil {
		return nil, err
	}
	run := c.Analyze(Options{})
	in := eventlog.NewLog("sample", bytes.NewReader(log.Bytes()), int64(log.Len()))
	totals, err := eventlog.Run(context.Background(), &eventlog.Pass{Logs: []*eventlog.Log{in}, Threads: 1}, eventlog.Consumer[*Worker]{
		New:   run.Worker,
		Visit: func(w *Worker, rec *evtx.Record) (bool, error) { return w.Visit(rec), nil },
		Flush: func(w *Worker, in *eventlog.Reading) error {
			run.Take(w, in.Log.Name)
			return nil
		},
	})
	if err == nil && totals.LastLogError != nil {
		err = totals.LastLogError
	}
	if err != nil {
		return nil, err
	}
	return run, nil
}

// write writes the events a minute apart, unless they have times.
func (s Sample) write(log *bytes.Buffer) error {
	w := evtx.NewWriter(log)
	at := time.Date(2017, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, e := range s {
		at = at.Add(time.Minute)
		if !e.Time.IsZero() {
			at = e.Time
		}
		channel := cmp.Or(e.Channel, CanonicalChannels()[0])
		err := w.WriteEvent(&evtx.Event{
			Provider: cmp.Or(e.Provider, channel), Channel: channel, Computer: cmp.Or(e.Computer, "GATEWAY"),
			EventID: e.ID, Level: cmp.Or(e.Level, evtx.LevelError), TimeCreated: at.UTC(),
			Keywords: classicKeyword, Strings: e.Data,
		})
		if err != nil {
			return err
		}
	}
	return w.Close()
}

// classicKeyword marks an event of a classic source.
const classicKeyword = 0x80000000000000
