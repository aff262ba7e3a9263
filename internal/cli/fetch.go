package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/checksum"
	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/reportid"
	"github.com/gwlogs/gwlogs/internal/wholefile"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/upload"
)

func newFetchCommand(ios *IOStreams) *cobra.Command {
	var wires wireFlags
	var format, output string
	var identities []string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "fetch REPORTID",
		Short: "Get a bundle that has arrived by its report ID, and check it, for support",
		Long: `Get the bundle with a report ID out of a container of Azure or out of a folder,
and check it: that it is what was sent, to the byte, and what gwlogs verify checks.
The SAS has to allow to read and to list (sp=rl).

The file appears when it is complete and has the checksum that it was sent with.
Without --output, it has the name that it was sent with, in this folder.`,
		Example: `  gwlogs fetch 06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4 --from 'https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS'
  gwlogs fetch 06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4 --from /mnt/support -o bundle.zip`,
		DisableFlagsInUseLine: true,
		Args:                  cobra.ArbitraryArgs,
	}
	g := wires.register("from")
	g.flags.StringVarP(&output, "output", "o", "", "write to this `FILE`")
	g.flags.StringArrayVar(&identities, "identity", nil, "the age key in this `FILE` opens an encrypted bundle, to check it; repeatable")
	g.flags.StringVar(&format, "format", "text", "`FORMAT` of the output: text, json")
	g.flags.BoolVarP(&quiet, "quiet", "q", false, "print the name of the file alone")
	cmd.Flags().AddFlagSet(g.flags)
	cmd.SetUsageFunc(func(cmd *cobra.Command) error { return verbUsage(cmd, []flagGroup{g}) })
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usage("gwlogs fetch 06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4 --from URL", "one REPORTID is needed: which bundle?")
		}
		if looksLikeURL(args[0]) {
			return usage("gwlogs fetch REPORTID --from URL", "a URL is no REPORTID: it belongs behind --from")
		}
		id, ok := reportid.Parse(args[0])
		if !ok {
			return usage("a report ID is a UUID: 06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4", "%q is no report ID", args[0])
		}
		f, err := parseFormat(format, []report.Format{report.Text, report.JSON})
		if err != nil {
			return err
		}
		keys, err := readIdentities(identities)
		if err != nil {
			return err
		}
		w, err := wires.parse(ios)
		if err != nil {
			return err
		}
		return (&fetchRun{
			ios: ios, console: &console{w: ios.Err, quiet: quiet}, w: w, id: id, output: output, keys: keys, format: f, quiet: quiet,
		}).run(cmd.Context())
	}
	return cmd
}

// fetchRun is a bundle on its way back.
type fetchRun struct {
	ios     *IOStreams
	console *console
	w       *wire
	id      string
	output  string
	keys    []age.Identity
	format  report.Format
	quiet   bool
}

func (f *fetchRun) run(ctx context.Context) error {
	within, cancel := f.w.context(ctx)
	defer cancel()
	from := upload.Open(f.w.target, f.w.options)
	stored, err := f.choose(within, from)
	if err == nil {
		err = f.get(within, from, stored)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return f.w.explain(err)
	}
	return nil
}

// choose finds the bundle; the newest, if there are several of the report ID.
func (f *fetchRun) choose(ctx context.Context, from upload.Destination) (*upload.Stored, error) {
	all, err := from.List(ctx, f.id)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, &hintedError{fmt.Errorf("no bundle with the report ID %s is at %s", f.id, f.w.target),
			"gwlogs reports lists those that are there; has it been sent to the same place?"}
	}
	if len(all) > 1 {
		f.console.note("%d bundles have this report ID: this is the newest", len(all))
	}
	return &all[len(all)-1], nil
}

// get copies the bundle to a file that gets its name when its sum is right.
func (f *fetchRun) get(ctx context.Context, from upload.Destination, s *upload.Stored) error {
	name := f.output
	if name == "" {
		name = localName(s.Blob, f.id)
	}
	if info, err := os.Stat(name); err == nil && (f.output == "" || !info.Mode().IsRegular()) {
		return usage("choose another name: -o FILE.zip", "%s: is there already", name)
	}
	temp, err := wholefile.Create(name, 0o600, nil)
	if err != nil {
		return err
	}
	defer temp.Discard()
	m := newMeter(f.ios, f.quiet, s.Size)
	size, err := from.Fetch(ctx, s, temp, &m.progress)
	m.end()
	if err != nil {
		return err
	}
	sum, _, err := checksum.SHA256(ctx, temp)
	switch {
	case err != nil:
		return fileerror.Reason(err)
	case s.SHA256 != "" && !strings.EqualFold(sum, s.SHA256), s.Size >= 0 && size != s.Size:
		return &hintedError{fmt.Errorf("%s: is not what was sent: its checksum differs", s.Blob),
			"get it again; if that does not help, have it sent again"}
	}
	problems, err := f.check(ctx, temp, size)
	if err != nil {
		return err
	}
	if err := temp.Commit(); err != nil {
		return err
	}
	return f.say(s, name, sum, size, problems)
}

// check looks for what gwlogs verify finds wrong.
func (f *fetchRun) check(ctx context.Context, file io.ReaderAt, size int64) ([]string, error) {
	verdict, err := archive.Verify(ctx, file, size, f.keys...)
	switch {
	case errors.Is(err, archive.ErrEncrypted) && len(f.keys) == 0:
		f.console.note("it is encrypted: give its key with --identity to have it checked")
		return nil, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return []string{err.Error()}, nil
	}
	problems := verdict.Problems
	if m := verdict.Manifest; m != nil && !strings.EqualFold(m.ReportID, f.id) {
		problems = append(problems, "its report ID is another one: "+m.ReportID)
	}
	return problems, nil
}

// fetchedDocument is what fetch says as JSON.
type fetchedDocument struct {
	Schema   string         `json:"schema"`
	File     string         `json:"file"`
	SHA256   string         `json:"sha256"`
	Stored   *upload.Stored `json:"stored"`
	OK       bool           `json:"ok"`
	Problems []string       `json:"problems"`
}

func (f *fetchRun) say(s *upload.Stored, name, sum string, size int64, problems []string) error {
	for _, p := range problems {
		f.console.problem("%s: %s", name, p)
	}
	if len(problems) > 0 {
		f.console.hint("do not rely on this file: have it sent again")
	}
	var text string
	switch {
	case f.format == report.JSON:
		var err error
		text, err = jsonText(fetchedDocument{"gwlogs.fetched/1", name, sum, s, len(problems) == 0, append([]string{}, problems...)})
		if err != nil {
			return err
		}
	case f.quiet:
		text = name + "\n"
	case s.SHA256 == "":
		text = fmt.Sprintf("%s: %s; the destination does not say which checksum it was sent with\n", report.Visible(name),
			words.Bytes(float64(size)))
	default:
		text = fmt.Sprintf("%s: %s, as it was sent; sha256 %s\n", report.Visible(name), words.Bytes(float64(size)), sum)
	}
	if _, err := io.WriteString(f.ios.Out, text); err != nil {
		return outputError("standard output", err)
	}
	if len(problems) > 0 {
		return errWrong
	}
	return nil
}

// localName is the name of a file here for one that a stranger may have named.
func localName(blob, id string) string {
	name := path.Base(blob)
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) || r == 0x7f {
			return -1
		}
		return r
	}, name)
	if name != plain || !filepath.IsLocal(name) || strings.HasPrefix(name, ".") || len(name) > 200 || report.Visible(name) != name {
		return id + ".zip"
	}
	return name
}
