package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/redact"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/state"
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
		return runArchive(ctx, ios, o, a, sources)
	}, f.register())
	f.complete(cmd)
	return cmd
}

// archiveOptions are the flags of archive, understood.
type archiveOptions struct {
	reportID   string
	mode       redact.Mode
	rules      *redact.RuleFile
	recipients []age.Recipient
	include    []string
	maxSize    int64
	dryRun     bool
	logEvent   bool
	lang       string

	from *archive.Bundle // the bundle that is made anew, if it is one

	// made is told what came out, instead of standard output; nil for nobody.
	made func(m *archive.Manifest, file string, size int64, sum string) error
}

// defaultWindow is how far back a bundle goes.
const defaultWindow = "7d"

func runArchive(ctx context.Context, ios *IOStreams, o *options, a *archiveOptions, sources []string) error {
	if err := checkBundleOutput(o, a); err != nil {
		return err
	}
	output := o.output
	s, err := openSession(ctx, ios, o.but(func(o *options) {
		if !o.sinceGiven {
			o.since, _ = parseMoment("since", defaultWindow)
		}
		o.output = "" // the session's own output is the console: see archiving.open
	}), sources)
	if err != nil {
		return err
	}
	run := &archiving{s: s, o: a, output: output}
	defer run.close()
	return s.finish(ctx, run.run(ctx))
}

func checkBundleOutput(o *options, a *archiveOptions) error {
	switch {
	case o.output == "-":
		return usage("name a file, or leave --output out: -o bundle.zip", "--output: a bundle is a file, and cannot go to standard output")
	case len(a.recipients) > 0 && o.output != "" && !strings.EqualFold(filepath.Ext(o.output), ".age"):
		return usage("-o "+o.output+".age", "--output: an encrypted bundle is called .zip.age, so that nobody takes it for a zip")
	}
	return nil
}

// archiving is a bundle on its way.
type archiving struct {
	s        *session
	o        *archiveOptions
	output   string // as it was asked for; empty for a name of its own
	builder  *archive.Builder
	redactor *redact.Redactor
	tokens   *redact.Tokens
	folder   state.Folder
	created  time.Time

	out *output
	log *archive.Log // that is being written
	sum int          // logs
}

func (r *archiving) close() {
	if r.log != nil {
		r.log.Discard()
	}
	if r.builder != nil {
		r.builder.Close()
	}
	if r.out != nil {
		r.out.discard()
	}
}

func (r *archiving) run(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.collect(ctx); err != nil {
		return err
	}
	if r.s.nothingRead() {
		return nil // finish says so
	}
	r.includeFiles()
	if r.tokens != nil && !r.o.dryRun {
		if err := r.folder.RememberTokens(r.tokens.Given()); err != nil {
			return stateError("the list of tokens cannot be kept, so nothing was written", err)
		}
	}
	return r.write()
}

// prepare settles the window, opens the output and what redaction needs.
func (r *archiving) prepare(ctx context.Context) error {
	var err error
	if r.folder, err = r.s.ios.State(); err != nil {
		return err
	}
	end, err := r.windowEnd(ctx)
	if err != nil {
		return err
	}
	r.created = end
	if !r.o.dryRun {
		if err := r.open(); err != nil {
			return err
		}
	}
	if err := r.openRedactor(ctx); err != nil {
		return err
	}
	builtin, err := openCatalogue(nil, false)
	if err != nil {
		return err
	}
	r.builder, err = archive.NewBuilder(archive.Options{
		ReportID: r.o.reportID, Tool: archive.Tool{Name: "gwlogs", Version: version()}, Created: end, Window: r.window(end), OpenEnd: r.o.from == nil && r.s.selection.Until.IsZero(), Lang: r.o.lang,
		Redactor: r.redactor, Catalogue: builtin, Threads: r.s.options.threads, MaxSize: r.o.maxSize,
	})
	return err
}

// windowEnd is the end of what was asked for, or else the newest event: no
// clock, so that the same logs give the same bundle.
func (r *archiving) windowEnd(ctx context.Context) (time.Time, error) {
	if r.o.from != nil {
		return r.o.from.Manifest.Created, nil
	}
	s := r.s
	if until := s.selection.Until; !until.IsZero() {
		return until, nil
	}
	return s.window.End(ctx, s.lookAhead(s.logs.Logs, nil))
}

func (r *archiving) window(end time.Time) archive.Span {
	if r.o.from != nil {
		return r.o.from.Manifest.Window.Requested
	}
	var w archive.Span
	if since := r.s.selection.Since; !since.IsZero() {
		w.From = new(since.UTC())
	}
	if !end.IsZero() {
		w.To = new(end.UTC())
	}
	return w
}

// open makes the file that becomes the bundle, before the work, so that what is
// wrong with its folder is said at once.
func (r *archiving) open() error {
	name := r.output
	if name == "" {
		name = "gwlogs-bundle.zip" // in this folder; the computer, which the name has, is known later
	}
	var err error
	r.out, err = openOutput(name, r.s.ios, r.s.logs)
	return err
}

// openRedactor learns names first if identities are to be replaced.
func (r *archiving) openRedactor(ctx context.Context) error {
	o := redact.Options{Mode: r.o.mode, Extra: r.o.rules}
	if r.o.mode == redact.Identities {
		key, err := r.folder.Key(redact.KeySize)
		if err != nil {
			return stateError("the key for tokens", err)
		}
		if r.tokens, err = redact.NewTokens(key); err != nil {
			return err
		}
		o.Tokens = r.tokens
		if o.Names, err = r.learn(ctx, o); err != nil {
			return err
		}
	}
	var err error
	r.redactor, err = redact.New(o)
	if err != nil {
		return usage("gwlogs archive --help", "--redact-rules: %v", err)
	}
	return nil
}

// learner is what one core learns.
type learner struct {
	redactor *redact.Redactor
	names    *redact.Names
}

// learn goes through the selected events once for names that stand elsewhere
// without a sign of what they are.
func (r *archiving) learn(ctx context.Context, o redact.Options) (*redact.Names, error) {
	all := new(redact.Names)
	if _, err := redact.New(o); err != nil {
		return nil, usage("gwlogs archive --help", "--redact-rules: %v", err)
	}
	fresh := func() *learner {
		own, _ := redact.New(o)
		return &learner{own, new(redact.Names)}
	}
	for _, name := range r.o.include {
		if text, err := readFile(name, archive.MaxFile); err == nil {
			l := fresh()
			l.redactor.LearnText(all, text, false)
		}
	}
	_, err := eventlog.Run(ctx, r.s.lookAhead(r.s.logs.Logs, &r.s.selection), eventlog.Consumer[*learner]{
		New: fresh,
		Visit: func(l *learner, rec *evtx.Record) (bool, error) {
			l.redactor.Learn(l.names, rec)
			return false, nil
		},
		Flush: func(l *learner, _ *eventlog.Reading) error {
			all.Merge(l.names)
			l.names = new(redact.Names)
			return nil
		},
	})
	return all, err
}

// collect cuts each log to the window and looks at what is in it.
func (r *archiving) collect(ctx context.Context) error {
	whole := r.s.options.onlyTimes()
	for _, failed := range r.s.logs.Failed {
		r.builder.Fail(filepath.Base(failed.Source), failed.Err)
	}
	return visit(ctx, r.s, false, eventlog.Consumer[*slicing]{
		Begin: r.begin,
		New:   func() *slicing { return new(slicing) },
		Visit: func(b *slicing, rec *evtx.Record) (full bool, err error) {
			b.add(r.log, rec)
			return false, nil
		},
		Flush: r.flush,
		End: func(in *eventlog.Reading) error {
			if in.Err != nil {
				r.builder.Fail(r.sourceName(in.Log), withoutPath(in.Err))
			}
			return r.end(ctx, archive.Origin{Stats: in.Stats, Damaged: in.Damaged, Failed: in.Err != nil, Whole: whole})
		},
	})
}

// withoutPath is what went wrong with a source; the folders it was in are nobody's business.
func withoutPath(err error) error {
	var source *eventlog.Error
	if errors.As(err, &source) {
		err = source.Err
	}
	return plainFileError(err)
}

// sourceName is what a log is called in the bundle: without the folders it was in.
func (r *archiving) sourceName(log *eventlog.Log) string {
	if channel := log.Live(); channel != nil {
		return channel.Name
	}
	name := filepath.Base(log.Name)
	if r.o.from != nil {
		for _, e := range r.o.from.Manifest.Entries {
			if strings.HasSuffix(log.Name, "/"+e.Path) && e.Source != "" {
				return e.Source
			}
		}
	}
	return name
}

func (r *archiving) begin(in *eventlog.Reading) error {
	var err error
	r.log, err = r.builder.Log(r.sourceName(in.Log))
	return err
}

// slicing is the selected records of a chunk, redacted by the core that read it.
type slicing struct {
	log    *archive.Log // that batch is for
	batch  *archive.Batch
	places []evtx.FormatError // of the records, for those that cannot be written
}

func (b *slicing) add(log *archive.Log, rec *evtx.Record) {
	if b.log != log {
		b.log, b.batch = log, log.Batch()
	}
	b.batch.Add(rec)
	b.places = append(b.places, evtx.FormatError{Offset: rec.Offset(), Chunk: rec.Chunk(), RecordID: rec.HeaderID()})
}

// flush writes the records. One that cannot be written is like a damaged one.
func (r *archiving) flush(b *slicing, in *eventlog.Reading) error {
	if b.batch == nil || b.log != r.log {
		return nil
	}
	err := r.log.Write(b.batch, func(refused *evtx.RecordError) {
		place := b.places[refused.Index]
		place.Reason = refused.Reason
		in.Damage(&place)
	})
	b.places = b.places[:0]
	return err
}

// end closes the log; one of which nothing could be read is not in the bundle.
func (r *archiving) end(ctx context.Context, origin archive.Origin) error {
	done := r.log
	r.log = nil
	if origin.Failed && origin.Stats.Records == 0 {
		done.Discard()
		return nil
	}
	r.sum++
	return done.Close(ctx, origin)
}

// includeFiles adds further text files. One that cannot be is no reason to have no bundle.
func (r *archiving) includeFiles() {
	for _, name := range r.o.include {
		if err := r.includeFile(name); err != nil {
			r.builder.Fail(filepath.Base(name), plainFileError(err))
			r.s.fail(fmt.Errorf("%s: %w", name, plainFileError(err)))
		}
	}
	if r.o.from == nil {
		return
	}
	for _, e := range r.o.from.Manifest.Entries {
		if strings.HasPrefix(e.Path, archive.FileFolder) {
			if err := r.includeEntry(&e); err != nil {
				r.builder.Fail(e.Source, err)
				r.s.fail(fmt.Errorf("%s: %w", e.Path, err))
			}
		}
	}
}

func (r *archiving) includeFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("is no ordinary file")
	}
	return r.builder.File(filepath.Base(name), f, info.Size())
}

func (r *archiving) includeEntry(e *archive.Entry) error {
	in, err := r.o.from.Entry(e.Path)
	if err != nil {
		return err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, archive.MaxFile))
	if err != nil {
		return err
	}
	return r.builder.File(e.Source, strings.NewReader(string(data)), int64(len(data)))
}

// newReportID is a random UUID.
func newReportID() string { return uuid.NewString() }
