package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/state"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/upload"
)

func newSendCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "send [BUNDLE|SOURCE...]",
		Short: "Send the logs of the last seven days, or a bundle, to support",
		Long: `Send a support bundle to where support looks for it. Logs are put into a bundle
first, as gwlogs archive does it. What will leave this computer is shown, and you
are asked once; then the report ID is printed, which support finds the bundle by.

` + sourceHelp + `
BUNDLE is a file that gwlogs archive made; it is sent as it is.

The URL of --to is what support gave you: a container of Azure with a SAS, a
presigned URL, or a folder. It is as good as a password. Other people can see the
command lines of this computer: better name the URL in the environment variable
GWLOGS_TO, or with --to-file. gwlogs never shows what is secret about it.

An upload to Azure that was interrupted goes on where it stopped when the same
bundle is sent again, and what is sent appears there when it is whole. If sending
fails, the bundle stays here.`,
		Example: `  gwlogs send --to /mnt/support testdata/gateway-en.evtx
  gwlogs send --to 'https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS' testdata/gateway-en.evtx
  GWLOGS_TO='https://…' gwlogs send --yes --since 2d testdata/gateway-en.evtx
  gwlogs send --to-file url.txt --proxy http://proxy:3128 bundle.zip`,
	}
	var f archiveFlags
	var wires wireFlags
	var yes bool
	own := f.register(ios)
	own.flags.BoolVarP(&yes, "yes", "y", false, "do not ask; needed where there is nobody to ask")
	addSourceVerb(cmd, []report.Format{report.Text, report.JSON}, func(ctx context.Context, o *options, sources []string) error {
		w, err := wires.parse(ios)
		if err != nil {
			return err
		}
		a, err := f.parse(o)
		if err != nil {
			return err
		}
		s := &sendRun{ios: ios, console: &console{w: ios.Err, quiet: o.quiet, each: o.verbose}, o: o, a: a, w: w, yes: yes, given: cmd.Flags().Changed}
		return s.run(ctx, sources)
	}, own, wires.register("to"))
	f.complete(cmd)
	return cmd
}

// sendRun is a bundle on its way to support.
type sendRun struct {
	ios     *IOStreams
	console *console
	o       *options
	a       *archiveOptions
	w       *wire
	yes     bool
	given   func(flag string) bool

	out     *outgoingBundle
	partial error // of archiving
}

// errDeclined is the end of a run in which somebody said no.
var errDeclined = fmt.Errorf("not sent: %w", errNothing)

func (s *sendRun) run(ctx context.Context, sources []string) error {
	if !s.yes && !s.a.DryRun && (!s.ios.InTerminal || len(sources) == 1 && sources[0] == "-") {
		return usage("add --yes; --dry-run shows what would be sent", "--yes is missing: there is nobody here to ask")
	}
	for _, source := range sources {
		if looksLikeURL(source) { // a message about it could show a SAS
			return usage("gwlogs send --to URL FILE.evtx", "a URL is no SOURCE: it belongs behind --to")
		}
	}
	if at, over := s.w.target.Expired(s.ios.Now()); over {
		s.console.note("the right to send there ended at %s, if the clock here is right: it will be refused", shownTime(at))
	}
	if err := s.prepare(ctx, sources); err != nil {
		return err
	}
	defer s.out.close()
	if s.a.DryRun {
		return errors.Join(s.showDry(), s.partial)
	}
	if !s.yes || !s.o.quiet {
		s.show()
	}
	if !s.yes {
		ok, err := s.askPerson(ctx)
		if err != nil {
			return err
		}
		if !ok {
			s.console.note("nothing was sent; the bundle is %s", s.out.file)
			return errDeclined
		}
	}
	sent, err := s.transfer(ctx)
	if err != nil {
		return s.failed(ctx, err)
	}
	if err := s.remember(sent); err != nil {
		s.console.fail(fmt.Errorf("it was sent, but the receipt cannot be kept: %w", err))
		s.partial = errPartial
	}
	return errors.Join(s.tell(sent), s.partial)
}

// prepare opens the bundle, or makes one of the sources.
func (s *sendRun) prepare(ctx context.Context, sources []string) error {
	if len(sources) == 1 {
		var err error
		s.out, err = openOutgoing(ctx, sources[0], s.o.identities)
		if err != nil {
			return errNamed(sources[0], err)
		}
	}
	if s.out != nil {
		if err := s.refuseFlags(); err != nil {
			s.out.close()
			return err
		}
		if m := s.out.manifest; m != nil && m.Records() == 0 {
			s.out.close()
			s.console.problem("nothing was sent: there is not a single event in %s", s.out.file)
			s.console.hint("make another one, of a time that the logs have: gwlogs archive --since 30d FILE.evtx")
			return errPartial
		}
		return s.identify()
	}
	return s.archive(ctx, sources)
}

// refuseFlags refuses what would have to change the bundle.
func (s *sendRun) refuseFlags() error {
	for _, flag := range []string{"redact", "redact-rules", "encrypt-to", "include", "max-size", "since", "until", "level", "id",
		"contains", "provider", "channel", "computer", "duplicates", "all-logs", "output", "log-event"} {
		if s.given(flag) {
			return usage("leave it out, or make another bundle first: gwlogs redact "+shellQuoted(s.out.file),
				"--%s: a bundle is sent as it is", flag)
		}
	}
	return nil
}

// identify finds the report ID of a bundle that cannot be looked into.
func (s *sendRun) identify() error {
	switch {
	case s.out.reportID != "" && s.given("report-id") && s.a.ReportID != s.out.reportID:
		return usage("leave it out", "--report-id: the bundle has one, %s", s.out.reportID)
	case s.out.reportID != "":
	case s.given("report-id"):
		s.out.reportID = s.a.ReportID
	default:
		folder, err := s.ios.State()
		if err == nil {
			s.out.recall(folder)
		}
		if s.out.reportID == "" {
			return usage("name it: --report-id UUID; or give the key to look into the bundle: --identity FILE",
				"%s: is encrypted, and its report ID is not known here", s.out.file)
		}
	}
	return nil
}

// archive makes a bundle. Where only a part of the sources could be read, that is sent.
func (s *sendRun) archive(ctx context.Context, sources []string) error {
	b := newBundleRun(s.ios, s.o)
	r, err := b.make(ctx, s.a, sources)
	if err == nil {
		b.noteEvent(s.a, r)
	}
	if err = b.end(r, err); err != nil && !errors.Is(err, errPartial) {
		return err
	}
	if r.Manifest.Records() == 0 {
		b.sayEmpty(r)
		b.console.problem("nothing was sent: there is not a single event in the bundle")
		return errPartial
	}
	s.out, s.partial = &outgoingBundle{file: r.File, size: r.Bytes, sum: r.SHA256, encrypted: r.Encrypted}, err
	s.out.describe(r.Manifest)
	if s.a.DryRun {
		return nil
	}
	if err := s.out.open(); err != nil {
		return errNamed(s.out.file, err)
	}
	return nil
}

// show lists exactly what will leave the computer, and says where to.
func (s *sendRun) show() { io.WriteString(s.ios.Err, s.text()) }

func (s *sendRun) text() string {
	var b strings.Builder
	if m := s.out.manifest; m != nil {
		text := bundleText(m, s.out.file, s.out.size)
		b.WriteString(strings.TrimSuffix(text, "send this file to support together with its report ID:\n"))
		if r := m.Window.Requested; r.From != nil || r.To != nil {
			fmt.Fprintf(&b, "window: %s to %s (UTC)\n", spanTime(r.From), spanTime(r.To))
		}
	} else {
		fmt.Fprintf(&b, "%s (%s): encrypted: what is in it cannot be shown without its key (--identity)\n",
			report.Visible(s.out.file), words.Bytes(float64(s.out.size)))
	}
	if s.out.manifest != nil && s.out.encrypted {
		b.WriteString("encrypted: only those it was encrypted to can read it\n")
	}
	fmt.Fprintf(&b, "to: %s\n", report.Visible(s.w.target.String()))
	if s.out.sum != "" {
		fmt.Fprintf(&b, "sha256: %s\nreport ID: %s\n", s.out.sum, s.out.reportID)
	}
	b.WriteString(s.privacy())
	return b.String()
}

func spanTime(t *time.Time) string {
	if t == nil {
		return "…"
	}
	return shownTime(*t)
}

// privacy says who will read what.
func (s *sendRun) privacy() string {
	inside := "keys, passwords and tokens were taken out; names of people and computers are in it"
	switch m := s.out.manifest; {
	case m == nil:
		inside = "what was taken out of it cannot be told"
	case m.Redaction.Mode == string(archive.None):
		inside = "nothing was taken out: there may be passwords and keys in it, and names of people and computers"
	case m.Redaction.Mode == string(archive.Identities):
		inside = "keys, passwords, tokens and names were taken out"
	}
	return "privacy: " + inside + ".\n" +
		"         Whoever owns the destination can read and keep it. Nothing else is sent, and nothing to anybody else.\n"
}

func (s *sendRun) showDry() error {
	if s.o.format == report.JSON {
		return s.print(s.document(nil))
	}
	_, err := io.WriteString(s.ios.Out, s.text()+"nothing was sent\n")
	return err
}

// askPerson asks until there is an answer.
func (s *sendRun) askPerson(ctx context.Context) (bool, error) {
	view := ""
	if s.out.page() {
		view = ", or [v]iew the report first"
	}
	for {
		fmt.Fprintf(s.ios.Err, "send it? [y]es, [n]o%s: ", view)
		answer, err := s.answer(ctx)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		switch strings.ToLower(answer) {
		case "y", "yes":
			return true, nil
		case "v", "view":
			if view != "" {
				s.view()
				continue
			}
		case "n", "no":
			return false, nil
		}
		if err != nil { // the end of the input
			fmt.Fprintln(s.ios.Err)
			return false, nil
		}
	}
}

// answer waits for a line, or for Ctrl-C.
func (s *sendRun) answer(ctx context.Context) (string, error) {
	type reply struct {
		line string
		err  error
	}
	got := make(chan reply, 1)
	go func() {
		line, err := readLine(s.ios.In)
		got <- reply{line, err}
	}()
	select {
	case r := <-got:
		return r.line, r.err
	case <-ctx.Done():
		fmt.Fprintln(s.ios.Err)
		return "", ctx.Err()
	}
}

func (s *sendRun) view() {
	where, err := s.out.showPage()
	if err != nil {
		s.console.fail(fmt.Errorf("the report cannot be shown: %w", err))
		return
	}
	s.console.note("the report is %s until this ends", where)
}

// transfer sends the bundle and says how it goes.
func (s *sendRun) transfer(ctx context.Context) (*upload.Sent, error) {
	ctx, cancel := s.w.context(ctx)
	defer cancel()
	m := newMeter(s.ios, s.o.quiet, s.out.size)
	defer m.end()
	options := s.w.options
	options.Notify = func(e *upload.Error) { m.sayAgain(s.console, e.Text+"; trying again") }
	if folder, err := s.ios.State(); err == nil {
		options.StateDir = folder.Path("")
	}
	if !s.o.quiet {
		m.say(s.console, "sending %s to %s", words.Bytes(float64(s.out.size)), s.w.target)
	}
	sent, err := upload.Open(s.w.target, options).Send(ctx, s.out.bundle(), &m.progress)
	if upload.Taken(err) {
		if r := s.receipt(); r != nil {
			return &upload.Sent{Stored: upload.Stored{Blob: r.Blob, ETag: r.ETag}, Already: true}, nil
		}
	}
	if err == nil {
		return sent, nil
	}
	if done := m.progress.Done.Load(); done > 0 && !s.o.quiet {
		m.say(s.console, "%s of %s are there", words.Bytes(float64(done)), words.Bytes(float64(s.out.size)))
	}
	return nil, err
}

// failed says what went wrong and how to go on. The bundle stays.
func (s *sendRun) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		s.console.problem("%s: interrupted: not sent", s.out.file)
	} else {
		s.console.fail(s.w.explain(err))
	}
	// This is no hint: it says what to do whatever the reason was.
	s.console.problem("the bundle is kept; to go on: gwlogs send %s%s", shellQuoted(s.out.file), s.w.again)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errWrong
}

// receipt is that of the same bundle at the same destination; nil if there is none.
func (s *sendRun) receipt() *state.Receipt {
	folder, err := s.ios.State()
	if err != nil {
		return nil
	}
	all, _ := folder.Receipts()
	for _, r := range all {
		if r.ReportID == s.out.reportID && r.SHA256 == s.out.sum && r.To == s.w.target.String() {
			return &r
		}
	}
	return nil
}

func (s *sendRun) remember(sent *upload.Sent) error {
	folder, err := s.ios.State()
	if err != nil {
		return err
	}
	return folder.RememberReceipt(state.Receipt{
		ReportID: s.out.reportID, Time: s.ios.Now().UTC(), To: s.w.target.String(), Blob: sent.Blob,
		File: s.out.path(), Bytes: s.out.size, SHA256: s.out.sum, ETag: sent.ETag,
	})
}

// sentDocument is what send says as JSON.
type sentDocument struct {
	Schema   string            `json:"schema"`
	ReportID string            `json:"report_id"`
	Sent     *time.Time        `json:"sent"` // null for --dry-run
	To       string            `json:"to"`
	Blob     *string           `json:"blob"`
	ETag     *string           `json:"etag"`
	File     *string           `json:"file"`
	Bytes    int64             `json:"bytes"`
	SHA256   *string           `json:"sha256"`
	Already  bool              `json:"already"`       // it was there before
	Resumed  int64             `json:"resumed_bytes"` // that an earlier run had sent
	Manifest *archive.Manifest `json:"manifest"`      // null for an encrypted bundle
}

func (s *sendRun) document(sent *upload.Sent) *sentDocument {
	d := &sentDocument{Schema: "gwlogs.sent/1", ReportID: s.out.reportID, To: s.w.target.String(), Bytes: s.out.size, Manifest: s.out.manifest}
	if s.out.sum != "" {
		d.File, d.SHA256 = new(s.out.path()), &s.out.sum
	}
	if sent != nil {
		d.Sent, d.Blob, d.ETag = new(s.ios.Now().UTC()), &sent.Blob, &sent.ETag
		d.Already, d.Resumed = sent.Already, sent.Resumed
	}
	return d
}

func (s *sendRun) print(d *sentDocument) error {
	text, err := jsonText(d)
	if err == nil {
		_, err = io.WriteString(s.ios.Out, text)
	}
	return err
}

// tell says that it has arrived; the report ID comes last, alone.
func (s *sendRun) tell(sent *upload.Sent) error {
	switch {
	case sent.Already:
		s.console.note("it had been sent before: it is there as %s", sent.Blob)
	case sent.Resumed > 0:
		s.console.note("sent as %s; %s of it were there from an earlier time", sent.Blob, words.Bytes(float64(sent.Resumed)))
	default:
		s.console.note("sent as %s", sent.Blob)
	}
	if s.o.format == report.JSON {
		return s.print(s.document(sent))
	}
	if !s.o.quiet {
		s.console.note("give support this report ID:")
	}
	_, err := io.WriteString(s.ios.Out, s.out.reportID+"\n")
	return err
}
