package sigma

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestForms: a rule sees the values of its own form, and nothing of the other;
// the values of Begin have both.
func TestForms(t *testing.T) {
	t.Parallel()
	const source = "logsource: {product: windows}\n"
	rules := func(name, rest string) string {
		var b strings.Builder
		for _, form := range []string{"as it is", "normalized"} {
			b.WriteString("---\ntitle: " + name + " " + form + "\nstatus: " +
				map[string]string{"as it is": "test", "normalized": "stable"}[form] + "\n" + source + rest)
		}
		return b.String()
	}
	src := rules("field", "detection: {s: {A: 'two  blanks'}, condition: s}\n") +
		rules("literal", "detection: {s: {A|contains: 'one blank'}, condition: s}\n") +
		rules("regexp", "detection: {s: {A|re: 'x.y'}, condition: s}\n") +
		rules("null", "detection: {s: {A: null}, condition: s}\n") +
		rules("reference", "detection: {s: {A|fieldref: B}, condition: s}\n") +
		rules("keyword", "detection: {s: ['*needle*'], condition: s}\n") +
		rules("no keyword", "detection: {s: ['*needle*'], t: {A: '*'}, condition: t and not s}\n") +
		rules("provider", "detection: {s: ['*Auditing*'], condition: s}\n") +
		rules("id", "detection: {s: {EventID: 4688, A: same}, condition: s}\n")
	all, err := Parse("forms.yml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(all, &Options{Normalized: func(r *Rule) bool { return r.Status == "stable" }})
	if err != nil {
		t.Fatal(err)
	}
	type values [][2]string
	for _, tt := range []struct {
		asIs, normalized values
		want             []string
	}{
		{values{{"A", "two  blanks"}}, values{{"A", "two blanks"}}, []string{"field as it is", "no keyword as it is", "no keyword normalized"}},
		{values{{"A", "two  blanks"}}, values{{"A", "two  blanks"}},
			[]string{"field as it is", "field normalized", "no keyword as it is", "no keyword normalized"}},
		{values{{"A", "one\nblank"}}, values{{"A", "one blank"}}, []string{"literal normalized", "no keyword as it is", "no keyword normalized"}},
		{values{{"A", "x\ny"}}, values{{"A", "x y"}}, []string{"regexp normalized", "no keyword as it is", "no keyword normalized"}},
		{values{{"A", "1"}}, nil, []string{"null normalized", "no keyword as it is"}},
		{nil, values{{"A", "1"}}, []string{"null as it is", "no keyword normalized"}},
		{values{{"A", "1"}, {"B", "1"}}, values{{"A", "1"}}, []string{"reference as it is", "no keyword as it is", "no keyword normalized"}},
		{values{{"A", "a needle"}}, values{{"A", "pin"}}, []string{"keyword as it is", "no keyword normalized"}},
		{values{{"A", "pin"}}, values{{"Z", "a needle"}}, []string{"null normalized", "keyword normalized", "no keyword as it is"}},
		{values{{"A", "same"}}, values{{"A", "same"}}, []string{"no keyword as it is", "no keyword normalized", "id as it is", "id normalized"}},
	} {
		m := set.Matcher()
		m.Begin("Security", "auditing", 4688)
		for _, v := range tt.asIs {
			m.Add(v[0], []byte(v[1]))
		}
		for _, v := range tt.normalized {
			m.AddNormalized(v[0], []byte(v[1]))
		}
		var got []string
		providers := 0
		for _, rule := range m.Match() {
			if strings.HasPrefix(rule.Title, "provider") {
				providers++
			}
			if !strings.HasPrefix(rule.Title, "provider") {
				got = append(got, rule.Title)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q and %q: %q, want %q", tt.asIs, tt.normalized, got, tt.want)
		}
		if providers != 2 {
			t.Errorf("%q and %q: the provider is a value of both forms", tt.asIs, tt.normalized)
		}
	}
}

// TestUses: what a caller may leave out, form by form.
func TestUses(t *testing.T) {
	t.Parallel()
	const head = "logsource: {}\n"
	src := "title: a\nname: a\n" + head + "detection: {s: {A: x}, condition: s}\n---\n" +
		"title: b\nname: b\nstatus: stable\n" + head + "detection: {s: {B: x}, condition: s}\n---\n" +
		"title: c\ncorrelation: {type: temporal, rules: [a, b], group-by: [Host], timespan: 5m}\n"
	compile := func(src string) *Set {
		rules, err := Parse("uses.yml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		set, err := Compile(rules, &Options{Normalized: func(r *Rule) bool { return r.Status == "stable" }})
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	set := compile(src)
	for _, tt := range []struct {
		field        string
		form         Form
		uses, groups bool
	}{
		{"A", AsIs, true, false}, {"A", Normalized, false, false},
		{"B", AsIs, false, false}, {"B", Normalized, true, false},
		{"Host", AsIs, true, true}, {"Host", Normalized, true, true},
		{"Channel", AsIs, false, false}, {"C", AsIs, false, false},
	} {
		if uses, groups := set.Uses(tt.field, tt.form), set.Groups(tt.field, tt.form); uses != tt.uses || groups != tt.groups {
			t.Errorf("%s in form %d: used %t, for groups %t", tt.field, tt.form, uses, groups)
		}
	}
	// With a keyword every value counts from the start, that of a group as well.
	set = compile(src + "---\ntitle: k\n" + head + "detection: {s: ['*needle*'], condition: s}\n")
	if !set.Uses("C", AsIs) || set.Uses("C", Normalized) || set.Groups("Host", AsIs) || !set.Groups("Host", Normalized) {
		t.Error("keywords look at all values of their form, and of no other")
	}
	m := set.Matcher()
	m.Begin("x", "x", 1)
	m.Add("Host", []byte("a needle"))
	if len(m.Match()) != 1 {
		t.Error("a keyword does not find the value of a group")
	}
}

// TestGroupsOfForms: a correlation groups each rule's events by the values that
// the rule looks at.
func TestGroupsOfForms(t *testing.T) {
	t.Parallel()
	rules, err := Parse("groups.yml", []byte(baseRules+"correlation: {type: temporal, rules: [a, b], group-by: [User], timespan: 10m}"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(rules, &Options{Normalized: func(r *Rule) bool { return r.Name == "b" }})
	if err != nil {
		t.Fatal(err)
	}
	m := set.Matcher()
	group := func(kind string, add func(field string, value []byte), user string) string {
		m.Begin("x", "x", 1)
		add("Kind", []byte(kind))
		add("User", []byte(user))
		hits := m.Hits(nil, m.Match()[0], time.Unix(0, 0))
		if len(hits) != 1 {
			return ""
		}
		return hits[0].group
	}
	if a, b := group("a", m.Add, "Eve"), group("b", m.AddNormalized, "eve"); a == "" || a != b {
		t.Errorf("groups %q and %q", a, b)
	}
}
