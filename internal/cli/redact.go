package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/safezip"
)

func newRedactCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "redact BUNDLE|FILE.evtx",
		Short: "Take keys and passwords, or names too, out of a bundle or a log that exists",
		Long: `Take keys, passwords and tokens out of a support bundle or an event log, and with
--redact identities the names of people and machines too. What comes out is a new
file: a bundle with the same report ID, or a log that Event Viewer opens.

Without --output, the new file lies beside the old one: NAME.redacted.zip or
NAME.redacted.evtx. With --test, files of rules of your own are tried on the
samples in them.`,
		Example: `  gwlogs redact testdata/secrets.evtx
  gwlogs redact --redact identities -o shared.zip bundle.zip
  gwlogs redact --test rules.yml`,
	}
	var f redactFlags
	fs := newFlagSet()
	fs.StringVar(&f.mode, "redact", string(archive.Secrets),
		"what to take out, `secrets|identities`: keys and passwords; names of people and machines too")
	fs.StringVar(&f.rules, "redact-rules", "", "also the rules in this `FILE`, which can switch off built-in ones")
	fs.StringArrayVar(&f.encryptTo, "encrypt-to", nil,
		"encrypt a bundle to this age `RECIPIENT` (age1…), or to those in a file of that name; repeatable")
	fs.BoolVar(&f.dryRun, "dry-run", false, "show what would be in the bundle, and write nothing")
	try := fs.Bool("test", false, "try the samples of files of RULES (see --redact-rules) instead")
	addLanguage(fs, &f.lang, ios, "the report and of the text for support")
	addSourceVerb(cmd, []report.Format{report.Text, report.JSON}, func(ctx context.Context, o *options, sources []string) error {
		if *try {
			return tryRules(ios, sources)
		}
		a, err := f.parse()
		if err != nil {
			return err
		}
		return runRedact(ctx, ios, o, a, sources)
	}, flagGroup{"Redaction", fs})
	return cmd
}

func runRedact(ctx context.Context, ios *IOStreams, o *options, a *archiveOptions, sources []string) error {
	if len(sources) != 1 {
		return usage("gwlogs redact bundle.zip", "one BUNDLE or one .evtx FILE is redacted at a time")
	}
	source := sources[0]
	bundle, err := archive.OpenFile(source, o.identities...)
	isZip := strings.EqualFold(filepath.Ext(strings.TrimSuffix(strings.ToLower(source), ".age")), ".zip")
	var path *fs.PathError
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		return &hintedError{errNamed(source, fileerror.Reason(err)), "check the spelling; a name with spaces needs quotation marks"}
	case errors.As(err, &path):
		return errNamed(source, fileerror.Reason(err))
	case hintFor(err) != "":
		return errNamed(source, err)
	case errors.Is(err, safezip.ErrNotZip) && !isZip:
		return redactLog(ctx, ios, o, a, source)
	default:
		return &hintedError{errNamed(source, err), "gwlogs archive makes a bundle of any logs"}
	}
	defer bundle.Close()
	withBundle := *a
	withBundle.Bundle = bundle
	return runArchive(ctx, ios, o.but(func(o *options) {
		if o.output == "" {
			o.output = besideName(source, ".zip")
			if len(a.Recipients) > 0 {
				o.output += ".age"
			}
		}
	}), &withBundle, sources)
}

// besideName is NAME.redacted.EXT for NAME.EXT.
func besideName(name, ext string) string {
	if strings.EqualFold(filepath.Ext(name), ".age") {
		name = name[:len(name)-len(".age")]
	}
	return strings.TrimSuffix(name, filepath.Ext(name)) + ".redacted" + ext
}

// redactLog redacts a single log.
func redactLog(ctx context.Context, ios *IOStreams, o *options, a *archiveOptions, source string) error {
	if len(a.Recipients) > 0 {
		return usage("gwlogs archive --encrypt-to RECIPIENT "+source, "--encrypt-to: a log by itself is not encrypted")
	}
	b := newBundleRun(ios, o.but(func(o *options) {
		if o.output == "" {
			o.output = besideName(source, ".evtx")
		}
	}))
	r, err := b.redact(ctx, a, source)
	if err == nil {
		written := cmp.Or(r.File, "standard output")
		if a.DryRun {
			written = "nothing was written"
		}
		b.console.note("%s: %s", written, strings.TrimSpace(redactionText(r.Manifest)))
	}
	return b.end(r, err)
}
