package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/tally"
	"github.com/gwlogs/gwlogs/internal/words"
)

// So long the logs are read for what may be completed: whoever pressed the key waits for it.
const completeWithin = 300 * time.Millisecond

// completeNames offers what the events of the logs that were typed have, the most frequent first, or others where there are no
// logs yet. They are read from their end, as far as the time goes; none that can be read once.
func completeNames(by tally.By, others []string) cobra.CompletionFunc {
	const how = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	return func(_ *cobra.Command, sources []string, _ string) ([]string, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(context.Background(), completeWithin)
		defer cancel()
		var offers []string
		for _, c := range countedIn(ctx, sources, by) {
			name := c.Key(by, time.UTC)
			if name == "" || report.Visible(name) != name || strings.ContainsAny(name, "\t\r\n") {
				continue
			}
			said := words.Thousands(c.N) + " events"
			if by == tally.ByID {
				said = fmt.Sprintf("%s, %s, %s", report.Visible(c.Name), report.LevelName(c.Worst), said)
			}
			offers = append(offers, name+"\t"+said)
		}
		if offers == nil {
			offers = others
		}
		return offers, how
	}
}

// setOf finds logs whose events are to be offered: those that can be read again. It is nil if there are none, or no time to find them;
// otherwise the caller closes it.
func setOf(ctx context.Context, sources []string) *eventlog.Set {
	sources = slices.DeleteFunc(slices.Clone(sources), func(s string) bool { return s == "-" || strings.HasPrefix(s, "channel:") })
	if len(sources) == 0 {
		return nil
	}
	found := make(chan *eventlog.Set, 1)
	go func() { found <- eventlog.Find(sources, eventlog.Options{}) }()
	var set *eventlog.Set
	select {
	case set = <-found:
	case <-ctx.Done(): // a folder on a share, perhaps
		return nil
	}
	set.Logs = slices.DeleteFunc(set.Logs, func(l *eventlog.Log) bool { return l.Size < 0 })
	return set
}

// countedIn counts the events of logs by something, as far as there is time.
func countedIn(ctx context.Context, sources []string, by tally.By) []*tally.Count {
	set := setOf(ctx, sources)
	if set == nil {
		return nil
	}
	defer set.Close()
	sum := tally.New(by, time.UTC)
	_, _ = eventlog.Run(ctx, &eventlog.Pass{Logs: set.Logs, Backward: true}, eventlog.Consumer[*tally.Tally]{
		New: func() *tally.Tally { return tally.New(by, time.UTC) },
		Visit: func(t *tally.Tally, rec *evtx.Record) (bool, error) {
			t.See(rec)
			return false, nil
		},
		Flush: func(t *tally.Tally, _ *eventlog.Reading) error {
			sum.Take(t)
			return nil
		},
	})
	return sum.Counts()
}
