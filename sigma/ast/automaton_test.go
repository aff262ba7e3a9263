package ast

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzAutomaton: what is refused, package regexp does not find either, and what is not refused, it finds.
func FuzzAutomaton(f *testing.F) {
	for _, expr := range []string{
		`(?i)task ?id: ?(\w+)`, `\b(?:abc|ab)\B.`, `(?i)k+s`, `(?m)^abc$`, `(?i:Kelvin)|ſit`, `^x\z`, `$`, `[^a]b`, `(?s)a.b`, `a.b`, `\pL{2,3}\d`,
		`(?:^|[\s"\x27(=,;/@])(?P<machine>(?:[A-Za-z]{2,}[A-Za-z0-9-]*\d[A-Za-z0-9-]*|[a-z0-9-]+(?:\.[a-z0-9-]+)+)):\d{2,5}\b`,
		`(?:^|[^0-9A-Fa-f-])(?P<c>[0-9A-Fa-f]{40}|(?:[0-9A-Fa-f]{2}[ :]){19}[0-9A-Fa-f]{2})(?:$|[^0-9A-Fa-f-])`,
	} {
		for _, text := range []string{"", "xTaskID: 7", "ab abcd", "\u212aſ ks KS", "a\nabc\nabc", "\xffkelvin", "KELVIN sit ſit", "étéé7", "host sql77:1433", "x", "a\xffb", "\U0010ffff"} {
			f.Add(expr, text)
		}
	}
	f.Fuzz(func(t *testing.T, expr, text string) {
		if len(expr) > 300 || len(text) > 1000 {
			return
		}
		re, err := regexp.Compile(expr)
		if err != nil {
			return
		}
		a := newAutomaton(expr)
		if a == nil {
			return
		}
		for range 2 { // with new states, and with those that are there
			want := re.MatchString(text)
			refused := a.refuses(text)
			if refused && want {
				t.Fatalf("%q is refused in %q, where it matches at %v", expr, text, re.FindStringIndex(text))
			}
			if !refused && !want && len(a.made) < maxStates && (!a.narrow || strings.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf }) < 0) {
				t.Fatalf("%q is not refused in %q", expr, text)
			}
		}
	})
}

func TestAutomatonIsBounded(t *testing.T) {
	t.Parallel()
	a := newAutomaton(`(?:a[ab]{12}|b[ab]{3}a[ab]{9})c`)
	text := ""
	for n := uint32(1); len(text) < 1<<14; n = n*1664525 + 1013904223 {
		text += string("ab"[n>>30&1])
	}
	a.refuses(text)
	if len(a.made) < maxStates/2 || len(a.made) > maxStates {
		t.Errorf("%d states", len(a.made))
	}
	if newAutomaton(`(?:\pL{900}){2}`) != nil {
		t.Error("an expression of that size has an automaton")
	}
}
