package archive

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/safezip"
)

// log checks a log: the records against the manifest, and its bytes.
func (c *verifier) log(name string, r io.Reader, e *Entry) {
	// Our Writer leaves zeros wherever there is no record: anything else has been put there.
	bytes := &evtx.Checker{Found: func(place *evtx.FormatError) { c.problem(name, "%s", place) }}
	found := logSummary{window: c.verdict.Manifest.Window.Requested}
	log := eventlog.NewStream(name, io.TeeReader(r, bytes))
	pass := &eventlog.Pass{
		Logs: []*eventlog.Log{log}, Threads: 1,
		Damage: func(_ *eventlog.Reading, place *evtx.FormatError) { c.problem(name, "%s", place) },
		Ended: func(in *eventlog.Reading) {
			if more := in.Damaged - in.Told; more > 0 {
				c.problem(name, "damaged places more than these: %d", more)
			}
		},
	}
	// Reading ends when ctx of Verify does.
	totals, _ := eventlog.Run(context.Background(), pass, eventlog.Consumer[struct{}]{
		New: func() struct{} { return struct{}{} },
		Visit: func(_ struct{}, rec *evtx.Record) (bool, error) {
			found.add(rec)
			return false, nil
		},
	})
	if err := totals.LastLogError; err != nil {
		if errors.Is(err, evtx.ErrNotEventLog) || errors.Is(err, io.EOF) {
			c.problem(name, "%s", err.Err)
		}
		return // summed has what else there is
	}
	bytes.Close()
	c.verdict.Records += found.records
	found.compare(e, func(format string, args ...any) { c.problem(name, format, args...) })
}

// A logSummary is what the manifest says of a log.
type logSummary struct {
	window      Span
	records     int
	channel     string
	first, last time.Time
	outside     int // records outside of the window
	outsideID   uint64
	outsideTime time.Time // of the first of them
}

func (s *logSummary) add(rec *evtx.Record) {
	t := rec.TimeCreated()
	if s.records == 0 {
		s.channel = rec.Channel()
	}
	s.records++
	if w := s.window; w.From != nil && t.Before(*w.From) || w.To != nil && t.After(*w.To) {
		if s.outside == 0 {
			s.outsideID, s.outsideTime = rec.EventRecordID(), t
		}
		s.outside++
	}
	if t.IsZero() {
		return
	}
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

func (s *logSummary) compare(e *Entry, fail func(format string, args ...any)) {
	if s.records != e.Records {
		fail("has %d records, and the manifest says %d", s.records, e.Records)
	}
	if s.channel != e.Channel {
		fail("has the channel %s, and the manifest says %s", safezip.Printable(s.channel), safezip.Printable(e.Channel))
	}
	if !sameTime(s.first, e.First) {
		fail("begins at %s, and the manifest says %s", timeText(&s.first), timeText(e.First))
	}
	if !sameTime(s.last, e.Last) {
		fail("ends at %s, and the manifest says %s", timeText(&s.last), timeText(e.Last))
	}
	if s.outside > 0 {
		fail("records outside of the window: %d, the first is record %d of %s", s.outside, s.outsideID, timeText(&s.outsideTime))
	}
}

// sameTime compares a time, zero for none, with one of the manifest.
func sameTime(t time.Time, m *time.Time) bool {
	if t.IsZero() || m == nil {
		return t.IsZero() && m == nil
	}
	return t.Equal(*m)
}

func timeText(t *time.Time) string {
	if t == nil || t.IsZero() {
		return "no time"
	}
	return t.UTC().Format(time.RFC3339Nano)
}
