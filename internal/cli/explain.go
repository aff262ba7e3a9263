package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/eventtext"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
)

func newExplainCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain [TEXT|FILE|-]...",
		Short: "Say what an error means that you have as text",
		Long: `Look for known problems in a text: an error copied from the portal or from a
dialog, the output of an activity (JSON), a log of the installer, a trace log, or
events exported as XML, CSV or JSON. Say what each means and what to do about it.

TEXT is the error itself, in quotes. FILE is a file with text in it, - is standard
input. Without any of them you are asked to paste it.

When nothing is known of it, the codes and names in the text are listed that are
worth a search. Nothing leaves this computer.

Event logs (.evtx) are for gwlogs diagnose, which takes such files too.`,
		Example: `  gwlogs explain "The Data Management Gateway Host Service failed to start. Error 1068"
  gwlogs explain install.log
  gwlogs explain --format json --exit-code activity-output.json
  gwlogs explain < error.txt`,
	}
	diagnose := diagnoseFlags{explain: true}
	var common sourceFlags
	formats := report.DiagnosisFormats()
	output := common.register(formats)[1]
	output.flags.AddFlagSet(pagerFlag())
	output.flags.AddFlagSet(common.verboseFlag())
	groups := []flagGroup{diagnose.register(ios), output}
	for _, g := range groups {
		cmd.Flags().AddFlagSet(g.flags)
	}
	cmd.DisableFlagsInUseLine = true
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o, err := common.parse(formats)
		if err != nil {
			return err
		}
		d, err := diagnose.parse(o)
		if err != nil {
			return err
		}
		texts, sources, err := explained(ios, args)
		if err != nil {
			return err
		}
		o = o.but(func(o *options) { o.texts, o.verb = texts, cmd.Name() })
		return runDiagnose(cmd.Context(), ios, o, d, sources)
	}
	cmd.SetUsageFunc(func(cmd *cobra.Command) error { return verbUsage(cmd, groups) })
	completeFlags(cmd, formats)
	diagnose.complete(cmd)
	return cmd
}

// explained tells the arguments that are files from those that are the text itself, which a shell may have cut into words.
func explained(ios *IOStreams, args []string) (texts []eventlog.Text, sources []string, err error) {
	if len(args) == 0 {
		text, err := pasted(ios)
		return []eventlog.Text{{Name: "standard input", Text: text}}, nil, err
	}
	var words []string
	for _, arg := range args {
		switch _, err := os.Stat(arg); {
		case arg == "-", err == nil:
			sources = append(sources, arg)
		case errors.Is(err, fs.ErrNotExist) && looksLikeFile(arg):
			sources = append(sources, arg) // to be told that it is not there
		default:
			words = append(words, arg)
		}
	}
	text := strings.Join(words, " ")
	if len(words) > 0 {
		if strings.TrimSpace(text) == "" {
			return nil, nil, usage(`gwlogs explain "the error, in quotes"`, "the text is empty")
		}
		texts = append(texts, eventlog.Text{Name: "text", Text: text})
	}
	return texts, sources, nil
}

// looksLikeFile reports whether somebody who typed this meant a file: one word with the ending of one.
func looksLikeFile(arg string) bool {
	endings := []string{".txt", ".log", ".json", ".jsonl", ".csv", ".xml", ".evtx", ".evt", ".zip", ".age", ".html"}
	return !strings.ContainsAny(arg, " \t\n'\"=") && slices.Contains(endings, strings.ToLower(filepath.Ext(arg)))
}

// pasted reads standard input to its end, and asks for it where somebody sits in front of it.
func pasted(ios *IOStreams) (string, error) {
	if ios.InTerminal {
		end := "Ctrl-D"
		if runtime.GOOS == "windows" {
			end = "Ctrl-Z and Enter"
		}
		fmt.Fprintf(ios.Err, "Paste the error, then press Enter and %s:\n", end)
	}
	data, err := io.ReadAll(io.LimitReader(ios.In, eventtext.MaxSize+1))
	if err != nil {
		return "", fmt.Errorf("standard input: %w", err)
	}
	if strings.TrimSpace(string(data)) == "" {
		return "", usage(`gwlogs explain "the error, in quotes", or gwlogs explain FILE`, "nothing was pasted: which error?")
	}
	return string(data), nil
}

// cluesOf are those of the errors that nothing explains; none where a known problem was found.
func cluesOf(a *matcher.Analysis) []eventtext.Clue {
	if len(a.Findings) > 0 {
		return nil
	}
	var text strings.Builder
	for _, g := range a.Unexplained() {
		text.WriteString(g.Example.Message + "\n")
	}
	return eventtext.Clues(text.String())
}
