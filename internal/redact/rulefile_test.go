package redact_test

import (
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/internal/redact"
)

func TestRuleFileErrors(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"rules: [{name: a, pattern: '('}]":                                 `rule 1 "a"`,
		"rules: [{name: a, pattern: x}, {name: B, pattern: x}]":            `rule 2 "B"`,
		"rules: [{name: a}]":                                               "no pattern",
		"rules: [{name: a, pattern: 'x*'}]":                                "matches nothing at all",
		"rules: [{name: a, pattern: '(?P<planet>x)'}]":                     "machine, domain",
		"rules: [{name: a, pattern: '(?P<secret>x)(?P<user>y)'}]":          "a rule each",
		"rules: [{name: a, pattern: x, colour: red}]":                      "colour",
		"rules: [{name: a, pattern: '" + strings.Repeat("x", 5000) + "'}]": "longer than",
	} {
		if _, err := redact.ParseRules([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, not %q", in, err, want)
		}
	}
	rules, err := redact.ParseRules([]byte("off: [biscuit]"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := redact.New(redact.Options{Mode: redact.Secrets, Extra: rules}); err == nil || !strings.Contains(err.Error(), "biscuit") || !strings.Contains(err.Error(), "cookie") {
		t.Errorf("an unknown rule that is off: %v", err)
	}
}

func TestRuleFile(t *testing.T) {
	t.Parallel()
	rules, err := redact.ParseRules([]byte(`
off: [cookie]
rules:
  - {name: employee, pattern: '\bEMP(?P<secret>\d{6})\b'}
  - {name: project, pattern: '\bproject (?P<name>\w+)'}
`))
	if err != nil {
		t.Fatal(err)
	}
	tokens, _ := redact.NewTokens(make([]byte, redact.KeySize))
	r, err := redact.New(redact.Options{Mode: redact.Identities, Extra: rules, Tokens: tokens})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Text("EMP123456 in project manhattan; Cookie: a=b")
	if !strings.HasPrefix(got, "EMP[redacted:employee] in project name-") || !strings.HasSuffix(got, "; Cookie: a=b") {
		t.Error(got)
	}
}
