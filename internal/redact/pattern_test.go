package redact

import (
	"regexp"
	"regexp/syntax"
	"testing"
)

func FuzzMatchesEmpty(f *testing.F) {
	for _, expr := range []string{"", "x", "x*", "x?y", "(x|)", "x+", "x{0,3}", "(a*){2}", "^$", `\b`, `\B`, `\bx*`, "[^a]", "(?s).", "(?:)", `\Ax?\z`, "(?i)a", "a|b*", `[^\x00-\x{10FFFF}]`, `[^\x00-\x{10FFFF}]*`} {
		f.Add(expr)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		re, err := regexp.Compile(expr)
		parsed, failed := syntax.Parse(expr, syntax.Perl)
		if (err == nil) != (failed == nil) {
			t.Fatalf("%q: %v, %v", expr, err, failed)
		}
		if err == nil && matchesEmpty(parsed) != re.MatchString("") {
			t.Errorf("%q matches the empty text: %v", expr, re.MatchString(""))
		}
	})
}
