package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/state"
	"github.com/gwlogs/gwlogs/internal/wholefile"
	"github.com/gwlogs/gwlogs/internal/words"
)

func newArchiveCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "archive [SOURCE...]",
		Short: "Put the logs of the last seven days into one file for support",
		Long: `Put the events of the last seven days into one zip file for support: as event
logs that Event Viewer opens, with what is wrong (report.html, for any browser)
and a list of all that is in it. It gets a report ID, which is printed last and
which gwlogs report-id finds again.

` + sourceHelp + `

From a folder it takes the gateway's logs, and of System and Application what
tells of it; what it leaves out is listed. A file that is named is taken whole,
and --all-logs takes all of a folder.

Keys, passwords and tokens are taken out before anything is written, wherever
they stand in an event. With --redact identities, the names of people and
machines become tokens: the same one for the same name, and gwlogs unredact
turns them back, for you alone. --dry-run shows what would be in the file.

The file appears when it is complete, or not at all. The same events and report
ID give the same file, to the byte, unless it is encrypted.`,
		Example: `  gwlogs archive testdata/gateway-en.evtx
  gwlogs archive --since 30d --redact identities -o bundle.zip testdata
  gwlogs archive --dry-run testdata/gateway-en.evtx
  gwlogs archive --encrypt-to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p testdata/gateway-en.evtx
  gwlogs archive --include install.log -o bundle.zip testdata/gateway-en.evtx`,
	}
	var f archiveFlags
	addSourceVerb(cmd, []report.Format{report.Text, report.JSON}, func(ctx context.Context, o *options, sources []string) error {
		a, err := f.parse(o)
		if err != nil {
			return err
		}
		if f.review {
			return reviewed(ctx, ios, o, a, sources)
		}
		return runArchive(ctx, ios, o, a, sources)
	}, f.register(ios))
	f.complete(cmd)
	return cmd
}

// archiveOptions are the flags of archive, understood.
type archiveOptions struct {
	archive.Options // but for the sources, and what all verbs have
	logEvent        bool
	check           string // checkNow, or the name of a file; empty for none
}

func runArchive(ctx context.Context, ios *IOStreams, o *options, a *archiveOptions, sources []string) error {
	b := newBundleRun(ios, o)
	r, err := b.make(ctx, a, sources)
	if r == nil || r.Manifest == nil || err != nil {
		return b.end(r, err)
	}
	b.noteEvent(a, r)
	return b.end(r, b.say(r))
}

// bundleRun is a bundle that is made, or a log that is redacted.
type bundleRun struct {
	ios      *IOStreams
	o        *options
	console  *console
	progress *progress
	folder   state.Folder
	failed   bool // to remember the report ID
}

func newBundleRun(ios *IOStreams, o *options) *bundleRun {
	return &bundleRun{ios: ios, o: o, console: &console{w: ios.Err, quiet: o.quiet, each: o.verbose}}
}

// make makes a bundle of the sources.
func (b *bundleRun) make(ctx context.Context, a *archiveOptions, sources []string) (*archive.Result, error) {
	if info, err := os.Stat(b.o.output); err == nil && info.IsDir() { // a name of its own, in that folder
		in := *a
		in.Folder = b.o.output
		a, b.o = &in, b.o.but(func(o *options) { o.output = "" })
	}
	switch {
	case b.o.output == "-":
		return nil, usage("name a file, or leave --output out: -o bundle.zip", "--output: a bundle is a file, and cannot go to standard output")
	case len(a.Recipients) > 0 && b.o.output != "" && !strings.EqualFold(filepath.Ext(b.o.output), ".age"):
		return nil, usage("-o "+b.o.output+".age", "--output: an encrypted bundle is called .zip.age, so that nobody takes it for a zip")
	}
	remember := func(r *archive.Result) error {
		if err := b.rememberTokens(r); err != nil {
			return err
		}
		if err := b.remember(r); err != nil {
			b.console.fail(stateError("the report ID cannot be remembered", err))
			b.failed = true
		}
		return nil
	}
	return b.run(ctx, archive.Make, a, sources, remember)
}

// redact redacts a log.
func (b *bundleRun) redact(ctx context.Context, a *archiveOptions, source string) (*archive.Result, error) {
	return b.run(ctx, archive.RedactLog, a, []string{source}, b.rememberTokens)
}

// run has package archive do its work.
func (b *bundleRun) run(
	ctx context.Context, do func(context.Context, archive.Options) (*archive.Result, error),
	a *archiveOptions, sources []string, remember func(*archive.Result) error,
) (*archive.Result, error) {
	o := a.Options
	if o.Bundle == nil {
		if err := checkSources(b.ios, sources, b.ios.Channels != nil); err != nil {
			return nil, err
		}
		o.Sources = sources
	}
	var err error
	if b.folder, err = b.ios.State(); err != nil {
		return nil, err
	}
	if o.Redact == archive.Identities {
		if o.TokenKey, err = b.folder.Key(archive.TokenKeySize); err != nil {
			return nil, stateError("the key for tokens", err)
		}
	}
	if !b.ios.InTerminal {
		o.Stdin = b.ios.In
	}
	o.Identities, o.CodePage, o.Recover, o.Select, o.Threads = b.o.identities, b.o.codePage, b.o.recover, b.o.selection, b.o.threads
	o.Since, o.Until = b.o.since.forBundle(), b.o.until.forBundle()
	o.Duplicates = b.o.duplicates
	o.RelativeTo, o.Now = string(b.o.relativeTo), b.ios.Now
	o.Tool = archive.Tool{Name: "gwlogs", Version: version()}
	if a.check != "" {
		if o.Check, err = b.check(ctx, a.check, sources); err != nil {
			return nil, err
		}
	}
	if o.File = b.o.output; o.File == "-" {
		o.File, o.Out = "", &output{Writer: b.ios.Out, name: "standard output"}
	}
	b.progress = startProgress(b.ios, b.o.quiet, -1)
	b.console.status = b.progress.status()
	o.Progress = func(p archive.Progress) { b.progress.of(p.Bytes, p.Total, p.Events) }
	o.EachDamage = b.o.verbose
	o.Notify = func(n archive.Notice) { b.console.tell(eventlog.Notice(n)) }
	o.Remember = remember
	r, err := do(eventlog.WithChannels(ctx, b.ios.Channels), o)
	b.progress.status().end()
	b.console.status = nil
	return r, b.explain(r, err)
}

// explain words an error of package archive.
func (b *bundleRun) explain(r *archive.Result, err error) error {
	var check *archive.CheckError
	var rules *archive.RulesError
	var size *archive.SizeError
	var file *wholefile.Error
	switch {
	case errors.Is(err, archive.ErrBackwards):
		since := b.o.since
		if !since.given() {
			since, _ = parseMoment("since", "7d", time.UTC) // archive.DefaultWindow
		}
		return orderError(since.with(r.Since), b.o.until.with(r.Until))
	case errors.As(err, &check):
		return usage("give what gwlogs check --format json -o check.json has written", "--check: %v", check.Err)
	case errors.As(err, &rules):
		return usage("gwlogs archive --help", "--redact-rules: %v", rules.Err)
	case errors.As(err, &size):
		return tooLarge(r, size)
	case errors.As(err, &file):
		name := file.Name
		if b.o.output == "" { // nobody has named it: what is wrong is with the folder
			if folder, err := filepath.Abs(filepath.Dir(name)); err == nil {
				name = folder
			}
			file.Name = name
		}
		return refusedOutput(b.o.output, outputError(name, err))
	}
	return err
}

// end sums up, and returns the error that decides on the exit code.
func (b *bundleRun) end(r *archive.Result, err error) error {
	nothing := errors.Is(err, archive.ErrNothingRead)
	if err != nil && !nothing {
		return err
	}
	b.console.sayDamage(r.Damaged, r.DamagedLogs, r.Logs)
	switch {
	case nothing:
		return errNothing
	case r.Partial() || b.failed || r.Manifest.ReportID != "" && r.Manifest.Records() == 0:
		return errPartial
	}
	return nil
}

// tooLarge names the next step for a bundle that is larger than --max-size.
func tooLarge(r *archive.Result, size *archive.SizeError) error {
	hint := "leave out --max-size, or choose fewer events: --level critical,error,warning"
	if end := r.Manifest.Created; !r.Since.IsZero() && !end.IsZero() {
		days := end.Sub(r.Since).Hours() / 24 * float64(size.Max) / float64(size.Size)
		switch {
		case days >= 1:
			hint = fmt.Sprintf("choose a shorter time: --since %dd", int(days))
		case days*24 >= 1:
			hint = fmt.Sprintf("choose a shorter time: --since %dh", int(days*24))
		}
	}
	return &hintedError{fmt.Errorf("--max-size: the bundle would have %s, and %s are allowed: nothing was written",
		words.Bytes(float64(size.Size)), words.Bytes(float64(size.Max))), hint}
}

func (b *bundleRun) rememberTokens(r *archive.Result) error {
	if err := b.folder.RememberTokens(r.Tokens); err != nil {
		return stateError("the list of tokens cannot be kept, so nothing was written", err)
	}
	return nil
}

// remember writes the bundle to the journal.
func (b *bundleRun) remember(r *archive.Result) error {
	file := r.File
	if full, err := filepath.Abs(file); err == nil {
		file = full
	}
	w := r.Manifest.Window.Requested
	return b.folder.Remember(state.Bundle{
		ReportID: r.Manifest.ReportID, Time: b.ios.Now().UTC().Truncate(time.Second), File: file, Bytes: r.Bytes, SHA256: r.SHA256,
		Computer: r.Computer, From: w.From, To: w.To, Redaction: r.Manifest.Redaction.Mode, Encrypted: r.Encrypted,
	})
}

// noteEvent writes the report ID to the Windows event log if that was asked
// for. The bundle is there by then: what goes wrong is no reason to fail.
func (b *bundleRun) noteEvent(a *archiveOptions, r *archive.Result) {
	if !a.logEvent || r.File == "" {
		return
	}
	if err := logReportID(r.Manifest.ReportID); err != nil {
		b.console.note("the report ID is not in the Windows event log: %v", err)
		if hint := hintFor(err); hint != "" {
			b.console.hint("%s", hint)
		}
	}
}
