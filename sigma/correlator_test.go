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
	var completed []string
	c := NewCorrelator(set, func(minute int, done []*Rule) {
		for _, rule := range done {
			completed = append(completed, fmt.Sprintf("%d:%s", minute, rule.Name))
		}
	})
	m := set.Matcher()
	start := time.Date(2017, 5, 4, 0, 0, 0, 0, time.UTC)
	for line := range strings.SplitSeq(events, ",") {
		var minute int
		var kind, user, value string
		fmt.Sscan(line, &minute, &kind, &user, &value)
		m.Begin("x", "x", 1)
		m.Add("Kind", []byte(kind))
		m.Add("User", []byte(user))
		m.Add("Owner", []byte(user))
		m.Add("Host", []byte(value))
		var hits []Hit
		for _, rule := range m.Match() {
			hits = m.Hits(hits, rule, start.Add(time.Duration(minute)*time.Minute))
		}
		c.Add(minute, hits)
	}
	c.Flush()
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
		"value count, no more kept than needed": {"correlation: {type: value_count, rules: [a], timespan: 10m, condition: {field: Host, eq: 2}}",
			"0 a u h1,1 a u h2,2 a u h3,3 a u h1,11 a u h1,12 a u h1,13 a u h1", "1:found 12:found"},
		"temporal": {"correlation: {type: temporal, rules: [a, b], group-by: [User], timespan: 10m}",
			"0 b u,5 a v,9 a u,20 a u,30 b u", "9:found 30:found"},
		"temporal, two of three": {"correlation: {type: temporal, rules: [a, b, c], timespan: 10m, condition: {gte: 2}}",
			"0 b,5 c,30 a", "5:found"},
		"ordered": {"correlation: {type: temporal_ordered, rules: [a, b], group-by: [User], timespan: 10m}",
			"0 b u,1 a u,2 b v,3 b u,4 b u,20 b u", "3:found 4:found"},
		"ordered, three": {"correlation: {type: temporal_ordered, rules: [a, b, c], timespan: 10m}",
			"0 a,1 b,8 a,9 b,12 c,19 c", "12:found"},
		"ordered, one rule twice": {"correlation: {type: temporal_ordered, rules: [a, b, a], timespan: 10m}",
			"0 a,1 b,2 a,20 a,21 a", "2:found"},
		"ordered, nothing but one rule": {"correlation: {type: temporal_ordered, rules: [a, a], timespan: 10m}",
			"0 a,5 a,20 a", "5:found"},
		"alias": {"correlation: {type: temporal_ordered, rules: [a, b], group-by: [who], timespan: 10m, aliases: {who: {a: User, b: Owner}}}",
			"0 a u,1 b v,2 b U", "2:found"},
		"of a correlation": {"correlation: {type: event_count, rules: [a], group-by: [User], timespan: 10m, condition: {gte: " +
			"2}}\n---\ntitle: twice\nname: outer\n" +
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
		baseRules + "correlation: {type: temporal, rules: [a, nobody], timespan: 5m}": `there is no rule "nobody"`,
		baseRules + "correlation: {type: temporal, rules: [a, found], timespan: 5m}":  "correlation refers to itself",
		baseRules + "correlation: {type: temporal, rules: [a], group-by: [User], timespan: 5m}\n---\ntitle: y\ncorrelation: {type: " +
			"temporal, rules: [found], group-by: [Host], timespan: 5m}": `does not group by "Host"`,
		"title: x\nname: a\nlogsource: {}\ndetection: {s: {A: b}, condition: s}\n---\ntitle: y\nname: a\nlogsource: {}\ndetection: " +
			"{s: {A: b}, condition: s}\n": "a is the name or id of another rule too",
		baseRules + "correlation: {type: event_count, rules: [a], timespan: 5m, condition: {gte: 100000}}": "no more than 99999 are counted",
		baseRules + "correlation: {type: temporal, rules: [a], timespan: 5m}" +
			nested(11): "in more than 1000 ways",
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
	rules, err := Parse("rules.yml", []byte(baseRules+"correlation: {type: event_count, rules: [a], group-by: [User], timespan: "+
		"10m, condition: {gte: 3}}"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := newFollower(set)
	for i := range 3 * maxGroups {
		c.add(nil, Hit{time: time.Unix(int64(i), 0), group: fmt.Sprint(i)})
		c.add(nil, Hit{time: time.Unix(int64(i), 0), group: "always"})
	}
	if n := len(c.groups[0]); n > maxGroups {
		t.Errorf("%d groups", n)
	}
	if n := len(c.groups[0]["always"].times.times); n > 4 {
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

// nested is n correlations, each of the one before it, twice.
func nested(n int) string {
	var b strings.Builder
	for i, of := 0, "found"; i < n; i, of = i+1, fmt.Sprint("c", i) {
		fmt.Fprintf(&b, "\n---\ntitle: c\nname: c%d\ncorrelation: {type: temporal, rules: [%s, %s], timespan: 5m}", i, of, of)
	}
	return b.String()
}

// TestForeignHits: hits that Hits has not made do no harm.
func TestForeignHits(t *testing.T) {
	t.Parallel()
	rules, err := Parse("rules.yml", []byte(baseRules+"correlation: {type: temporal, rules: [a], group-by: [User, Host], timespan: 5m}\n---\n"+
		"title: o\ncorrelation: {type: temporal, rules: [found], group-by: [Host], timespan: 5m}"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := newFollower(set)
	for _, h := range []Hit{{correlation: -1}, {correlation: 2}, {rule: -1}, {rule: 1}} {
		if done := c.add(nil, h); len(done)+len(set.CompletedBy(h)) > 0 {
			t.Errorf("%+v completes something", h)
		}
	}
	c.add(nil, Hit{}) // no values although the correlation above needs one
}

// TestZeroByteInGroup: a value cannot pass for two.
func TestZeroByteInGroup(t *testing.T) {
	t.Parallel()
	rules, err := Parse("rules.yml", []byte(baseRules+"correlation: {type: temporal, rules: [a], group-by: [User, Host], timespan: 5m}"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	group := func(user, host string) string {
		m := set.Matcher()
		m.Begin("x", "x", 1)
		m.Add("Kind", []byte("a"))
		m.Add("User", []byte(user))
		m.Add("Host", []byte(host))
		m.Match()
		return m.Hits(nil, rules[0], time.Unix(0, 0))[0].group
	}
	if a, b := group("u\x00v", "h"), group("u", "v\x00h"); a == b || strings.Count(a, "\x00") != 2 {
		t.Errorf("%q and %q", a, b)
	}
}

// BenchmarkValueCount: many different values within the timespan.
func BenchmarkValueCount(b *testing.B) {
	rules, err := Parse("rules.yml", []byte(baseRules+"correlation: {type: value_count, rules: [a], timespan: 7d, condition: "+
		"{field: Host, gte: 50000}}"))
	if err != nil {
		b.Fatal(err)
	}
	set, err := Compile(rules, nil)
	if err != nil {
		b.Fatal(err)
	}
	c := newFollower(set)
	i := 0
	for b.Loop() {
		c.add(nil, Hit{time: time.Unix(int64(i), 0), value: fmt.Sprint(i % 60000)})
		i++
	}
}
