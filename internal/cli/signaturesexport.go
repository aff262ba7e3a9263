package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher/export"
)

func newSignaturesExportCommand(ios *IOStreams) *cobra.Command {
	var f catalogueFlags
	var to, output string
	cmd := &cobra.Command{
		Use:   "export --to kql|chainsaw|hayabusa",
		Short: "Write the catalogue for another program",
		Long: `Write the known problems for another program:

  kql       queries for the table Event of Log Analytics, to standard output or
            into the file of --output
  chainsaw  a mapping and rules, into the folder of --output
  hayabusa  rules, into the folder of --output`,
		Example: `  gwlogs signatures export --to kql -o gwlogs.kql
  gwlogs signatures export --to chainsaw -o gwlogs-chainsaw
  gwlogs signatures export --to hayabusa -o gwlogs-hayabusa`,
		Args:                  noArguments,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			target, err := parseTarget(to)
			if err != nil {
				return err
			}
			c, err := f.open()
			if err != nil {
				return err
			}
			files, err := export.Export(target, c.All())
			if err != nil {
				return err
			}
			if target == export.KQL {
				return writeOne(ios, output, files[0].Text)
			}
			if output == "" || output == "-" {
				return usage("name a folder: --to "+string(target)+" -o gwlogs-"+string(target), "--to %s needs --output: it is many files", target)
			}
			if err := writeFolder(output, files); err != nil {
				return err
			}
			(&console{w: ios.Err}).note("%s written to %s", counted(len(files), "file"), output)
			return nil
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&to, "to", "", "the `PROGRAM`: "+targetNames())
	cmd.Flags().StringVarP(&output, "output", "o", "", "the `FILE` or folder to write")
	_ = cmd.RegisterFlagCompletionFunc("to", cobra.FixedCompletions(strings.Split(targetNames(), ", "), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func targetNames() string {
	var names []string
	for _, t := range export.Targets() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

func parseTarget(name string) (export.Target, error) {
	for _, t := range export.Targets() {
		if strings.EqualFold(name, string(t)) {
			return t, nil
		}
	}
	form := "gwlogs signatures export --to kql -o gwlogs.kql; other programs: " + targetNames()
	if name == "" {
		return "", usage(form, "--to is missing: for which program?")
	}
	return "", usage(form, "--to: unknown program %q", name)
}

func writeOne(ios *IOStreams, name string, text []byte) error {
	out, err := openOutput(name, ios, &eventlog.Set{})
	if err != nil {
		return err
	}
	defer out.discard()
	if ios.OutTerminal && out.file == nil {
		text = []byte(report.VisibleLines(string(text)))
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	return out.commit()
}

// writeFolder writes the files below a folder, which may be there: files of
// the same names are replaced.
func writeFolder(folder string, files []export.File) error {
	for _, f := range files {
		name := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return fmt.Errorf("--output: %w", err)
		}
		if err := os.WriteFile(name, f.Text, 0o666); err != nil {
			return outputError(name, err)
		}
	}
	return nil
}
