package sigma

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const baseRules = `title: A
name: a
logsource: {product: windows}
detection: {s: {Kind: a}, condition: s}
---
title: B
name: b
logsource: {product: windows}
detection: {s: {Kind: b}, condition: s}
---
title: C
name: c
logsource: {product: windows}
detection: {s: {Kind: c}, condition: s}
---
title: the correlation
name: found
`

// follow runs "minute kind user value" events through a correlation and
// returns the minutes at which it was completed.
func follow(t testing.TB, correlation, events string) string {
	t.Helper()
	rules, err := Parse("rules.yml", []byte(baseRules+correlation))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, c := set.Matcher(), set.Correlator()
	start := time.Date(2017, 5, 4, 0, 0, 0, 0, time.UTC)
	var completed []string
	for line := range strings.SplitSeq(events, ",") {
		var minute int
		var kind, user, value string
		fmt.Sscan(line, &minute, &kind, &user, &value)
		m.Begin("x", "x", 1)
		m.Add("Kind", []byte(kind))
		m.Add("User", []byte(user))
		m.Add("Owner", []byte(user))
		m.Add("Host", []byte(value))
		for _, rule := range m.Match() {
			for _, h := range m.Hits(nil, rule, start.Add(time.Duration(minute)*time.Minute)) {
				for _, done := range c.Add(h) {
					completed = append(completed, fmt.Sprintf("%d:%s", minute, done.Name))
				}
			}
		}
	}
	return strings.Join(completed, " ")
}

func TestCorrelations(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ correlation, events, want string }{
		"event count": {"correlation: {type: event_count, rules: [a], group-by: [User], timespan: 10m, condition: {gte: 3}}",
			"0 a u,5 a u,9 a v,10 a u,11 a u,30 a u", "10:found 11:found"},
		"event count, between": {"correlation: {type: event_count, rules: [a], timespan: 10m, condition: {gt: 1, lte: 2}}",
			"0 a,1 a,2 a,3 a", "1:found"},
		"event count, exactly": {"correlation: {type: event_count, rules: [a], timespan: 10m, condition: {eq: 2}}",
			"0 a,1 a,2 a", "1:found"},
		"value count": {"correlation: {type: value_count, rules: [a], group-by: [User], timespan: 10m, condition: {field: Host, gte: 2}}",
			"0 a u h1,1 a u h1,2 a u H1,3 a u h2,12 a u h2,14 a u h3", "3:found 12:found 14:found"},
		"temporal": {"correlation: {type: temporal, rules: [a, b], group-by: [User], timespan: 10m}",
			"0 b u,5 a v,9 a u,20 a u,30 b u", "9:found 30:found"},
		"temporal, two of three": {"correlation: {type: temporal, rules: [a, b, c], timespan: 10m, condition: {gte: 2}}",
			"0 b,5 c,30 a", "5:found"},
		"ordered": {"correlation: {type: temporal_ordered, rules: [a, b], group-by: [User], timespan: 10m}",
			"0 b u,1 a u,2 b v,3 b u,4 b u,20 b u", "3:found 4:found"},
		"ordered, three": {"correlation: {type: temporal_ordered, rules: [a, b, c], timespan: 10m}",
			"0 a,1 b,8 a,9 b,12 c,19 c", "12:found"},
		"alias": {"correlation: {type: temporal_ordered, rules: [a, b], group-by: [who], timespan: 10m, aliases: {who: {a: User, b: Owner}}}",
			"0 a u,1 b v,2 b U", "2:found"},
		"of a correlation": {"correlation: {type: event_count, rules: [a], group-by: [User], timespan: 10m, condition: {gte: 2}}\n---\ntitle: twice\nname: outer\n" +
			"correlation: {type: temporal_ordered, rules: [found, b], group-by: [User], timespan: 10m}",
			"0 a u,1 b u,2 a u,3 b v,4 b u", "4:outer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := follow(t, tt.correlation, tt.events); got != tt.want {
				t.Errorf("completed at %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCompileRefusesCorrelations(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		baseRules + "correlation: {type: temporal, rules: [a, nobody], timespan: 5m}":                                                                                                         `there is no rule "nobody"`,
		baseRules + "correlation: {type: temporal, rules: [a, found], timespan: 5m}":                                                                                                          "correlation refers to itself",
		baseRules + "correlation: {type: temporal, rules: [a], group-by: [User], timespan: 5m}\n---\ntitle: y\ncorrelation: {type: temporal, rules: [found], group-by: [Host], timespan: 5m}": `does not group by "Host"`,
		"title: x\nname: a\nlogsource: {}\ndetection: {s: {A: b}, condition: s}\n---\ntitle: y\nname: a\nlogsource: {}\ndetection: {s: {A: b}, condition: s}\n":                               "a is the name or id of another rule too",
	} {
		rules, err := Parse("rules.yml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Compile(rules, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestCorrelatorIsBounded: whatever comes, no more groups and times than agreed.
func TestCorrelatorIsBounded(t *testing.T) {
	t.Parallel()
	rules, err := Parse("rules.yml", []byte(baseRules+"correlation: {type: event_count, rules: [a], group-by: [User], timespan: 10m, condition: {gte: 3}}"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := set.Correlator()
	for i := range 3 * MaxGroups {
		c.Add(Hit{Time: time.Unix(int64(i), 0), Group: fmt.Sprint(i)})
		c.Add(Hit{Time: time.Unix(int64(i), 0), Group: "always"})
	}
	if n := len(c.groups[0]); n > MaxGroups {
		t.Errorf("%d groups", n)
	}
	if n := len(c.groups[0]["always"].times); n > 4 {
		t.Errorf("%d times kept for a bound of 3", n)
	}
}

// TestThin: signs of life close together count as one, the last of a
// sequence always counts.
func TestThin(t *testing.T) {
	t.Parallel()
	rules, err := Parse("rules.yml", []byte(baseRules+"correlation: {type: temporal_ordered, rules: [a, b], timespan: 100m}"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := set.Matcher()
	m.Thin(10)
	count := func(rule *Rule, minute int) int {
		m.Begin("x", "x", 1)
		return len(m.Hits(nil, rule, time.Unix(int64(minute)*60, 0)))
	}
	for _, tt := range []struct{ rule, minute, want int }{
		{0, 0, 1}, {0, 9, 0}, {0, 10, 1}, {1, 10, 1}, {1, 11, 1}, {0, 11, 0}, {0, 30, 1},
	} {
		if got := count(rules[tt.rule], tt.minute); got != tt.want {
			t.Errorf("rule %d at minute %d: %d hits", tt.rule, tt.minute, got)
		}
	}
}
