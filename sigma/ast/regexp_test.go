package ast

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestRegexp(t *testing.T) {
	t.Parallel()
	if _, err := NewRegexp("("); err == nil {
		t.Error("( is no expression")
	}
	if r := (&Regexp{Expr: "("}); r.Compiled().MatchString("(") || r.Compiled().MatchString("") {
		t.Error("what is no expression matches nothing")
	}
	r, err := NewRegexp("(?i)a+")
	if err != nil || !r.Compiled().MatchString("xA") || r.String() != "(?i)a+" {
		t.Error(r, err)
	}
}

func TestBegins(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string][]string{
		`(?i)Task ?Id ?: ?([0-9a-z]+)`: {"task id :", "task id : ", "task id:", "task id: ", "taskid :", "taskid : ", "taskid:", "taskid: "},
		`\b(?:user|account)\b:`:        {"account:", "user:"},
		`(?:the |a )host '(\w+)'`:      {"the host '", "a host '"},
		`ErrorCode=(\w+)`:              {"errorcode="},
		`(?:abc)+d`:                    {"abc"},
		`abc|`:                         nil,
		`ab`:                           nil,
		`(?:abc)?def`:                  {"abcdef", "def"},
		`abc|[d-f]x`:                   nil,
		`été.*`:                        {"ét", "Ét"},
		`(?i)удал|解決`:                  {"уд", "Уд", "уД", "УД", "Уᲁ", "уᲁ", "解決"},
		`^abc`:                         nil,
		`nom d’hôte`:                   {"nom d’h"},
		`(?s).*abc`:                    nil,
		`a(?:bb|cc)(?:dd|ee)x`:         {"abbddx", "abbeex", "accddx", "acceex"},
	} {
		got, _ := analyze(expr)
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: %q, not %q", expr, got, want)
		}
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		`(?i)(?:A version|Node v)(?: x)?: ?[1-9]\.\d{1,2}\.\d{4}`: "node v,a version : . .",
		`wxy|xyzz|no`: "no,wxy,xyzz", `abc|dex`: "", `(?:a=\d)+;`: "a= ;", `(?:ob){0,3}x`: "x", `(?:ob){2,3}x`: "ob x", `é.x`: "x",
		`(?:the version|versión x|version): `: "versi : ", `xy(?:1|2)`: "xy", `(?:one|[a-z]+) x`: " x", `nürnberg`: "n rnberg",
	} {
		_, groups := analyze(expr)
		var got []string
		for _, texts := range groups {
			got = append(got, strings.Join(texts, ","))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: %q, not %q", expr, got, want)
		}
	}
}

// TestDeepNesting: where there is no room for what an anchor puts around an expression, it is tried as it is.
func TestDeepNesting(t *testing.T) {
	t.Parallel()
	for _, depth := range []int{990, 998, 999} {
		r := &Regexp{Expr: strings.Repeat("(", depth) + "abcd" + strings.Repeat(")", depth)}
		r.tries.Store(seldom)
		if m := r.FindStringSubmatchIndex("xabcd"); m == nil || m[0] != 1 {
			t.Errorf("%d parentheses: %v", depth, m)
		}
		if all := r.FindAllSubmatchIndex([]byte("xabcd"), 5); len(all) != 1 {
			t.Errorf("%d parentheses: all are %v", depth, all)
		}
	}
}

// FuzzStart: from Start on there is all that there is.
func FuzzStart(f *testing.F) {
	for _, expr := range []string{`(?i)task ?id: ?(\w+)`, `\b(?:abc|ab)\B.`, `(?i)k+s`, `abc|bcd|x*`, `(?m)^abc$`,
		`(?i:Kelvin)|ſit`, `(?i)(?:ab|k)\.\d{1,2}s\.`,
		`(?i)(\b(?:[a-z0-9-]{1,5}\.){1,3}(?:net|com)):(\d{1,3})\b`, `\b(\d{1,2}|\[[0-9k]+\]):(\d)`, `(?i)[a-k]{1,3}xyz|k`, `(?i)(?:résolu|ſét|удал)\d{1,3}`, `[a-c]?(?:bc)+`, `(?i)task ?id?(?:ab)?\d`,
		`(?:a=\d)+;`, `(?i)xyz(?:k|ab)`, `(?:the version|versión x|version): `, `abc(?:d|$)`, `x(?:161|162|ſ)`, `\Q`, `(?i)abc(?s:.)\Qx`, `\x{fffd}abc`, "ab(?:\ufffd|cd)"} {
		for _, text := range []string{"", "xTaskID: 7 taskid:8", "ab abcd", "\u212aſ ks KS", "xbcdabc", "a\nabc\nabc", "\xffkelvin",
			"KELVIN sit ſit", "été taskID: é7", "at a.b.net:1 x.com:22x c.d.e.f.g.net:333", "12:3:4 [1k]:5 [k1:2", "abcbcbc aabc", "RÉSOLU1 sét2 SÉT3 УДал4", "x\xffabc ab\xc3"} {
			f.Add(expr, []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, expr string, text []byte) {
		if len(expr) > 200 {
			return
		}
		re, err := regexp.Compile(expr)
		if err != nil {
			return
		}
		if got, want := (&Regexp{Expr: expr}).FindSubmatch(text), re.FindSubmatch(text); !slices.EqualFunc(got, want, bytes.Equal) {
			t.Fatalf("%q in %q: %q, not %q", expr, text, got, want)
		}
		find := &Regexp{Expr: expr}
		find.tries.Store(seldom)
		if got, want := find.FindStringSubmatchIndex(string(text)), re.FindSubmatchIndex(text); !slices.Equal(got, want) {
			t.Fatalf("%q in %q: %v, not %v", expr, text, got, want)
		}
		want := re.FindAllSubmatchIndex(text, 5)
		if got := find.FindAllSubmatchIndex(text, 5); !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q in %q: all are %v, not %v", expr, text, got, want)
		}
		start := (&Regexp{Expr: expr}).Start(text)
		if start < 0 {
			if len(want) > 0 {
				t.Fatalf("%q in %q: there is a match at %v", expr, text, want[0])
			}
			return
		}
		from := Context(text, start)
		got := re.FindAllSubmatchIndex(text[from:], 5)
		for _, m := range got {
			for i := range m {
				if m[i] >= 0 {
					m[i] += from
				}
			}
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q in %q from %d: %v, not %v", expr, text, from, got, want)
		}
	})
}
