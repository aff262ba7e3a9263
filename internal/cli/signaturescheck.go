package cli

import (
	"errors"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

func newSignaturesLintCommand(ios *IOStreams) *cobra.Command {
	return &cobra.Command{
		Use:   "lint [FILE...]",
		Short: "Check files of signatures: is anything wrong, missing or not portable?",
		Long: `Check files (or folders) of signatures; without FILE, the built-in ones. What is
wrong is shown with file, line and column, and the exit code is 1.

Beside the Sigma language itself, this checks the portable profile, so that other
engines can take the catalogue too, and that a person who meets the problem is
told its cause and what to do. What nobody has compared with its references for
two years is only noted.`,
		Example:               "  gwlogs signatures lint my-rules.yml",
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     completeRuleFiles,
		RunE: func(_ *cobra.Command, files []string) error {
			return lintSignatures(&console{w: ios.Err}, files)
		},
	}
}

// errWrong ends a check that found something: it has been said what.
var errWrong = errors.New("something is wrong")

func lintSignatures(console *console, files []string) error {
	builtin, err := matcher.Builtin()
	if err != nil {
		return err
	}
	known := make(map[string]bool, len(builtin))
	for _, s := range builtin {
		known[s.Name] = true
	}
	checked, found := builtin, 0
	if len(files) > 0 {
		checked = nil
		for _, name := range besideLocales(files) {
			signatures, err := matcher.Load(name)
			var rule *sigma.Error
			switch {
			case errors.As(err, &rule):
				found++
				showRuleError(console, rule)
			case err != nil:
				return signatureError(err)
			}
			checked = append(checked, signatures...)
		}
	}
	for _, e := range matcher.LintAll(checked, func(name string) bool { return known[name] }) {
		found++
		showRuleError(console, e)
	}
	for folder, signatures := range byLocale(checked, len(files) == 0) {
		missing, err := matcher.LintLocales(signatures, folder)
		if err != nil {
			return err
		}
		for _, e := range missing {
			found++
			showRuleError(console, e)
		}
	}
	var rule *sigma.Error
	if _, err := matcher.New(checked); errors.As(err, &rule) {
		found++
		showRuleError(console, rule)
	}
	noteOutdated(console, checked)
	if names := matcher.Unchecked(checked); len(names) > 0 {
		console.note("%d of %s not compared with their references yet: %s", len(names), counted(len(checked), "signature"), strings.Join(names, ", "))
	}
	if found > 0 {
		console.problem("%s in %s", counted(found, "mistake"), counted(len(checked), "signature"))
		return errWrong
	}
	console.note("%s checked: nothing is wrong", counted(len(checked), "signature"))
	return nil
}

// besideLocales takes in place of a file of texts in another language, or of a folder of such, the folder of their signatures.
func besideLocales(names []string) []string {
	var all []string
	for _, name := range names {
		if folder, err := filepath.Abs(name); err == nil {
			if info, err := os.Stat(folder); err == nil && !info.IsDir() {
				folder = filepath.Dir(folder)
			}
			if filepath.Base(folder) == matcher.LocaleFolder {
				name = filepath.Dir(folder)
			}
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// byLocale yields the signatures beside whose files there is a folder of texts in other languages, and the folder.
func byLocale(signatures []*matcher.Signature, builtin bool) iter.Seq2[fs.FS, []*matcher.Signature] {
	return func(yield func(fs.FS, []*matcher.Signature) bool) {
		if builtin {
			if folder, err := matcher.Locales(); err == nil {
				yield(folder, signatures)
			}
			return
		}
		byFolder := make(map[string][]*matcher.Signature)
		for _, s := range signatures {
			folder := filepath.Join(filepath.Dir(s.Rule.File), matcher.LocaleFolder)
			byFolder[folder] = append(byFolder[folder], s)
		}
		for _, folder := range slices.Sorted(maps.Keys(byFolder)) {
			if !yield(os.DirFS(folder), byFolder[folder]) {
				return
			}
		}
	}
}

// noteOutdated notes which signatures were compared with pages that are old by now: each of a few, the number of many.
func noteOutdated(console *console, signatures []*matcher.Signature) {
	const few = 10
	outdated := matcher.Outdated(signatures, time.Now())
	if len(outdated) > few {
		console.note("%d of %s were compared with pages that are over two years old: look whether these still say so (lint FILE names them)",
			len(outdated), counted(len(signatures), "signature"))
		return
	}
	for _, e := range outdated {
		console.note("%v", e)
	}
}

// showRuleError shows what is wrong with a rule, and the line.
func showRuleError(c *console, e *sigma.Error) {
	c.problem("%v", e)
	c.excerpt(e.Excerpt())
}

func newSignaturesTestCommand(ios *IOStreams) *cobra.Command {
	return &cobra.Command{
		Use:   "test [FILE...]",
		Short: "Try signatures on their samples",
		Long: `Try every signature of the files (or folders) on its own samples, among the
built-in ones; without FILE, the built-in ones themselves. Each sample is written
to an event log and diagnosed like any other. What does not turn out as it should
is shown, and the exit code is 1.`,
		Example:               "  gwlogs signatures test my-rules.yml",
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     completeRuleFiles,
		RunE: func(_ *cobra.Command, files []string) error {
			return testSignatures(&console{w: ios.Err}, files)
		},
	}
}

func testSignatures(console *console, files []string) error {
	all, err := matcher.Builtin()
	if err != nil {
		return err
	}
	tested := all
	if len(files) > 0 {
		tested = nil
		for _, name := range besideLocales(files) {
			own, err := matcher.Load(name)
			if err != nil {
				return signatureError(err)
			}
			tested = append(tested, own...)
		}
		all = withoutNamesOf(all, tested)
		all = append(all, tested...)
	}
	c, err := matcher.New(all)
	if err != nil {
		return signatureError(err)
	}
	samples, mistakes := 0, 0
	for _, s := range tested {
		samples += len(s.Positive) + len(s.Negative)
		for _, m := range c.Test(s) {
			mistakes++
			console.problem("%s:%d: %v", s.Rule.File, s.Rule.Pos.Line, m)
		}
	}
	if mistakes > 0 {
		console.problem("%d of %s of %s went wrong", mistakes, counted(samples, "sample"), counted(len(tested), "signature"))
		return errWrong
	}
	console.note("%s of %s: all as they should be", counted(samples, "sample"), counted(len(tested), "signature"))
	return nil
}

// withoutNamesOf leaves out what the others replace: a built-in signature
// that is being worked on.
func withoutNamesOf(all, others []*matcher.Signature) []*matcher.Signature {
	names := make(map[string]bool)
	for _, s := range others {
		names[s.Name] = true
	}
	var kept []*matcher.Signature
	for _, s := range all {
		if !names[s.Name] {
			kept = append(kept, s)
		}
	}
	return kept
}

func completeRuleFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yml", "yaml"}, cobra.ShellCompDirectiveFilterFileExt
}
