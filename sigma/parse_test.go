package sigma

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// head is a rule without its detection.
const head = "title: a rule\nlogsource:\n    product: windows\ndetection:\n"

func parseOne(t testing.TB, src string) *Rule {
	t.Helper()
	rules, err := Parse("rule.yml", []byte(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	if len(rules) != 1 {
		t.Fatalf("%d rules", len(rules))
	}
	return rules[0]
}

// TestParseRefuses: what is wrong is said with its place, and never later.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ src, want string }{
		"nothing":          {"# only a comment\n", "rule.yml:1:1: there is no rule in this file"},
		"no map":           {"- a\n- b\n", "rule.yml:1:1: a rule is a map of fields, such as title and detection"},
		"not YAML":         {"title: [\n", "not valid YAML"},
		"not UTF-8":        {"title: \xff\n", "rule.yml:1:1: file is not UTF-8"},
		"no title":         {"logsource: {product: windows}\ndetection: {s: {A: b}, condition: s}\n", "rule.yml:1:1: title is missing"},
		"no logsource":     {"title: x\ndetection: {s: {A: b}, condition: s}\n", "rule.yml:1:1: logsource is missing"},
		"no detection":     {"title: x\nlogsource: {product: windows}\n", "rule.yml:1:1: detection is missing"},
		"unknown level":    {"title: x\nlevel: bad\n", `rule.yml:2:8: unknown level "bad"`},
		"unknown status":   {"title: x\nstatus: done\n", `rule.yml:2:9: unknown status "done"`},
		"no UUID":          {"title: x\nid: 7\n", `rule.yml:2:5: id "7" is not a UUID`},
		"no date":          {"title: x\ndate: yesterday\n", `rule.yml:2:7: date "yesterday" is not`},
		"key twice":        {"title: x\ntitle: y\n", `rule.yml:2:1: key "title" stands here twice`},
		"alias":            {"title: &a x\nname: *a\n", "YAML anchors and aliases are not supported"},
		"logsource key":    {"title: x\nlogsource: {os: windows}\n", `rule.yml:2:13: logsource: unknown key "os"`},
		"filter":           {"title: x\nfilter: {}\n", "rule.yml:2:1: filter is not supported"},
		"timeframe":        {head + "    s: {A: b}\n    timeframe: 5m\n    condition: s\n", "rule.yml:6:5: timeframe is not supported"},
		"aggregation":      {head + "    s: {A: b}\n    condition: s | count() > 5\n", "aggregations behind | are not supported"},
		"no condition":     {head + "    s: {A: b}\n", "condition is missing"},
		"no search":        {head + "    condition: s\n", "there is nothing to search for"},
		"unknown search":   {head + "    s: {A: b}\n    condition: s and t\n", `rule.yml:6:22: condition: there is no search "t"`},
		"open parenthesis": {head + "    s: {A: b}\n    condition: (s\n", "condition ends too early"},
		"two operators":    {head + "    s: {A: b}\n    condition: s and or s\n", `rule.yml:6:22: condition: unexpected "or"`},
		"of nothing":       {head + "    s: {A: b}\n    condition: 1 of x*\n", `condition: no search matches "x*"`},
		"deep condition": {head + "    s: {A: b}\n    condition: " + strings.Repeat("(", 100) + "s" + strings.Repeat(")", 100) +
			"\n", "nested more than"},
		"deep YAML":           {"title: x\ndeep: " + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "\n", "nested more than"},
		"unknown modifier":    {head + "    s: {A|contian: b}\n    condition: s\n", `rule.yml:5:9: unknown modifier "contian"`},
		"two comparisons":     {head + "    s: {A|contains|endswith: b}\n    condition: s\n", "does not go with"},
		"modifier twice":      {head + "    s: {A|all|all: [b, c]}\n    condition: s\n", "modifier all stands here twice"},
		"flag without re":     {head + "    s: {A|i: b}\n    condition: s\n", "modifier i belongs behind re"},
		"bad expression":      {head + "    s: {A|re: 'a(b'}\n    condition: s\n", "rule.yml:5:15: expression cannot be used: missing closing )"},
		"lookahead":           {head + "    s: {A|re: 'a(?=b)'}\n    condition: s\n", "expression cannot be used"},
		"bad network":         {head + "    s: {A|cidr: somewhere}\n    condition: s\n", `"somewhere" is not a network`},
		"less than a word":    {head + "    s: {A|lt: many}\n    condition: s\n", `"many" is not a number`},
		"exists what":         {head + "    s: {A|exists: maybe}\n    condition: s\n", "exists is true or false"},
		"contains null":       {head + "    s: {A|contains: null}\n    condition: s\n", "null has no text"},
		"encoded wildcard":    {head + "    s: {A|base64: 'a*b'}\n    condition: s\n", "cannot be encoded"},
		"map as value":        {head + "    s: {A: {b: c}}\n    condition: s\n", "a value has to be"},
		"empty list":          {head + "    s: {A: []}\n    condition: s\n", "there are no values"},
		"correlation type":    {"title: x\ncorrelation: {type: value_sum, rules: [a], timespan: 5m}\n", `type "value_sum" is not supported`},
		"correlation key":     {"title: x\ncorrelation: {type: temporal, rule: [a]}\n", `correlation: unknown key "rule"`},
		"timespan":            {"title: x\ncorrelation: {type: temporal, rules: [a], timespan: soon}\n", `timespan "soon"`},
		"century":             {"title: x\ncorrelation: {type: temporal, rules: [a], timespan: 101y}\n", "longer than a century"},
		"no count":            {"title: x\ncorrelation: {type: event_count, rules: [a], timespan: 5m}\n", "condition is missing"},
		"value without field": {"title: x\ncorrelation: {type: value_count, rules: [a], timespan: 5m, condition: {gt: 5}}\n", "needs a field"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse("rule.yml", []byte(tt.src))
			var place *Error
			if !errors.As(err, &place) || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("%v, want %s", err, tt.want)
			}
			if strings.Contains(err.Error(), "\n") || place.Pos.Line < 1 || place.Pos.Column < 1 {
				t.Errorf("%q at %v", err, place.Pos)
			}
		})
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	_, err := Parse("rule.yml", []byte(head+"    s: {A|contian: b}\n    condition: s\n"))
	var place *Error
	if !errors.As(err, &place) {
		t.Fatal(err)
	}
	if got, want := place.Excerpt(), "    s: {A|contian: b}\n        ^"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestParseHead(t *testing.T) {
	t.Parallel()
	r := parseOne(t, `title: A title
id: 0e95725d-7320-415d-80f7-004da920fc11
name: a-name
status: test
level: high
references: https://example.com/
tags:
    - attack.t1059
related:
    - id: 5638f7c0-ac70-491d-8465-2a65075e0d86
      type: similar
logsource:
    product: windows
    service: security
    definition: to be switched on
detection:
    s:
        A: b
    condition: s
cause: because
resolution: [first, second]
`)
	if r.Level != High || r.Level.String() != "high" || r.Name != "a-name" || len(r.References) != 1 ||
		r.Related[0].Type != "similar" || r.Logsource.Service != "security" {
		t.Errorf("%+v", r)
	}
	var steps []string
	if ok, err := r.Custom("resolution", &steps); !ok || err != nil || len(steps) != 2 {
		t.Errorf("resolution: %v %v %v", ok, err, steps)
	}
	var wrong struct{ A int }
	if _, err := r.Custom("resolution", &wrong); err == nil || !strings.HasPrefix(err.Error(), "rule.yml:21:13: resolution: ") {
		t.Errorf("a list as a struct: %v", err)
	}
	if got := strings.Join(r.CustomFields(), " "); got != "cause resolution" {
		t.Errorf("custom fields: %s", got)
	}
}

// TestPatterns: escapes as the specification has them.
func TestPatterns(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`plain`:        `"plain"`,
		`a*b?`:         `"a" * "b" ?`,
		`\*`:           `"*"`,
		`\\*`:          `"\\" *`,
		`\\\*`:         `"\\*"`,
		`C:\Windows\x`: `"C:\\Windows\\x"`,
		`\\\\server`:   `"\\\\server"`,
		``:             ``,
	} {
		var parts []string
		for _, piece := range parsePattern(raw) {
			if piece.Wildcard != 0 {
				parts = append(parts, string(piece.Wildcard))
			} else {
				parts = append(parts, `"`+strings.ReplaceAll(piece.Literal, `\`, `\\`)+`"`)
			}
		}
		if got := strings.Join(parts, " "); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func TestParseCorrelation(t *testing.T) {
	t.Parallel()
	r := parseOne(t, `title: x
correlation:
    type: value_count
    rules: [a, b]
    group-by: [User]
    timespan: 2h
    generate: true
    aliases:
        User: {a: SubjectUserName, b: TargetUserName}
    condition: {field: Computer, gte: 3, lt: 10}
`)
	c := r.Correlation
	if c.Type != ast.ValueCount || c.Timespan != 2*time.Hour || !c.Generate || c.Field != "Computer" || len(c.Condition) != 2 ||
		len(c.Rules) != 2 || c.Rules[1].Name != "b" || c.Aliases[0].Fields[1].Field != "TargetUserName" {
		t.Errorf("%+v", c)
	}
}
