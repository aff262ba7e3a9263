package redact_test

import (
	"testing"

	"github.com/gwlogs/gwlogs/internal/redact"
)

// TestSamples tries the samples beside the built-in rules.
func TestSamples(t *testing.T) {
	t.Parallel()
	report, err := redact.TryBuiltin()
	if err != nil {
		t.Fatal(err)
	}
	if report.Rules < 80 || report.Samples < 150 {
		t.Errorf("only %d rules with %d samples", report.Rules, report.Samples)
	}
	for _, name := range report.Without {
		t.Errorf("a rule %s has no samples", name)
	}
	for _, f := range report.Failures {
		t.Errorf("%s: %q: %s: %q", f.Rule, f.Sample, f.Reason, f.Got)
	}
}
