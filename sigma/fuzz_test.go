package sigma

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// FuzzParse: whatever the file is, Parse and Compile end, with rules or with
// an error that has a place.
func FuzzParse(f *testing.F) {
	f.Add([]byte(head + "    s: {A|contains|all: [x, 'y*']}\n    condition: s and not 1 of s*\n"))
	f.Add([]byte(baseRules + "correlation: {type: temporal_ordered, rules: [a, b], timespan: 5m, group-by: [A]}"))
	f.Add([]byte("title: x\ntags: [a\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		rules, err := Parse("f.yml", src)
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Pos.Line < 1 || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%#v", err)
			}
			return
		}
		set, err := Compile(rules, &Options{Sources: WindowsSources})
		if err != nil {
			return
		}
		m := set.Matcher()
		if m.Begin("Security", "p", 1) {
			m.Add("A", []byte("xyz"))
			m.Match()
		}
	})
}

// FuzzMatch: the compiled rule, with its index and its search for literals,
// says what a slow evaluation of the tree says.
func FuzzMatch(f *testing.F) {
	f.Add("contains", "needle", "a needle", "x")
	f.Add("endswith|all", "*abc?d*efgh", "zabcxdyefgh", "ab\\*cd")
	f.Add("re|i", "err(or)? [0-9]+", "ERROR 12", "")
	f.Fuzz(func(t *testing.T, modifiers, pattern, value, second string) {
		if strings.ContainsAny(modifiers+pattern+second, "\x00\n\r'") || strings.ContainsAny(modifiers, ":{}[]#\"\\ ,&*!>%@`") {
			return
		}
		key := "A"
		if modifiers != "" {
			key += "|" + modifiers
		}
		rules, err := Parse("f.yml", []byte(head+"    s:\n        '"+key+"':\n            - '"+pattern+"'\n            - '"+second+"'\n    f: {B: x}\n    condition: s and not f\n"))
		if err != nil {
			return
		}
		set, err := Compile(rules, &Options{Placeholders: map[string][]string{}})
		if err != nil {
			return
		}
		test := rules[0].Detection.Searches[0].Expr.(*Test)
		got := matchSet(set, event{"A": {value}}) == 1
		if want := slowly(test, value); got != want {
			t.Fatalf("%s %q %q on %q: %v, slowly %v", key, pattern, second, value, got, want)
		}
	})
}

// slowly evaluates a test on a field with one value, by regular expressions.
func slowly(t *Test, value string) bool {
	n := 0
	for _, v := range t.Values {
		if slowlyOne(t, v, value) {
			n++
		}
	}
	ok := n > 0
	if t.All {
		ok = n == len(t.Values)
	}
	return ok != t.Negate
}

func slowlyOne(t *Test, v Value, value string) bool {
	switch t.Op {
	case OpRegexp:
		return v.Regexp.MatchString(value)
	case OpEqual, OpContains, OpStartsWith, OpEndsWith:
		if t.Part != TimeWhole {
			break
		}
		for _, p := range v.Patterns {
			if slowPattern(t, p).Match(folded(value, t.Cased)) {
				return true
			}
		}
		return false
	}
	// The others have no second way to be computed: the compiled one is asked.
	set, err := Compile([]*Rule{{Detection: &Detection{Conditions: []*Condition{{Expr: &Test{Field: "A", Op: t.Op, Part: t.Part, Cased: t.Cased, Values: []Value{v}}}}}}}, nil)
	return err == nil && matchSet(set, event{"A": {value}}) == 1
}

func folded(s string, cased bool) []byte {
	if cased {
		return []byte(s)
	}
	return appendFold(nil, []byte(s))
}

func slowPattern(t *Test, p Pattern) *regexp.Regexp {
	var expr strings.Builder
	expr.WriteString("(?s)")
	if t.Op == OpEqual || t.Op == OpStartsWith {
		expr.WriteString(`\A`)
	}
	for _, piece := range p {
		switch piece.Wildcard {
		case '*':
			expr.WriteString(".*")
		case '?':
			expr.WriteString(".")
		default:
			expr.WriteString(regexp.QuoteMeta(string(bytes.ToValidUTF8(folded(piece.Literal, t.Cased), []byte("\ufffd")))))
		}
	}
	if t.Op == OpEqual || t.Op == OpEndsWith {
		expr.WriteString(`\z`)
	}
	return regexp.MustCompile(expr.String())
}

// FuzzFold: folding twice changes nothing more, and the fast way is the slow one.
func FuzzFold(f *testing.F) {
	f.Add([]byte("AbCdEfGhIjK ÉÀ ſ\u212a\xff"))
	f.Fuzz(func(t *testing.T, text []byte) {
		once := appendFold(nil, text)
		if twice := appendFold(nil, once); !bytes.Equal(once, twice) {
			t.Fatalf("%q, then %q", once, twice)
		}
		var slow []byte
		for i := range text {
			if text[i] >= 0x80 {
				return
			}
			slow = appendFold(slow, text[i:i+1])
		}
		if !bytes.Equal(once, slow) {
			t.Fatalf("%q, slowly %q", once, slow)
		}
	})
}
