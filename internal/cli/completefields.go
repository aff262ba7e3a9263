package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
)

// completeFields offers the last of several names with commas: these, and data.NAME for the values that the events of the logs
// have which were typed.
func completeFields(names []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, sources []string, typed string) ([]string, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(context.Background(), completeWithin)
		defer cancel()
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		chosen := split([]string{before})
		var offers []string
		for _, name := range slices.Concat(names, dataNames(ctx, sources)) {
			if !slices.ContainsFunc(chosen, func(c string) bool { return strings.EqualFold(c, name) }) {
				offers = append(offers, before+name)
			}
		}
		return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveKeepOrder
	}
}

// dataNames are the names of values in logs, as far as there is time to look for them.
func dataNames(ctx context.Context, sources []string) []string {
	set := setOf(ctx, sources)
	if set == nil {
		return nil
	}
	defer set.Close()
	all := make(map[string]string) // by themselves in lower case
	_, _ = eventlog.Run(ctx, &eventlog.Pass{Logs: set.Logs, Backward: true}, eventlog.Consumer[map[string]bool]{
		New: func() map[string]bool { return make(map[string]bool) },
		Visit: func(names map[string]bool, rec *evtx.Record) (bool, error) {
			for name := range rec.All() {
				if !names[name] && len(names) < maxFields {
					names[strings.Clone(name)] = true
				}
			}
			return false, nil
		},
		Flush: func(names map[string]bool, _ *eventlog.Reading) error {
			for name := range names {
				if len(all) < maxFields && report.Visible(name) == name && !strings.ContainsAny(name, ", \t\r\n") && name != "" {
					all[strings.ToLower(name)] = "data." + name
				}
			}
			return nil
		},
	})
	return slices.Sorted(maps.Values(all))
}
