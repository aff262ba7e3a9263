package view

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/eventtext"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
)

type explainParams struct {
	Text string `json:"text"`
	Lang string `json:"lang"`
}

// maxExplained is how much text is looked at: the box is for a message, or a page of them.
const maxExplained = 4 << 20

// explain says what a text means that somebody pasted, as the command explain does.
func (e *Engine) explain(ctx context.Context, p *explainParams) (any, error) {
	switch {
	case strings.TrimSpace(p.Text) == "":
		return nil, &Error{Message: "the text is empty"}
	case len(p.Text) > maxExplained:
		return nil, &Error{Message: "the text is longer than 4 MiB", Hint: "paste the part with the error"}
	}
	catalogue, err := e.catalogue()
	if err != nil {
		return nil, err
	}
	set := eventlog.Find(nil, eventlog.Options{Text: true, Texts: []eventlog.Text{{Name: "text", Text: p.Text}}})
	defer set.Close()
	a := catalogue.Analyze(matcher.Options{Evidence: 3, Now: e.o.Now()})
	var failed *eventlog.Error
	pass := &eventlog.Pass{Logs: set.Logs, Threads: 1, Select: &evtx.Selection{Any: catalogue.Selections()}}
	_, err = eventlog.Run(ctx, pass, eventlog.Consumer[*matcher.Worker]{
		New:   a.Worker,
		Visit: func(w *matcher.Worker, rec *evtx.Record) (bool, error) { return w.Visit(rec), nil },
		Flush: func(w *matcher.Worker, in *eventlog.Reading) error {
			a.Take(w, in.Log.Source())
			return nil
		},
		End: func(in *eventlog.Reading) error {
			failed = in.Err
			a.EndLog(matcher.Source{Name: in.Log.Source(), Stats: in.Stats, Failed: in.Err != nil})
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, failed
	}
	d := &report.Diagnosis{
		Tool: "gwlogs", Version: e.o.Version, Lang: e.lang(p.Lang), Analysis: a.Analysis(time.Time{}, time.Time{}), AboutText: true,
	}
	if len(d.Findings) == 0 {
		var said strings.Builder
		for _, g := range d.Unexplained() {
			said.WriteString(g.Example.Message + "\n")
		}
		d.Clues = eventtext.Clues(said.String())
	}
	page, err := diagnosisPage(d)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := report.WriteDiagnosis(&text, report.Text, report.Style{}, d); err != nil {
		return nil, err
	}
	page["text"] = text.String()
	return page, nil
}
