package cli

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

func newChannelsCommand(ios *IOStreams) *cobra.Command {
	var all, quiet bool
	var format string
	cmd := &cobra.Command{
		Use:   "channels",
		Short: "Show the live channels of the gateway (Windows)",
		Long: `Show the live event channels of this computer that are a gateway's: how many
events they hold, from when to when, how large they are and may become, and what
Windows does with old events when they are full.

Any of them is a SOURCE for the other commands: "channel:Integration Runtime".`,
		Example: `  gwlogs channels
  gwlogs channels --all --format json`,
		DisableFlagsInUseLine: true,
		Args:                  noArguments,
	}
	cmd.Flags().BoolVar(&all, "all", false, "all channels of the computer")
	cmd.Flags().StringVar(&format, "format", string(report.Table), "`FORMAT` of the output: table, json")
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "no notes: errors alone on standard error")
	cmd.Flags().AddFlagSet(pagerFlag())
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		f, err := parseFormat(format, []report.Format{report.Table, report.JSON})
		if err != nil {
			return err
		}
		if ios.Channels == nil {
			return usage("run it on the gateway's own computer; here, give a log: gwlogs diagnose FILE.evtx",
				"channels: live channels exist on Windows alone")
		}
		l := &listing{ios: ios, console: &console{w: ios.Err, quiet: quiet}, all: all}
		if err := l.look(cmd.Context()); err != nil {
			return err
		}
		return l.write(f)
	}
	return cmd
}

// listing is the channels that are shown.
type listing struct {
	ios     *IOStreams
	console *console
	all     bool
	found   []shownChannel
	failed  int
}

// shownChannel is a channel as JSON; what is not known is null.
type shownChannel struct {
	Channel   string     `json:"channel"`
	Gateway   bool       `json:"gateway"`
	Enabled   *bool      `json:"enabled"`
	Records   *uint64    `json:"records"`
	Oldest    *time.Time `json:"oldest"`
	Newest    *time.Time `json:"newest"`
	Bytes     *uint64    `json:"bytes"`
	MaxBytes  *uint64    `json:"max_bytes"`
	Retention *string    `json:"retention"` // overwrite, archive, keep
	Full      *bool      `json:"full"`
	File      *string    `json:"file"`
	Error     *string    `json:"error"`
}

func (l *listing) look(ctx context.Context) error {
	fromGateway := matcher.FromGateway()
	names, err := l.ios.Channels.Names()
	if err != nil {
		return eventlog.ChannelError("channels", err)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		gateway := fromGateway(name, "")
		if !l.all && !gateway {
			continue
		}
		c, err := l.ios.Channels.Look(name)
		l.found = append(l.found, showChannel(c, gateway, err))
		if err != nil {
			l.failed++
		}
		// Of over a thousand channels some never tell anything: with --all, their lines say so.
		if err != nil && !l.all {
			l.console.fail(eventlog.ChannelError("channel:"+name, err))
		}
	}
	return nil
}

func showChannel(c *eventlog.Channel, gateway bool, err error) shownChannel {
	out := shownChannel{Channel: c.Name, Gateway: gateway}
	if c.Configured {
		out.Enabled, out.MaxBytes, out.Retention, out.File = new(c.Enabled), new(c.MaxBytes), new(string(c.Retention)), new(c.File)
	}
	if c.Counted {
		out.Records, out.Bytes, out.Full = new(c.Records), new(c.Bytes), new(c.Full)
		if !c.Oldest.IsZero() {
			out.Oldest = new(c.Oldest.UTC())
		}
		if !c.Newest.IsZero() {
			out.Newest = new(c.Newest.UTC())
		}
	}
	if err != nil {
		out.Error = new(err.Error())
	}
	return out
}

func (l *listing) write(format report.Format) error {
	if format == report.JSON {
		text, err := l.json()
		if err != nil {
			return err
		}
		if _, err := io.WriteString(l.ios.Out, text); err != nil {
			return outputError("standard output", err)
		}
	} else if err := printed(l.table()); err != nil {
		return err
	}
	l.sayAbsent()
	switch {
	case len(l.found) == 0:
		l.console.note("no channel of a gateway on this computer")
		l.console.hint("run gwlogs on the gateway's own computer; gwlogs channels --all shows what is here")
	case l.failed == len(l.found):
		return errNothing
	case l.failed > 0 && !l.all:
		return errPartial
	}
	return nil
}

// sayAbsent tells which of the gateway's channels are not here. Mostly it is
// an older or newer gateway that has them.
func (l *listing) sayAbsent() {
	var absent []string
	for _, name := range matcher.CanonicalChannels() {
		if !slices.ContainsFunc(l.found, func(c shownChannel) bool { return matcher.SameChannel(c.Channel, name) }) {
			absent = append(absent, name)
		}
	}
	if len(absent) > 0 && len(absent) < len(matcher.CanonicalChannels()) {
		l.console.note("not on this computer: %s", strings.Join(absent, ", "))
	}
}

func (l *listing) json() (string, error) {
	if l.found == nil {
		l.found = []shownChannel{}
	}
	return jsonText(l.found)
}

func (l *listing) table() error {
	if len(l.found) == 0 {
		return nil
	}
	columns := []report.TableColumn{{Title: "CHANNEL", Cut: true}, {Title: "EVENTS", Right: true}, {Title: "OLDEST (UTC)", Spare: 3}, {Title: "NEWEST (UTC)"},
		{Title: "SIZE", Right: true, Spare: 1}, {Title: "MAXIMUM", Right: true, Spare: 4}, {Title: "WHEN FULL", Spare: 5}, {Title: "ENABLED", Spare: 2},
		{Title: "GATEWAY", Spare: 6}}
	var rows [][]string
	for _, c := range l.found {
		rows = append(rows, []string{
			c.Channel, shownOr(c.Records, words.Thousands), shownOr(c.Oldest, shownTime), shownOr(c.Newest, shownTime),
			shownOr(c.Bytes, sizeText), shownOr(c.MaxBytes, sizeText), shownOr(c.Retention, strings.ToLower),
			shownOr(c.Enabled, yesOrNo), yesOrNo(c.Gateway),
		})
	}
	return report.WriteTable(l.ios.Out, outStyle(l.ios), columns, rows)
}

// shownOr shows a value, or a dash if it is not known.
func shownOr[T any](value *T, show func(T) string) string {
	if value == nil {
		return "-"
	}
	return show(*value)
}

func sizeText(n uint64) string { return words.Bytes(float64(n)) }

func yesOrNo(b bool) string {
	return map[bool]string{true: "yes", false: "no"}[b]
}
