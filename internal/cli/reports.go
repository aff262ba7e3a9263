package cli

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/upload"
)

func newReportsCommand(ios *IOStreams) *cobra.Command {
	var wires wireFlags
	var format string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "reports",
		Short: "List the bundles that have arrived, for support",
		Long: `List the bundles that gwlogs send has put into a container of Azure or into a
folder, the oldest first. The SAS has to allow to read and to list (sp=rl).`,
		Example: `  gwlogs reports --from 'https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS'
  gwlogs reports --from /mnt/support --format json`,
		DisableFlagsInUseLine: true,
		Args:                  noArguments,
	}
	g := wires.register("from")
	g.flags.StringVar(&format, "format", "text", "`FORMAT` of the output: text, json")
	g.flags.BoolVarP(&quiet, "quiet", "q", false, "errors alone on standard error")
	cmd.Flags().AddFlagSet(g.flags)
	cmd.SetUsageFunc(func(cmd *cobra.Command) error { return verbUsage(cmd, []flagGroup{g}) })
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		f, err := parseFormat(format, []report.Format{report.Text, report.JSON})
		if err != nil {
			return err
		}
		w, err := wires.parse(ios)
		if err != nil {
			return err
		}
		return runReports(cmd.Context(), ios, &console{w: ios.Err, quiet: quiet}, w, f)
	}
	return cmd
}

func runReports(ctx context.Context, ios *IOStreams, c *console, w *wire, format report.Format) error {
	within, cancel := w.context(ctx)
	defer cancel()
	all, err := upload.Open(w.target, w.options).List(within, "")
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return w.explain(err)
	}
	if format == report.JSON {
		if all == nil {
			all = []upload.Stored{}
		}
		text, err := jsonText(all)
		if err == nil {
			_, err = io.WriteString(ios.Out, text)
		}
		return err
	}
	if len(all) == 0 {
		c.note("no bundle has arrived at %s", w.target)
		return nil
	}
	_, err = io.WriteString(ios.Out, reportsText(all))
	return err
}

// reportsText is a line for each bundle.
func reportsText(all []upload.Stored) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-19s  %-36s  %9s  %-39s  %s\n", "arrived (UTC)", "report ID", "size", "window (UTC)", "file")
	for _, s := range all {
		window := ""
		if s.From != nil || s.To != nil {
			window = spanTime(s.From) + "/" + spanTime(s.To)
		}
		size := "?"
		if s.Size >= 0 {
			size = words.Bytes(float64(s.Size))
		}
		fmt.Fprintf(&b, "%-19s  %-36s  %9s  %-39s  %s\n", shownTime(s.Time), report.Visible(s.ReportID), size, window,
			report.Visible(path.Base(s.Blob)))
	}
	return b.String()
}
