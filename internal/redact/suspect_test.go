package redact_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/internal/redact"
)

func TestSuspects(t *testing.T) {
	t.Parallel()
	r := newSecrets(t)
	var found []redact.Finding
	r.Watch(func(f redact.Finding) { found = append(found, f) })
	for text, want := range map[string]string{
		"handed over xK7dQ2mZ9pLw4RtY8vBn to the node":                           "xK7dQ2mZ9pLw4RtY8vBn",
		"zz=Kestrel!Nine04 at start":                                             "Kestrel!Nine04",
		"Password=Kestrel!Nine04":                                                "",
		"Microsoft.DataTransfer.Gateway.HostService5X7yZ9aBcD is a type":         "",
		"activity 00000016-1111-4222-8333-000000000016, 5.40.8312.1":             "",
		"SHA256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a": "",
		"the gateway is online and has nothing to do":                            "",
	} {
		found = nil
		r.Text(text)
		var suspects []string
		for _, f := range found {
			if f.Suspect != "" {
				suspects = append(suspects, f.Text)
			}
			if strings.Contains(f.Before+f.After, "Nine04") {
				t.Errorf("%q: %+v shows a secret", text, f)
			}
		}
		if got := strings.Join(suspects, ","); got != want {
			t.Errorf("%q: suspects %q, not %q", text, got, want)
		}
	}
	if counts := r.TakeSuspects(); !slices.Contains(counts, redact.Count{Rule: "name-and-value", Count: 1}) {
		t.Errorf("suspects are counted as %v", counts)
	}
}

// TestAddRules: a rule that is made for a suspect takes it, and others of its kind, and does not hold it.
func TestAddRules(t *testing.T) {
	t.Parallel()
	for text, secret := range map[string]string{
		"handed over xK7dQ2mZ9pLw4RtY8vBn to the node": "xK7dQ2mZ9pLw4RtY8vBn",
		"it's zz=Kestrel!Nine04 at start":              "Kestrel!Nine04",
		"xK7dQ2mZ9pLw4RtY8vBn":                         "xK7dQ2mZ9pLw4RtY8vBn",
	} {
		r := newSecrets(t)
		var found []redact.Finding
		r.Watch(func(f redact.Finding) { found = append(found, f) })
		r.Text(text)
		rule, err := redact.AddRules([]byte("off: [cookie] # mine\n"), found)
		if err != nil || !strings.Contains(string(rule), "# mine") || !strings.Contains(string(rule), "own-1") || strings.Contains(string(rule), secret) {
			t.Fatalf("%q: the rules are %q, %v", text, rule, err)
		}
		if again, err := redact.AddRules(rule, found); err != nil || string(again) != string(rule) {
			t.Errorf("a rule was added again: %q, %v", again, err)
		}
		rules, err := redact.ParseRules(rule)
		if err != nil {
			t.Fatalf("%q: %v", rule, err)
		}
		own, err := redact.New(redact.Options{Mode: redact.Secrets, Extra: rules})
		if err != nil {
			t.Fatal(err)
		}
		if got := own.Text(text); strings.Contains(got, secret) || !strings.Contains(got, "[redacted:own-1]") {
			t.Errorf("%q became %q with %q", text, got, rule)
		}
	}
}
