package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/view"
	"github.com/gwlogs/gwlogs/internal/view/page"
	"github.com/gwlogs/gwlogs/matcher"
)

func newViewCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "view [SOURCE...]",
		Short: "Look at all events in a browser: filter, search, timeline, findings",
		Long: `Show the events of one or more event logs (.evtx) in a page of your browser: a
list of all events by time, filters, search, a timeline, every detail of an event,
and what gwlogs diagnose says, each problem with its events.

` + sourceHelp + `

The page is served on this computer alone, at an address that nobody else knows;
nothing leaves the computer. It ends when the page is closed, or with Ctrl-C.
Where no browser opens, open the address that is printed.

gwlogs.html, which is one file, does the same without this program: open it in a
browser, and drop logs or a bundle on it.`,
		Example: `  gwlogs view testdata/gateway-en.evtx
  gwlogs view --since 7d testdata
  gwlogs view --identity key.txt bundle.zip.age
  gwlogs view --no-open --port 8080 testdata/gateway-en.evtx`,
	}
	var f viewFlags
	addEventVerb(cmd, ios, []report.Format{report.JSON}, func(ctx context.Context, o *options, sources []string) error {
		return runView(ctx, ios, o, &f, sources)
	}, f.register(ios))
	for _, name := range []string{"format", "output", "merge"} {
		_ = cmd.Flags().MarkHidden(name)
	}
	completeLanguage(cmd)
	_ = cmd.Flags().MarkHidden("no-pager") // what it prints is waited for
	return cmd
}

// viewFlags are the flags of view.
type viewFlags struct {
	lang   string
	port   int
	noOpen bool
}

func (f *viewFlags) register(ios *IOStreams) flagGroup {
	fs := newFlagSet()
	addLanguage(fs, &f.lang, ios, "the page")
	fs.IntVar(&f.port, "port", 0, "the `PORT` on 127.0.0.1; 0 for any that is free")
	fs.BoolVar(&f.noOpen, "no-open", false, "do not open a browser: only print the address")
	return flagGroup{"Page", fs}
}

func runView(ctx context.Context, ios *IOStreams, o *options, f *viewFlags, sources []string) error {
	if err := checkLang(f.lang); err != nil {
		return err
	}
	if f.port < 0 || f.port > 65535 {
		return usage("--port 8080, or 0 for any", "--port: %d is not between 0 and 65535", f.port)
	}
	s, err := openSession(ctx, ios, o.but(func(o *options) { o.text, o.neighbours = true, true }), sources)
	if err != nil {
		return err
	}
	s.progress.status().end()
	narrowed := &eventlog.Pass{}
	o.narrow(narrowed)
	e := view.New(view.Options{
		Version: version(), Lang: f.lang, Mode: "server", Select: &s.selection, Where: narrowed.Where, Duplicates: o.duplicates, Threads: o.threads,
		Catalogue: matcher.BuiltinCatalogue, Now: ios.Now, Keep: keepForView(ios), Kept: keptForView(ios),
	})
	defer e.Close()
	server, err := view.Listen(e, page.Files(), f.port)
	if err != nil {
		s.close()
		var opErr *net.OpError
		if errors.As(err, &opErr) {
			err = opErr.Err
		}
		return &hintedError{fmt.Errorf("port %d cannot be opened: %w", f.port, err), "leave --port out: any free one is taken then"}
	}
	follower := s.logs.FollowSome(ctx, &s.selection) // before they are read
	e.Open(s.logs)
	if follower != nil {
		e.Follow(follower)
	}
	fmt.Fprintln(ios.Out, server.URL())
	s.console.note("this address is for you alone; Ctrl-C ends it")
	if !f.noOpen {
		if err := openBrowser(server.URL()); err != nil {
			s.console.note("no browser could be opened: open the address above")
		}
	}
	why, err := server.Run(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		s.console.note("ended")
		return nil
	case err != nil:
		return err
	case why == view.PageGone:
		s.console.note("ended: the page has not asked for anything for a long time")
	default:
		s.console.note("ended: the page was closed")
	}
	return nil
}

// keepForView keeps what the page wants kept: the port, and so what a browser keeps for the page, is another one each time.
func keepForView(ios *IOStreams) func(key string, value []byte) error {
	return func(key string, value []byte) error {
		folder, err := ios.State()
		if err != nil {
			return err
		}
		return folder.Keep("view-"+key, value)
	}
}

func keptForView(ios *IOStreams) func(key string) ([]byte, error) {
	return func(key string) ([]byte, error) {
		folder, err := ios.State()
		if err != nil {
			return nil, err
		}
		return folder.Kept("view-" + key)
	}
}

// openBrowser has the system open a page. It waits only for the system to take it.
func openBrowser(url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	case "darwin":
		name = "open"
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait()
	return nil
}
