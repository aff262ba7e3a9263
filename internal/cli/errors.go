package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
)

func newErrorsCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "errors [SOURCE...]",
		Short: "Show what went wrong: the critical events and the errors",
		Long: `Show what went wrong: the events of the levels critical and error.
This is "gwlogs events --level critical,error".

` + sourceHelp,
		Example: `  gwlogs errors testdata/gateway-en.evtx
  gwlogs errors --since 7d testdata/gateway-en.evtx
  gwlogs errors --since 2017-05-02 --until 2017-05-03 --format text testdata
  gwlogs errors --format csv -o errors.csv testdata/gateway-fr.evtx`,
	}
	var f orderFlags
	addEventVerb(cmd, ios, eventFormats(), func(ctx context.Context, o *options, sources []string) error {
		if len(o.selection.Levels) == 0 {
			o = o.but(func(o *options) { o.selection.Levels = []evtx.Level{1, 2} })
			return runOrdered(ctx, ios, &f, o, sources, "errors")
		}
		return runOrdered(ctx, ios, &f, o, sources, "events") // of the levels that were asked for
	}, f.register())
	return cmd
}
