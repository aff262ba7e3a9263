package cli

import (
	"fmt"

	"github.com/gwlogs/gwlogs/internal/redact"
)

// tryRules tries the samples of files of rules, and says which came out wrong.
func tryRules(ios *IOStreams, files []string) error {
	if len(files) == 0 {
		return usage("gwlogs redact --test rules.yml", "--test needs a file of rules")
	}
	wrong := 0
	for _, file := range files {
		rules, err := redact.LoadRules(file)
		if err != nil {
			return err
		}
		report, err := rules.Try()
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, f := range report.Failures {
			fmt.Fprintf(ios.Out, "%s: %s: %s\n    sample: %s\n    became: %s\n", file, f.Rule, f.Reason, f.Sample, f.Got)
		}
		for _, name := range report.Without {
			fmt.Fprintf(ios.Out, "%s: %s has no samples\n", file, name)
		}
		fmt.Fprintf(ios.Out, "%s: %d rules, %d samples, %d wrong\n", file, report.Rules, report.Samples, len(report.Failures))
		wrong += len(report.Failures)
	}
	if wrong > 0 {
		return fmt.Errorf("%d samples did not come out as they should", wrong)
	}
	return nil
}
