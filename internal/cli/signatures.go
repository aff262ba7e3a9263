package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/matcher"
)

func newSignaturesCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "signatures",
		Short: "The catalogue of known problems: list, show, lint, test, export",
		Long: `The known problems that gwlogs diagnose looks for are Sigma rules, a file each.
These commands show them, check new ones, and hand them to other programs.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(cmd.CommandPath()+" list|show|lint|test|export", "unknown command %q", cmd.Name()+" "+args[0])
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(
		newSignaturesListCommand(ios), newSignaturesShowCommand(ios),
		newSignaturesLintCommand(ios), newSignaturesTestCommand(ios), newSignaturesExportCommand(ios),
	)
	return cmd
}

// catalogueFlags choose the signatures that a command is about.
type catalogueFlags struct {
	files []string
	only  bool
	lang  string
}

func (f *catalogueFlags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringArrayVar(&f.files, "signatures", nil, "also the Sigma rules in this `FILE` or folder; repeatable")
	fs.BoolVar(&f.only, "only", false, "with --signatures: these alone, not the built-in ones")
	_ = cmd.RegisterFlagCompletionFunc("signatures", cobra.FixedCompletions([]string{"yml", "yaml"}, cobra.ShellCompDirectiveFilterFileExt))
}

func (f *catalogueFlags) registerLang(cmd *cobra.Command, ios *IOStreams) {
	addLanguage(cmd.Flags(), &f.lang, ios, "the texts")
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(matcher.Languages(), cobra.ShellCompDirectiveNoFileComp))
}

func (f *catalogueFlags) open() (*matcher.Catalogue, error) {
	if f.only && len(f.files) == 0 {
		return nil, usage("name them: --only --signatures my-rules.yml", "--only needs --signatures")
	}
	if f.lang != "" {
		if err := checkLang(f.lang); err != nil {
			return nil, err
		}
	}
	return openCatalogue(f.files, f.only)
}

func newSignaturesListCommand(ios *IOStreams) *cobra.Command {
	var f catalogueFlags
	var format string
	cmd := &cobra.Command{
		Use:                   "list",
		Short:                 "List the known problems",
		Args:                  noArguments,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			parsed, err := parseFormat(format, report.SignatureFormats())
			if err != nil {
				return err
			}
			c, err := f.open()
			if err != nil {
				return err
			}
			return printed(report.WriteSignatures(ios.Out, parsed, outStyle(ios), c.Signatures(), f.lang))
		},
	}
	f.register(cmd)
	f.registerLang(cmd, ios)
	cmd.Flags().StringVar(&format, "format", string(report.Table), "`FORMAT` of the output: "+formatNames(report.SignatureFormats()))
	cmd.Flags().AddFlagSet(pagerFlag())
	return cmd
}

func newSignaturesShowCommand(ios *IOStreams) *cobra.Command {
	var f catalogueFlags
	var rule bool
	cmd := &cobra.Command{
		Use:                   "show NAME",
		Short:                 "Show a known problem: what it means, what to do, what it looks for",
		Example:               "  gwlogs signatures show proxy-authentication-required",
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     completeSignatures,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("gwlogs signatures list shows the names", "give one NAME: gwlogs signatures show NAME")
			}
			c, err := f.open()
			if err != nil {
				return err
			}
			s, err := findSignature(c, args[0])
			if err != nil {
				return err
			}
			if rule {
				_, err := ios.Out.Write(s.RuleFile())
				return printed(err)
			}
			return printed(report.WriteSignature(ios.Out, outStyle(ios), s, f.lang))
		},
	}
	f.register(cmd)
	f.registerLang(cmd, ios)
	cmd.Flags().BoolVar(&rule, "rule", false, "show the Sigma rule itself")
	cmd.Flags().AddFlagSet(pagerFlag())
	return cmd
}

// findSignature finds a signature by its name or id.
func findSignature(c *matcher.Catalogue, name string) (*matcher.Signature, error) {
	var near []string
	for _, s := range c.Signatures() {
		if strings.EqualFold(s.Name, name) || strings.EqualFold(s.Rule.ID, name) {
			return s, nil
		}
		if strings.Contains(s.Name, strings.ToLower(name)) {
			near = append(near, s.Name)
		}
	}
	hint := "gwlogs signatures list shows the names"
	if len(near) > 0 && len(near) <= 5 {
		hint = "did you mean " + strings.Join(near, ", or ") + "?"
	}
	return nil, usage(hint, "there is no signature %q", name)
}

func completeSignatures(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	c, err := openCatalogue(nil, false)
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, s := range c.Signatures() {
		names = append(names, fmt.Sprintf("%s\t%s", s.Name, s.Text.Title))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// outStyle is the style of what goes straight to standard output.
func outStyle(ios *IOStreams) report.Style {
	return report.Style{Terminal: ios.OutTerminal, Width: ios.Width, Color: ios.OutTerminal && ios.Color}
}

// printed words an error of standard output.
func printed(err error) error {
	if err != nil {
		return outputError("standard output", err)
	}
	return nil
}
