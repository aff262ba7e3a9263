package archive

import (
	"bytes"
	"context"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
)

// looker is what one core gathers of a slice.
type looker struct {
	known    *matcher.Worker
	groups   *report.GroupWorker
	timeline *report.TimelineCollector
}

// look reads a slice, already redacted, for all that the bundle says about it.
// It returns the channel of its first record.
func (b *Builder) look(ctx context.Context, l *Log) (own evtx.Stats, channel string, err error) {
	first := true
	pass := &eventlog.Pass{Logs: []*eventlog.Log{eventlog.NewLog(l.path, b.slice, l.file.size)}, Threads: b.o.Threads}
	totals, err := eventlog.Run(ctx, pass, eventlog.Consumer[*looker]{
		New: func() *looker {
			return &looker{known: b.diagnosis.Worker(), groups: report.NewGroupWorker(), timeline: b.newTimeline()}
		},
		Visit: func(k *looker, rec *evtx.Record) (bool, error) {
			k.timeline.Add(rec.Level(), rec.TimeCreated())
			full := k.known.Visit(rec)
			return k.groups.Visit(rec, k.known.Matched(), b.o.Lang) || full, nil
		},
		Flush: func(k *looker, _ *eventlog.Reading) error {
			if c := b.diagnosis.Take(k.known, l.path); first {
				channel, first = c, false
			}
			b.groups.Take(k.groups, l.path)
			b.timeline.Merge(k.timeline)
			k.timeline = b.newTimeline()
			return nil
		},
	})
	if err == nil && totals.LastLogError != nil {
		err = &TempError{totals.LastLogError.Err}
	}
	own = totals.Stats
	b.sources = append(b.sources, report.Source{
		Name: l.path, Channel: channel, Records: own.Records, Selected: own.Records, First: own.First, Last: own.Last,
		LowestID: own.LowestID, HighestID: own.HighestID,
	})
	return own, channel, err
}

func (b *Builder) newTimeline() *report.TimelineCollector {
	return report.NewTimeline(moment(b.o.Window.From), b.o.Created)
}

// diagnosed is what was found, as the page and findings.json have it.
func (b *Builder) diagnosed(f *matcher.Findings) *report.Diagnosis {
	d := &report.Diagnosis{
		Tool: b.o.Tool.Name, Version: b.o.Tool.Version, Lang: b.o.Lang, Sources: b.sources, Findings: f,
		From: moment(b.o.Window.From), To: moment(b.o.Window.To), Asked: moment(b.o.Window.From),
	}
	if d.From.IsZero() {
		d.From = moment(b.covered.From)
	}
	if d.To.IsZero() {
		d.To = moment(b.covered.To)
	}
	return d
}

func (b *Builder) findings(f *matcher.Findings) ([]byte, error) {
	var out bytes.Buffer
	err := report.WriteDiagnosis(&out, report.JSON, report.Style{}, b.diagnosed(f))
	return out.Bytes(), err
}

func (b *Builder) page(m *Manifest, f *matcher.Findings) ([]byte, error) {
	p := &report.Page{
		Diagnosis: b.diagnosed(f), ReportID: m.ReportID, Timeline: b.timeline.Timeline(),
		Redaction: &report.PageRedaction{Mode: m.Redaction.Mode}, NotInspected: m.Redaction.NotInspected,
	}
	p.Groups, p.More = b.groups.Groups()
	for _, total := range totals(m.Redaction.Rules) {
		p.Redaction.Rules = append(p.Redaction.Rules, report.PageRule{Rule: total.Rule, Count: total.Count})
	}
	for _, failed := range m.Failed {
		p.NotRead = append(p.NotRead, report.PageNotRead{Source: failed.Source, Error: failed.Error})
	}
	var out bytes.Buffer
	err := report.WritePage(&out, p)
	return out.Bytes(), err
}
