package sigma

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/sigma/ast"
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

// FuzzMatch: a rule, with its index, its search for literals and the answers
// that tests share, says what an evaluation word by word says. The values are
// one a line, for the fields of the rule in turn.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{
		{"s: {A|contains: needle, B|endswith: [x, '*abc?d*efgh']}\n    f: {C: null}\n    condition: s and not f", "a Needle\nzabcxdyefgh\nx"},
		{"s: {A|re|i: 'err(or)? [0-9]+', B|cidr: 10.0.0.0/8}\n    condition: s", "ERROR 12\n::ffff:10.1.2.3"},
		{"s: {A|lt: 10, B: 4096, C|neq: ''}\n    condition: 1 of s*", "-1.5e1\n0x1000\n"},
		{"s: {A|hour|gte: 22, B|week: 18}\n    condition: s", "2017-05-04T23:12:33.1234567Z\n2017-05-04 00:00:00"},
		{"s: {A|fieldref|startswith: B, A|exists: true}\n    condition: s", "ſKİı\nsk"},
		{"s: ['*needle*', '*four*']\n    t:\n        '|all': ['*one*', '*two*']\n    condition: s or t", "a needle\none two"},
		{"s: {A|windash|contains|all: [' -all', ' /x']}\n    t: {A|base64offset|contains: 'http://'}\n    condition: s or t",
			"q /all –x -x\naHR0cDovL3g="},
		{"s: {Channel: [security, x], EventID: [1, '4688'], Provider_Name|contains: audit}\n    condition: not s", "x"},
		{"s: {A|cased: Straße, B|contains|cased: NEEDLE}\n    condition: s", "Straße\nthe NEEDLE"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, detection, text string) {
		rules, err := Parse("f.yml", []byte(head+"    "+detection+"\n"))
		if err != nil || len(rules) > 1 || rules[0].Detection == nil || len(detection)+len(text) > 2000 {
			return
		}
		set, err := Compile(rules, nil)
		if err != nil {
			return
		}
		e, got := matchLines(set, text)
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") ||
			slices.ContainsFunc(rules[0].Detection.Conditions, func(c *ast.Condition) bool { return !e.takes(c.Expr) }) {
			return
		}
		if want := e.rule(rules[0]); got != want {
			t.Fatalf("%s\non %q: %v, word by word %v", detection, e.fields, got, want)
		}
	})
}

// matchLines gives the lines of a text to the fields of the set in turn.
func matchLines(set *Set, text string) (*reference, bool) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(set.fields[AsIs])), func(name string) bool {
		return name == fieldChannel || name == fieldProvider || name == fieldEventID
	})
	names = append(names, "other")
	e := &reference{
		fields: map[string][]string{fieldChannel: {"Security"}, fieldProvider: {"Auditing"}, fieldEventID: {"4688"}},
		all:    []string{"Security", "Auditing", "4688"},
	}
	m := set.Matcher()
	wanted := m.Begin("Security", "Auditing", 4688)
	for i, line := range strings.Split(text, "\n") {
		name := names[i%len(names)]
		e.fields[name] = append(e.fields[name], line)
		e.all = append(e.all, line)
		if wanted {
			m.Add(name, []byte(line))
		}
	}
	return e, wanted && len(m.Match()) > 0
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

// TestFoldIsSimple: letters become one where Unicode's simple folding says so,
// and nowhere else.
func TestFoldIsSimple(t *testing.T) {
	t.Parallel()
	smallest := make(map[rune]rune) // by folded letter
	for r := rune(0); r <= unicode.MaxRune; r++ {
		least := slowFold(string(r), false)[0]
		if foldRune(r) != foldAny(r) {
			t.Errorf("%U is %U quickly, and %U", r, foldRune(r), foldAny(r))
		}
		if utf8.ValidRune(r) && foldRune(r) != foldRune(least) {
			t.Errorf("%U and %U fold apart", r, least)
		}
		if other, ok := smallest[foldRune(r)]; ok && utf8.ValidRune(r) && other != least {
			t.Errorf("%U and %U fold to one", other, least)
		}
		if utf8.ValidRune(r) {
			smallest[foldRune(r)] = least
		}
	}
}
