package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/tally"
	"github.com/gwlogs/gwlogs/matcher"
)

// completeFlags offers the values that a flag can have. Cobra makes the
// scripts for the shells ("gwlogs completion").
func completeFlags(cmd *cobra.Command, formats []report.Format) {
	values := map[string][]string{
		"format":      strings.Split(formatNames(formats), ", "),
		"relative-to": {"newest", "now"},
		"ansi-codec":  codePageNames(),
		"since":       {"1d", "7d", "36h", "today", "yesterday"},
		"tz":          zoneNames(),
		"keyword":     {"audit failure", "audit success"},
		"until":       nil,
		"contains":    nil,
		"threads":     nil,
		"limit":       {"10", "100", "all"},

		"not-contains": nil,
	}
	for name, offers := range values {
		// The error is that there is no such flag: a test calls every one.
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(offers, cobra.ShellCompDirectiveNoFileComp))
	}
	_ = cmd.RegisterFlagCompletionFunc("level", completeLevels)
	gateways := matcher.CanonicalChannels()
	for name, complete := range map[string]cobra.CompletionFunc{
		"fields":  completeFields(report.Fields()),
		"channel": completeNames(tally.ByChannel, gateways), "computer": completeNames(tally.ByComputer, nil),
		"provider": completeNames(tally.ByProvider, nil), "exclude-provider": completeNames(tally.ByProvider, nil),
		"id": completeNames(tally.ByID, nil), "exclude-id": completeNames(tally.ByID, nil),
	} {
		_ = cmd.RegisterFlagCompletionFunc(name, complete)
	}
}

// completeLevels completes the last of several names with commas.
func completeLevels(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	var offers []string
	for _, name := range report.LevelNames() {
		offers = append(offers, before+name)
	}
	return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
