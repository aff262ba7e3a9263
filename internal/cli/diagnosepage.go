package cli

import (
	"context"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
)

// pageWriter gathers what the page of a diagnosis has besides the findings. A
// nil one gathers nothing.
type pageWriter struct {
	s        *session
	out      *output
	from, to time.Time
	groups   *report.EventGroups
	timeline *report.TimelineCollector
}

// pageWorker is what one core gathers.
type pageWorker struct {
	groups   *report.GroupWorker
	timeline *report.TimelineCollector
}

// openPage makes the file, so that what is wrong with its folder is said before
// the work, and finds out which time the timeline is to cover.
func (s *session) openPage(ctx context.Context, name string) (*pageWriter, error) {
	out, err := openOutput(name, s.ios, s.logs)
	if err != nil {
		return nil, err
	}
	p := &pageWriter{s: s, out: out, groups: report.NewEventGroups(), from: s.selection.Since, to: s.selection.Until}
	if p.from.IsZero() || p.to.IsZero() {
		first, last, err := s.extent(ctx)
		if err != nil {
			out.discard()
			return nil, err
		}
		if p.from.IsZero() {
			p.from = first
		}
		if p.to.IsZero() {
			p.to = last
		}
	}
	p.timeline = report.NewTimeline(p.from, p.to)
	return p, nil
}

// extent finds the times of the first and the last event of all logs, in a pass
// that looks at nothing else. What cannot be read is said later.
func (s *session) extent(ctx context.Context) (first, last time.Time, err error) {
	none := &evtx.Selection{Since: s.ios.Now().AddDate(100, 0, 0)} // the counts are for all
	totals, err := eventlog.Run(ctx, s.lookAhead(s.logs.Logs, none), eventlog.Consumer[struct{}]{
		New:   func() struct{} { return struct{}{} },
		Visit: func(struct{}, *evtx.Record) (bool, error) { return false, nil },
	})
	return totals.Stats.First, totals.Stats.Last, err
}

func (p *pageWriter) worker() *pageWorker {
	if p == nil {
		return nil
	}
	return &pageWorker{report.NewGroupWorker(), report.NewTimeline(p.from, p.to)}
}

func (w *pageWorker) visit(rec *evtx.Record, known *matcher.Signature, lang string) (full bool) {
	if w == nil {
		return false
	}
	w.timeline.Add(rec.Level(), rec.TimeCreated())
	return w.groups.Visit(rec, known, lang)
}

func (p *pageWriter) take(w *pageWorker, source string) {
	if p == nil {
		return
	}
	p.groups.Take(w.groups, source)
	p.timeline.Merge(w.timeline)
	w.timeline = report.NewTimeline(p.from, p.to)
}

// write makes the page appear.
func (p *pageWriter) write(d *report.Diagnosis) error {
	page := &report.Page{Diagnosis: d, Timeline: p.timeline.Timeline()}
	page.Groups, page.More = p.groups.Groups()
	if err := report.WritePage(p.out, page); err != nil {
		return err
	}
	return p.out.commit()
}

func (p *pageWriter) discard() { p.out.discard() }
