package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gwlogs/gwlogs/internal/report"
)

const sourceHelp = `SOURCE is an .evtx file, a folder (all logs and archives below it), a .zip archive
(all logs in it, and in archives in it), each of them also compressed (.gz, .zst),
- for one of them on standard input, or channel:NAME for a live channel of
Windows. Without SOURCE, Windows takes the gateway's channels. Times are UTC.`

// flagGroup is flags that the help shows together.
type flagGroup struct {
	title string
	flags *pflag.FlagSet
}

// addSourceVerb gives a command the arguments and flags of a verb that reads
// logs. The flags of its own come first in the help.
func addSourceVerb(cmd *cobra.Command, formats []report.Format, run func(context.Context, *options, []string) error, own ...flagGroup) {
	var f sourceFlags
	groups := sameTogether(append(append(own, f.register(formats)...), flagGroup{outputGroup, f.verboseFlag()}))
	for _, g := range groups {
		cmd.Flags().AddFlagSet(g.flags)
	}
	cmd.DisableFlagsInUseLine = true
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o, err := f.parse(formats)
		if err != nil {
			return err
		}
		return run(cmd.Context(), o.but(func(o *options) { o.verb = cmd.Name() }), args)
	}
	cmd.SetUsageFunc(func(cmd *cobra.Command) error { return verbUsage(cmd, groups) })
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"evtx", "zip"}, cobra.ShellCompDirectiveFilterFileExt
	}
	completeFlags(cmd, formats)
}

// sameTogether makes one of the groups with the same title, at the place of the last of them.
func sameTogether(groups []flagGroup) []flagGroup {
	var all []flagGroup
	for _, g := range groups {
		if i := slices.IndexFunc(all, func(o flagGroup) bool { return o.title == g.title }); i >= 0 {
			g.flags.AddFlagSet(all[i].flags)
			all = slices.Delete(all, i, i+1)
		}
		all = append(all, g)
	}
	return all
}

// verbUsage is the part of the help below the description.
func verbUsage(cmd *cobra.Command, groups []flagGroup) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage:\n  %s [flags]\n\nExamples:\n%s\n", cmd.UseLine(), cmd.Example)
	for _, g := range groups {
		fmt.Fprintf(&b, "\n%s:\n%s", g.title, g.flags.FlagUsagesWrapped(80))
	}
	fmt.Fprintf(&b, "\nExit codes:\n%s", exitCodes())
	_, err := fmt.Fprint(cmd.OutOrStdout(), b.String())
	return err
}
