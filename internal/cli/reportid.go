package cli

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
)

func newReportIDCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report-id [SOURCE...]",
		Short: "Show the report IDs of logs that were sent to support",
		Long: `Show the report IDs under which the gateway has sent its logs to Microsoft
support. The gateway notes each one in its event log, as event 25.

` + sourceHelp + `

Without SOURCE, the report IDs of the bundles that you have made with gwlogs are
shown, and on Windows those of the gateway's channels and of gwlogs' own events
in the log Application. Of a bundle, its own report ID is shown first.

An event 25 counts if it stands in the gateway's own log, or if its text names a
report ID. With --id, other events are looked at instead of event 25.`,
		Example: `  gwlogs report-id testdata/gateway-fr.evtx
  gwlogs report-id --since 2017-05-02 --until 2017-05-02 testdata/gateway-fr.evtx
  gwlogs report-id --format json testdata
  gwlogs report-id`,
	}
	addEventVerb(cmd, ios, report.RowFormats(), func(ctx context.Context, o *options, sources []string) error {
		return runReportID(ctx, ios, o, sources)
	})
	return cmd
}

func runReportID(ctx context.Context, ios *IOStreams, o *options, sources []string) error {
	if len(sources) == 0 && ios.Channels == nil {
		return runJournal(ios, o)
	}
	o = o.but(func(o *options) {
		if len(sources) == 0 {
			o.defaults = []eventlog.Default{ownEvents()}
		}
		if len(o.selection.IDs) == 0 {
			o.selection.IDs = []evtx.IDRange{{From: matcher.ReportIDEvent, To: matcher.ReportIDEvent}}
		}
	})
	s, err := openSession(ctx, ios, o, sources)
	if len(sources) == 0 && errors.Is(err, errNothing) { // of the channels; that has been said
		return cmp.Or(runJournal(ios, o), errPartial)
	}
	if err != nil {
		return err
	}
	return s.finish(ctx, printReportIDs(ctx, s))
}

// reportIDBatch is report IDs in the order of the log.
type reportIDBatch struct {
	found   []matcher.ReportID
	message []byte
}

func printReportIDs(ctx context.Context, s *session) error {
	finder := matcher.NewReportIDFinder()
	doc, err := report.NewReportIDs(s.out, s.options.format, s.out.style(s.ios, s.options))
	if err != nil {
		return err
	}
	count := 0
	for _, id := range append(journalIDs(s), bundleIDs(s.logs, s.options.duplicates)...) {
		if err := doc.Add(id); err != nil {
			return err
		}
		count++
	}
	err = visit(ctx, s, s.options.merge, eventlog.Consumer[*reportIDBatch]{
		New: func() *reportIDBatch { return new(reportIDBatch) },
		Visit: func(b *reportIDBatch, rec *evtx.Record) (full bool, err error) {
			b.message = rec.AppendMessage(b.message[:0])
			if id := finder.FindIn(rec, string(b.message)); id != "" {
				b.found = append(b.found, matcher.ReportID{
					ID:       id,
					Time:     rec.TimeCreated(),
					Computer: rec.Computer(),
					Channel:  rec.Channel(),
					RecordID: rec.EventRecordID(),
				})
			}
			return len(b.found) >= 1000, nil
		},
		Flush: func(b *reportIDBatch, in *eventlog.Reading) error {
			for _, id := range b.found {
				id.Source = in.Log.Source()
				if err := doc.Add(id); err != nil {
					return err
				}
				count++
			}
			b.found = b.found[:0]
			return nil
		},
	})
	if err != nil || s.nothingRead() {
		return err
	}
	if err := doc.Close(); err != nil {
		return err
	}
	if count == 0 {
		sayNoReportID(s)
	} else {
		s.coverage().sayUncovered()
	}
	return nil
}

// sayNoReportID tells where we looked, and what to do now.
func sayNoReportID(s *session) {
	covered := s.coverage()
	covered.sayNothingFound("report ID")
	switch {
	case covered.window() != "":
		s.console.hint("look at the whole log: leave out --since and --until")
	case s.totals.Stats.Records == 0:
		s.console.hint("the log is empty: was it cleared?")
	default:
		s.console.hint("has the gateway sent its logs? Use Send Logs in its Configuration Manager; otherwise give the log of the " +
			"gateway's own computer, and older ones")
	}
}
