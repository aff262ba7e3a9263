package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/tally"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

func newStatsCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "stats [SOURCE...]",
		Short: "Count what a log holds",
		Long: `Count the events of one or more event logs (.evtx): by event id with its provider,
or by provider, channel, computer, user (SID), level, keyword, month, day or hour,
or by the values of a name (data.TargetUserName). With each stand the most severe
level among them, the first and the last.

` + sourceHelp + `

What each log reaches from and to, which records are missing in it, and whether it
was cleared, is said on standard error. With --format json it is in the output: total
(of all that was counted), counts, and for each of the sources its name, records,
selected, damaged, first, last, missing_records and integrity (cleared, gaps in
the record numbers, silences, clock_set_back and more, as in the JSON of diagnose).`,
		Example: `  gwlogs stats testdata/gateway-en.evtx
  gwlogs stats --by day --level error,critical testdata/gateway-en.evtx
  gwlogs stats --by hour --since yesterday --tz local testdata/gateway-en.evtx
  gwlogs stats --by data.TargetUserName --id 4625 Security.evtx
  gwlogs stats --by provider --format csv -o providers.csv testdata`,
	}
	var by string
	fs := newFlagSet()
	fs.StringVar(&by, "by", string(tally.ByID), "count by this `THING`: "+waysToCount()+", or data.NAME for a named value")
	addEventVerb(cmd, ios, report.RowFormats(), func(ctx context.Context, o *options, sources []string) error {
		way, ok := tally.Parse(by)
		if !ok {
			return usage("use --by with one of "+waysToCount()+", or for a named value: --by data."+by, "--by: unknown %q", by)
		}
		s, err := openSession(ctx, ios, o, sources)
		if err != nil {
			return err
		}
		return s.finish(ctx, s.count(ctx, way))
	}, flagGroup{"Counts", fs})
	_ = cmd.RegisterFlagCompletionFunc("by", completeFields(strings.Split(waysToCount(), ", ")))
	return cmd
}

func waysToCount() string {
	var names []string
	for _, by := range tally.All() {
		names = append(names, string(by))
	}
	return strings.Join(names, ", ")
}

// count counts the selected events and writes what came of it.
func (s *session) count(ctx context.Context, by tally.By) error {
	sum := tally.New(by, s.options.zone)
	var held []matcher.Source
	err := visit(ctx, s, false, eventlog.Consumer[*tally.Tally]{
		New: func() *tally.Tally { return tally.New(by, s.options.zone) },
		Visit: func(t *tally.Tally, rec *evtx.Record) (bool, error) {
			t.See(rec)
			return false, nil
		},
		Flush: func(t *tally.Tally, _ *eventlog.Reading) error {
			sum.Take(t)
			return nil
		},
		End: func(in *eventlog.Reading) error {
			held = append(held, matcher.Source{Name: in.Log.Source(), Stats: in.Stats, Damaged: in.Damaged, Failed: in.Err != nil})
			return s.sayHeld(in)
		},
	})
	if err != nil || s.nothingRead() {
		return err
	}
	if s.totals.Visited == 0 && s.options.format.ForPeople() {
		s.coverage().sayNothingFound("events")
		return s.sayNearest(ctx)
	}
	s.coverage().sayUncovered()
	return report.WriteCounts(s.out, s.options.format, s.out.style(s.ios, s.options), by, sum.Counts(), held)
}

// sayHeld says of a log what it holds, for people.
func (s *session) sayHeld(in *eventlog.Reading) error {
	if !s.options.format.ForPeople() || in.Stats.Records == 0 {
		return nil
	}
	c := &coverage{clock: zoneClock{s.options.zone}, stats: in.Stats}
	integrity := matcher.NewIntegrity(in.Stats)
	style := s.out.style(s.ios, s.options)
	said := append([]string{c.span()}, report.IntegrityText(words.In("en"), &style, &integrity)...)
	s.console.note("%s: %s", in.Log.Source(), strings.Join(said, "; "))
	return nil
}
