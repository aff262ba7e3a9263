package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
)

func newVerifyCommand(ios *IOStreams) *cobra.Command {
	var identities []string
	var format string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "verify BUNDLE...",
		Short: "Check that a support bundle is complete, unchanged and harmless",
		Long: `Check a support bundle: that it holds what its list says, each file with the
size and SHA-256 checksum that it was made with, that every log in it is well
formed and holds nothing but the events of its window, and that nothing in it is
dangerous to unpack. Each thing that is wrong is a line.

The checksums are in the bundle itself: they tell damage, not a forgery.`,
		Example: `  gwlogs verify bundle.zip
  gwlogs verify --identity key.txt bundle.zip.age`,
		DisableFlagsInUseLine: true,
		Args:                  cobra.ArbitraryArgs,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"zip", "age"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	cmd.Flags().StringArrayVar(&identities, "identity", nil, "the age key in this `FILE` opens encrypted bundles; repeatable")
	cmd.Flags().StringVar(&format, "format", "text", "`FORMAT` of the output: text, json")
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "say only what is wrong")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("gwlogs verify bundle.zip", "no BUNDLE given: which file?")
		}
		f, err := parseFormat(format, []report.Format{report.Text, report.JSON})
		if err != nil {
			return err
		}
		keys, err := readIdentities(identities)
		if err != nil {
			return err
		}
		v := &verifyRun{ios: ios, console: &console{w: ios.Err, quiet: quiet}, format: f, quiet: quiet, keys: keys}
		return v.run(cmd.Context(), args)
	}
	return cmd
}

// verifyRun checks bundles, one after the other.
type verifyRun struct {
	ios     *IOStreams
	console *console
	format  report.Format
	quiet   bool
	keys    []age.Identity
	wrong   bool
}

// verified is what verify says of a bundle as JSON.
type verified struct {
	File     string   `json:"file"`
	OK       bool     `json:"ok"`
	ReportID string   `json:"report_id"`
	Entries  int      `json:"entries"`
	Bytes    int64    `json:"bytes"`
	Records  int      `json:"records"`
	Problems []string `json:"problems"`
}

func (v *verifyRun) run(ctx context.Context, files []string) error {
	var all []verified
	for _, name := range files {
		one, err := v.file(ctx, name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			one = verified{File: name, Problems: []string{err.Error()}}
		}
		one.OK = len(one.Problems) == 0
		v.wrong = v.wrong || !one.OK
		if v.format == report.JSON {
			all = append(all, one)
			continue
		}
		if err := v.say(&one, err); err != nil {
			return err
		}
	}
	if v.format == report.JSON {
		text, err := jsonText(all)
		if err == nil {
			err = v.print(text)
		}
		if err != nil {
			return err
		}
	}
	if v.wrong {
		return errWrong
	}
	return nil
}

func (v *verifyRun) file(ctx context.Context, name string) (verified, error) {
	f, size, err := openBundleFile(name)
	if err != nil {
		return verified{}, err
	}
	defer f.Close()
	verdict, err := archive.Verify(ctx, f, size, v.keys...)
	if err != nil {
		return verified{}, err
	}
	out := verified{File: name, Entries: verdict.Checked, Bytes: verdict.Bytes, Records: verdict.Records, Problems: verdict.Problems}
	if verdict.Manifest != nil {
		out.ReportID = verdict.Manifest.ReportID
	}
	if out.Problems == nil {
		out.Problems = []string{}
	}
	return out, nil
}

func (v *verifyRun) say(one *verified, err error) error {
	if err != nil {
		hint := hintFor(err)
		if hint == "" && strings.EqualFold(filepath.Ext(one.File), ".evtx") {
			hint = "verify is for bundles, which gwlogs archive makes; what a log holds: gwlogs stats " + one.File
		}
		v.console.fail(&hintedError{fmt.Errorf("%s: %w", one.File, err), hint})
		return nil
	}
	for _, p := range one.Problems {
		v.console.problem("%s: %s", one.File, p)
	}
	switch {
	case !one.OK:
		v.console.hint("do not rely on this file: have it sent again")
		return nil
	case v.quiet:
		return nil
	}
	return v.print(fmt.Sprintf("%s: ok: %d files, %s events, %s; report ID %s\n", report.Visible(one.File),
		one.Entries, words.Thousands(uint64(one.Records)), words.Bytes(float64(one.Bytes)), one.ReportID))
}

func (v *verifyRun) print(text string) error {
	if _, err := io.WriteString(v.ios.Out, text); err != nil {
		return outputError("standard output", err)
	}
	return nil
}
