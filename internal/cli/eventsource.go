package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/winevent"
)

func newEventSourceCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "eventsource install|remove|status",
		Short: "Install what gwlogs archive --log-event needs (Windows)",
		Long: fmt.Sprintf(`Install, remove or show the event source %[1]s of the Windows event log %[2]s.

gwlogs archive --log-event writes event %[3]d with the report ID there; gwlogs
report-id finds it again. The log of the gateway itself is left as it is. Install
and remove need an administrator; writing then does not.`, winevent.Source, winevent.Log, winevent.EventID),
		Example: `  gwlogs eventsource install
  gwlogs archive --log-event`,
		DisableFlagsInUseLine: true,
		Args:                  cobra.ArbitraryArgs,
		ValidArgs:             eventSourceVerbs(),
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		form := "gwlogs eventsource " + strings.Join(eventSourceVerbs(), ", or gwlogs eventsource ")
		if len(args) != 1 {
			return usage(form, "eventsource: say what to do with it")
		}
		run, ok := eventSourceActions()[args[0]]
		if !ok {
			return usage(form, "eventsource: unknown %q", args[0])
		}
		said, err := run()
		if err != nil {
			return err
		}
		if _, err := io.WriteString(ios.Out, said+"\n"); err != nil {
			return outputError("standard output", err)
		}
		return nil
	}
	return cmd
}

func eventSourceVerbs() []string { return []string{"install", "remove", "status"} }
