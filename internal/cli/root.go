package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Run runs the command line and returns the exit code. It says on ios.Err what went wrong.
func Run(ctx context.Context, args []string, ios *IOStreams) int {
	started := false
	root := newRootCommand(ios, args)
	root.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		started, ios.command = true, cmd.CommandPath()
		if f := cmd.Flags().Lookup("no-pager"); f != nil && !f.Hidden && f.Value.String() == "false" {
			ios.pageOutput()
		}
	}
	root.SetArgs(args)
	err := checkArguments(args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if ended := ios.screen.end(); err == nil {
		err = printed(ended)
	}
	var wrongUse *usageError
	if err != nil && !started && !errors.As(err, &wrongUse) { // cobra's own words about the arguments
		err = usage("gwlogs help", "%v", err)
	}
	code, show := exitCode(ctx, err)
	if show {
		(&console{w: ios.Err}).fail(err)
	}
	return code
}

// A verb is a command, and the group that the help shows it in.
type verb struct {
	name  string
	group string
	make  func(*IOStreams) *cobra.Command
}

const (
	logsGroup    = "logs"
	bundlesGroup = "bundles"
)

func verbs() []verb {
	return []verb{
		{"diagnose", logsGroup, newDiagnoseCommand},
		{"explain", logsGroup, newExplainCommand},
		{"firewall", logsGroup, newFirewallCommand},
		{"errors", logsGroup, newErrorsCommand},
		{"events", logsGroup, newEventsCommand},
		{"stats", logsGroup, newStatsCommand},
		{"view", logsGroup, newViewCommand},
		{"report-id", logsGroup, newReportIDCommand},
		{"archive", bundlesGroup, newArchiveCommand},
		{"send", bundlesGroup, newSendCommand},
		{"verify", bundlesGroup, newVerifyCommand},
		{"redact", bundlesGroup, newRedactCommand},
		{"unredact", bundlesGroup, newUnredactCommand},
		{"reports", bundlesGroup, newReportsCommand},
		{"fetch", bundlesGroup, newFetchCommand},
		{"check", "", newCheckCommand},
		{"signatures", "", newSignaturesCommand},
		{"channels", "", newChannelsCommand},
		{"eventsource", "", newEventSourceCommand},
		{"version", "", newVersionCommand},
	}
}

// newRootCommand has all verbs, but if the arguments begin with one, it alone: the flags of twenty are an eighth of what the program
// does before it begins to work.
func newRootCommand(ios *IOStreams, args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "gwlogs",
		Short: "Read the logs of Data Management Gateway and Integration Runtime",
		Long: `Gwlogs reads the event logs (.evtx) of Microsoft's Data Management Gateway and
Integration Runtime, on any operating system.

What is wrong, and what do I do?   gwlogs diagnose FILE.evtx
What does this error mean?         gwlogs explain "TEXT"
What must the firewall let through? gwlogs firewall FILE.evtx
Does this machine reach it all?    gwlogs check --factory NAME.REGION
What went wrong lately?            gwlogs errors FILE.evtx
Which report ID did I send?        gwlogs report-id FILE.evtx
What does this log hold?           gwlogs stats FILE.evtx
Look around in it?                 gwlogs view FILE.evtx
Everything about one event?        gwlogs events --id 401 --format text FILE.evtx
One file for support?              gwlogs archive FILE.evtx
Send it to support?                gwlogs send --to-file URL.txt FILE.evtx`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
		SuggestionsMinimumDistance: 2,
	}
	info, _ := debug.ReadBuildInfo()
	root.Version = "known" // to have the flag
	root.SetVersionTemplate(versionText(info))
	root.SetIn(ios.In)
	root.SetOut(ios.Out)
	root.SetErr(ios.Err)
	root.SetUsageTemplate(root.UsageTemplate() + "{{if not .HasParent}}\nExit codes:\n" + exitCodes() + "{{end}}")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelpCommand())
	root.AddGroup(&cobra.Group{ID: logsGroup, Title: "Commands that read logs:"},
		&cobra.Group{ID: bundlesGroup, Title: "Commands for support bundles:"})
	all := verbs()
	if len(args) > 0 {
		if i := slices.IndexFunc(all, func(v verb) bool { return v.name == args[0] }); i >= 0 {
			root.CompletionOptions.DisableDefaultCmd = true
			all[i].add(root, ios)
			return root
		}
	}
	for _, v := range all {
		v.add(root, ios)
	}
	root.AddCommand(newWhereTopic())
	checkCompletion(root)
	return root
}

func (v verb) add(root *cobra.Command, ios *IOStreams) {
	cmd := v.make(ios)
	cmd.GroupID = v.group
	root.AddCommand(cmd)
}

// checkCompletion lets cobra add its completion command, and makes an unknown shell wrong use.
func checkCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	cmd, _, err := root.Find([]string{"completion"})
	if err != nil {
		return
	}
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage("gwlogs completion bash, fish, powershell, or zsh", "completion: unknown shell %q", args[0])
		}
		return cmd.Help()
	}
}

// newHelpCommand is cobra's, but a command that does not exist is wrong use.
func newHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range cmd.Root().Commands() {
				names = append(names, c.Name())
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd.Root(), strings.Join(args, " "))
			}
			about.InitDefaultHelpFlag()
			about.InitDefaultVersionFlag()
			return about.Help()
		},
	}
}

// unknownCommand has a guess at what was meant.
func unknownCommand(root *cobra.Command, name string) error {
	hint := "gwlogs help shows the commands"
	if _, err := os.Stat(name); err == nil {
		hint = fmt.Sprintf("a command comes first: gwlogs errors %s", name)
	} else if here := commandElsewhere(name); here != "" {
		hint = "that is " + here
	} else if close := root.SuggestionsFor(name); len(close) > 0 {
		hint = "did you mean gwlogs " + strings.Join(close, ", or gwlogs ") + "?"
	}
	return usage(hint, "unknown command %q", name)
}

// flagError words what pflag says about a flag.
func flagError(cmd *cobra.Command, err error) error {
	hint := cmd.CommandPath() + " --help shows the flags"
	var unknown *pflag.NotExistError
	var noValue *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		return usage(flagHint(cmd, unknown), "unknown flag %s%s", dashes, unknown.GetSpecifiedName())
	case errors.As(err, &noValue):
		return usage(flagForm(noValue.GetFlag()), "--%s needs a value", noValue.GetFlag().Name)
	case errors.As(err, &bad):
		return usage(flagForm(bad.GetFlag()), "--%s: %q is not possible", bad.GetFlag().Name, bad.GetValue())
	}
	return usage(hint, "%v", err)
}

// flagForm shows how a flag is used.
func flagForm(f *pflag.Flag) string {
	value, text := pflag.UnquoteUsage(f)
	return fmt.Sprintf("--%s %s: %s", f.Name, value, text)
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(cmd.CommandPath(), "%s takes no arguments", cmd.Name())
	}
	return nil
}
