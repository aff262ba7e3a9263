package archive

import (
	"bytes"
	"context"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
)

// look reads a slice, already redacted, for all that the bundle says about it.
func (b *builder) look(ctx context.Context, l *bundleLog) (own matcher.Source, err error) {
	pass := &eventlog.Pass{Logs: []*eventlog.Log{eventlog.NewLog(l.path, b.slice, l.file.size)}, Threads: b.threads}
	totals, err := eventlog.Run(ctx, pass, eventlog.Consumer[*matcher.Worker]{
		New:   b.analyzer.Worker,
		Visit: func(w *matcher.Worker, rec *evtx.Record) (bool, error) { return w.Visit(rec), nil },
		Flush: func(w *matcher.Worker, in *eventlog.Reading) error {
			b.analyzer.Take(w, in.Log.Name)
			return nil
		},
		End: func(in *eventlog.Reading) error {
			own = b.analyzer.EndLog(matcher.Source{Name: in.Log.Name, Stats: in.Stats})
			return nil
		},
	})
	if err == nil && totals.LastLogError != nil {
		err = &TempError{totals.LastLogError.Err}
	}
	return own, err
}

// diagnosis is what was found, as the page and findings.json have it.
func (b *builder) diagnosis() *report.Diagnosis {
	a := b.analyzer.Analysis(moment(b.window.From), moment(b.window.To))
	return &report.Diagnosis{Tool: b.tool.Name, Version: b.tool.Version, Lang: b.lang, Analysis: a}
}

func findings(d *report.Diagnosis) ([]byte, error) {
	var out bytes.Buffer
	err := report.WriteDiagnosis(&out, report.JSON, report.Style{}, d)
	return out.Bytes(), err
}

func page(m *Manifest, d *report.Diagnosis, checked *check.Report) ([]byte, error) {
	p := &report.Page{
		Diagnosis: d, ReportID: m.ReportID, Check: checked,
		Redaction: &report.PageRedaction{Mode: m.Redaction.Mode}, NotInspected: m.Redaction.NotInspected,
	}
	for _, total := range totals(m.Redaction.Rules) {
		p.Redaction.Rules = append(p.Redaction.Rules, pageRule(total, m.Redaction.Rules))
	}
	for _, total := range totals(m.Redaction.Suspects) {
		p.Redaction.Suspects = append(p.Redaction.Suspects, pageRule(total, m.Redaction.Suspects))
	}
	for _, failed := range m.Failed {
		p.NotRead = append(p.NotRead, report.PageNotRead{Source: failed.Source, Error: failed.Error})
	}
	var out bytes.Buffer
	err := report.WritePage(&out, p)
	return out.Bytes(), err
}

// pageRule is a sum over all entries, and the entries.
func pageRule(total RuleCount, all []RuleCount) report.PageRule {
	rule := report.PageRule{Rule: total.Rule, Count: total.Count}
	for _, r := range all {
		if r.Rule == total.Rule {
			rule.Where = append(rule.Where, r.Entry)
		}
	}
	return rule
}
