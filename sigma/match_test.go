package sigma

import (
	"strings"
	"testing"
)

// event is the values of an event by field.
type event map[string][]string

// match compiles a detection and tries it on an event.
func match(t testing.TB, detection string, e event, o *Options) bool {
	t.Helper()
	set, err := Compile([]*Rule{parseOne(t, head+detection)}, o)
	if err != nil {
		t.Fatal(err)
	}
	return matchSet(set, e) > 0
}

func matchSet(set *Set, e event) int {
	m := set.Matcher()
	if !m.Begin("Security", "Auditing", 4688) {
		return 0
	}
	for field, values := range e {
		for _, v := range values {
			m.Add(field, []byte(v))
		}
	}
	return len(m.Match())
}

// TestMatch is the language, piece by piece.
func TestMatch(t *testing.T) {
	t.Parallel()
	const cmd = "    condition: s\n"
	for _, tt := range []struct {
		name, detection string
		yes, no         []event
	}{
		{"equal, in any case", "    s: {A: Whoami.exe}\n" + cmd,
			[]event{{"A": {"WHOAMI.EXE"}}, {"A": {"x", "whoami.exe"}}}, []event{{"A": {"whoami.exe x"}}, {"B": {"whoami.exe"}}, {}}},
		{"letters beyond ASCII", "    s: {A: ÉTAT ſ K}\n" + cmd,
			[]event{{"A": {"état s k"}}, {"A": {"État S \u212a"}}}, []event{{"A": {"etat s k"}}}},
		{"one of a list", "    s: {A: [x, y]}\n" + cmd, []event{{"A": {"Y"}}}, []event{{"A": {"z"}}}},
		{"all fields of a map", "    s: {A: x, B: y}\n" + cmd, []event{{"A": {"x"}, "B": {"y"}}},
			[]event{{"A": {"x"}}, {"A": {"x"}, "B": {"z"}}}},
		{"one map of a list", "    s: [{A: x}, {B: y, C: z}]\n" + cmd, []event{{"A": {"x"}}, {"B": {"y"}, "C": {"z"}}}, []event{{"B": {"y"}}}},
		{"wildcards", "    s: {A: 'C:\\\\*\\cmd?.exe'}\n" + cmd,
			[]event{{"A": {`c:\windows\cmd1.exe`}}, {"A": {`c:\\cmdé.exe`}}}, []event{{"A": {`c:\windows\cmd.exe`}},
				{"A": {`c:\cmd1.exe`}}, {"A": {`c:\x\cmd1.exe.bak`}}}},
		{"escaped wildcard", `    s: {A: 'a\*b'}` + "\n" + cmd, []event{{"A": {"a*b"}}}, []event{{"A": {"axb"}}}},
		{"contains", "    s: {A|contains: 'needle in'}\n" + cmd, []event{{"A": {"a Needle in a haystack"}}}, []event{{"A": {"needlein"}}}},
		{"contains, short", "    s: {A|contains: 'ab'}\n" + cmd, []event{{"A": {"xABx"}}}, []event{{"A": {"a b"}}}},
		{"contains a wildcard", "    s: {A|contains: 'from*to'}\n" + cmd, []event{{"A": {"x from a to b"}}}, []event{{"A": {"to from"}}}},
		{"contains all", "    s: {A|contains|all: [first, second]}\n" + cmd,
			[]event{{"A": {"second first"}}, {"A": {"first", "second"}}}, []event{{"A": {"first"}}}},
		{"startswith", "    s: {A|startswith: 'prefix'}\n" + cmd, []event{{"A": {"Prefixed"}}}, []event{{"A": {"a prefix"}}}},
		{"endswith", "    s: {A|endswith: '\\cmd.exe'}\n" + cmd, []event{{"A": {`C:\CMD.EXE`}}},
			[]event{{"A": {`C:\cmd.exe x`}}, {"A": {"md.exe"}}}},
		{"cased", "    s: {A|contains|cased: Needle}\n" + cmd, []event{{"A": {"a Needle"}}}, []event{{"A": {"a needle"}}}},
		{"re", "    s: {A|re: 'a{2,}b+$'}\n" + cmd, []event{{"A": {"xaab"}}}, []event{{"A": {"xAAB"}}, {"A": {"ab"}}}},
		{"re i", "    s: {A|re|i: 'error [0-9]+'}\n" + cmd, []event{{"A": {"ERROR 7"}}}, []event{{"A": {"error x"}}}},
		{"re m and s", "    s: {A|re|m|s: '^second.third$'}\n" + cmd, []event{{"A": {"first\nsecond\nthird"}}},
			[]event{{"A": {"second x third"}}}},
		{"number", "    s: {A: 4096}\n" + cmd, []event{{"A": {"4096"}}, {"A": {"0x1000"}}, {"A": {"4096.0"}}}, []event{{"A": {"4097"}}}},
		{"text of digits", "    s: {A: '4096'}\n" + cmd, []event{{"A": {"4096"}}}, []event{{"A": {"0x1000"}}}},
		{"lt and gte", "    s: {A|lt: 10, B|gte: 5}\n" + cmd, []event{{"A": {"9.5"}, "B": {"5"}}},
			[]event{{"A": {"10"}, "B": {"5"}}, {"A": {"x"}, "B": {"5"}}}},
		{"null", "    s: {A: null}\n" + cmd, []event{{}}, []event{{"A": {""}}}},
		{"empty text", "    s: {A: ''}\n" + cmd, []event{{"A": {""}}}, []event{{}, {"A": {"x"}}}},
		{"null or text", "    s: {A: [null, x]}\n" + cmd, []event{{}, {"A": {"x"}}}, []event{{"A": {"y"}}}},
		{"exists", "    s: {A|exists: true, B|exists: false}\n" + cmd, []event{{"A": {""}}}, []event{{}, {"A": {"x"}, "B": {"x"}}}},
		{"neq", "    s: {A|neq: [x, y]}\n" + cmd, []event{{"A": {"z"}}}, []event{{"A": {"X"}}}},
		{"bool", "    s: {A: true}\n" + cmd, []event{{"A": {"True"}}}, []event{{"A": {"1"}}}},
		{"cidr", "    s: {A|cidr: ['10.0.0.0/8', 'fe80::/10']}\n" + cmd,
			[]event{{"A": {"10.1.2.3"}}, {"A": {"fe80::1%3"}}, {"A": {"::ffff:10.1.2.3"}}}, []event{{"A": {"11.1.2.3"}}, {"A": {"here"}}}},
		{"base64", "    s: {A|base64|contains: 'gwlogs'}\n" + cmd, []event{{"A": {"x Z3dsb2dz"}}}, []event{{"A": {"gwlogs"}}}},
		{"base64offset", "    s: {A|base64offset|contains: 'http://'}\n" + cmd,
			[]event{{"A": {"aHR0cDovL3g="}}, {"A": {"eGh0dHA6Ly94"}}, {"A": {"eHhodHRwOi8veA=="}}}, []event{{"A": {"aHR0cHM6Ly94"}}}},
		{"wide and base64", "    s: {A|wide|base64offset|contains: 'ping'}\n" + cmd, []event{{"A": {"cABpAG4AZwA="}}},
			[]event{{"A": {"cGluZw=="}}}},
		{"windash", "    s: {A|windash|contains: ' -all'}\n" + cmd, []event{{"A": {"x /all"}}, {"A": {"x –all"}}, {"A": {"x -ALL"}}},
			[]event{{"A": {"x all"}}}},
		{"fieldref", "    s: {A|fieldref: B}\n" + cmd, []event{{"A": {"X"}, "B": {"x"}}}, []event{{"A": {"x"}, "B": {"y"}}, {"A": {"x"}}}},
		{"fieldref within", "    s: {A|fieldref|endswith: B}\n" + cmd, []event{{"A": {"domain\\me"}, "B": {"ME"}}},
			[]event{{"A": {"me too"}, "B": {"me"}}}},
		{"hour", "    s: {A|hour|gte: 22}\n" + cmd, []event{{"A": {"2017-05-04T23:12:33.1234567Z"}}, {"A": {"2017-05-04 22:00:00"}}},
			[]event{{"A": {"2017-05-04T21:59:59Z"}}, {"A": {"later"}}}},
		{"other parts", "    s: {A|day: 4, B|month: 5, C|year: 2017, D|week: 18, E|minute: 12}\n" + cmd,
			[]event{{"A": {"2017-05-04"}, "B": {"2017-05-04"}, "C": {"2017-05-04"}, "D": {"2017-05-04"},
				"E": {"2017-05-04T23:12:33Z"}}}, []event{{"A": {"2017-05-04"}}}},
		{"keyword, whole", "    s: ['*needle*']\n" + cmd, []event{{"X": {"a needle"}}, {"Y": {"NEEDLES"}}}, []event{{"X": {"pin"}}}},
		{"all keywords", "    s:\n        '|all': ['*one*', '*two*']\n" + cmd, []event{{"X": {"one"}, "Y": {"two"}}}, []event{{"X": {"one"}}}},
		{"not", "    s: {A: x}\n    f: {B: y}\n    condition: s and not f\n", []event{{"A": {"x"}}}, []event{{"A": {"x"}, "B": {"y"}}}},
		{"precedence", "    a: {A: x}\n    b: {B: x}\n    c: {C: x}\n    condition: a or b and c\n",
			[]event{{"A": {"x"}}, {"B": {"x"}, "C": {"x"}}}, []event{{"B": {"x"}}}},
		{"parentheses", "    a: {A: x}\n    b: {B: x}\n    c: {C: x}\n    condition: (a or b) and c\n",
			[]event{{"A": {"x"}, "C": {"x"}}}, []event{{"A": {"x"}}}},
		{"1 of", "    s_a: {A: x}\n    s_b: {B: x}\n    t: {C: x}\n    condition: 1 of s_*\n", []event{{"B": {"x"}}}, []event{{"C": {"x"}}}},
		{"all of", "    s_a: {A: x}\n    s_b: {B: x}\n    condition: all of s_*\n", []event{{"A": {"x"}, "B": {"x"}}}, []event{{"A": {"x"}}}},
		{"them", "    a: {A: x}\n    _b: {B: x}\n    condition: 1 of them\n", []event{{"A": {"x"}}}, []event{{"B": {"x"}}}},
		{"several conditions", "    a: {A: x}\n    b: {B: x}\n    condition: [a, b]\n", []event{{"A": {"x"}}, {"B": {"x"}}},
			[]event{{"C": {"x"}}}},
		{"channel and id", "    s: {Channel: security, EventID: [1, 4688], Provider_Name: auditing}\n" + cmd, []event{{}}, nil},
		{"another id", "    s: {EventID: 1}\n" + cmd, nil, []event{{}}},
		{"id but not", "    s: {A: x}\n    f: {EventID: 4688}\n    condition: s and not f\n", nil, []event{{"A": {"x"}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, e := range tt.yes {
				if !match(t, tt.detection, e, nil) {
					t.Errorf("does not match %q", e)
				}
			}
			for _, e := range tt.no {
				if match(t, tt.detection, e, nil) {
					t.Errorf("matches %q", e)
				}
			}
		})
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	const detection = "    s: {A|expand: 'CORP/%admins%'}\n    condition: s\n"
	rules := []*Rule{parseOne(t, head+detection)}
	if _, err := Compile(rules, nil); err == nil || err.Error() != "rule.yml:5:19: there are no values for the placeholder %admins%" {
		t.Errorf("%v", err)
	}
	o := &Options{Placeholders: map[string][]string{"admins": {"alice", "b*"}}}
	for value, want := range map[string]bool{`corp/alice`: true, `corp/bob`: true, `corp/carol`: false} {
		if match(t, detection, event{"A": {value}}, o) != want {
			t.Errorf("%s: not %v", value, want)
		}
	}
	// A percent sign without the modifier is text.
	if !match(t, "    s: {A|contains: '%AppData%'}\n    condition: s\n", event{"A": {`x %appdata%\y`}}, nil) {
		t.Error("text with percent signs does not match")
	}
}

// TestBegin: events that no rule can want are told by one look-up.
func TestBegin(t *testing.T) {
	t.Parallel()
	rules := []*Rule{
		parseOne(t, "title: a\nlogsource: {product: windows, service: security}\ndetection: {s: {EventID: [1, 2], A: x}, condition: s}\n"),
		parseOne(t, "title: b\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {A: x}, condition: s}\n"),
		parseOne(t, "title: c\nlogsource: {product: linux}\ndetection: {s: {A: x}, condition: s}\n"),
	}
	set, err := Compile(rules, &Options{Sources: WindowsSources})
	if err != nil {
		t.Fatal(err)
	}
	m := set.Matcher()
	for _, tt := range []struct {
		channel string
		id      uint16
		want    bool
	}{
		{"Security", 1, true}, {"SECURITY", 2, true}, {"Security", 3, false}, {"Security", 4688, true},
		{"System", 1, false}, {"Microsoft-Windows-Sysmon/Operational", 1, true}, {"Microsoft-Windows-Sysmon/Operational", 2, false},
	} {
		for range 2 { // what is remembered is the same
			if got := m.Begin(tt.channel, "p", tt.id); got != tt.want {
				t.Errorf("%s %d: %v", tt.channel, tt.id, got)
			}
		}
	}
	if channels, ok := set.Channels(); !ok || strings.Join(channels, ",") != "security,microsoft-windows-sysmon/operational" {
		t.Errorf("channels: %v %v", channels, ok)
	}
}

// TestMatchDoesNotAllocate in the steady state.
func TestMatchDoesNotAllocate(t *testing.T) {
	set, err := Compile(gatewayRules(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	m := set.Matcher()
	text := []byte("component 7 cannot connect to service number 1 of the GATEWAY")
	n := testing.AllocsPerRun(100, func() {
		m.Begin("Data Management Gateway", "p", 4)
		m.Add("Data", text)
		if len(m.Match()) != 1 {
			t.Fatal("no match")
		}
	})
	if n > 0 {
		t.Errorf("%v allocations an event", n)
	}
}

// TestManyBuckets: hostile logs have no end of providers and ids.
func TestManyBuckets(t *testing.T) {
	t.Parallel()
	set, err := Compile(gatewayRules(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	m := set.Matcher()
	for i := range 3 * maxBuckets {
		m.Begin("Data Management Gateway", strings.Repeat("p", i%7), uint16(i))
		if m.count > maxBuckets {
			t.Fatalf("%d remembered", m.count)
		}
	}
	m.Begin("Data Management Gateway", "p", 4)
	m.Add("Data", []byte("component 7 cannot connect to service number 1 of the gateway"))
	if len(m.Match()) != 1 {
		t.Error("does not match afterwards")
	}
}

// TestDataNamedLikeSystemFields: event data called EventID is no second id of
// the event, whether or not another rule of the set has keywords.
func TestDataNamedLikeSystemFields(t *testing.T) {
	t.Parallel()
	id := parseOne(t, head+"    s: {EventID: 4616}\n    f: {EventID: 4688}\n    condition: s or not f\n")
	keywords := parseOne(t, head+"    s: ['*needle*', '4616']\n    condition: s\n")
	for _, tt := range []struct {
		rules []*Rule
		want  int
	}{{[]*Rule{id}, 0}, {[]*Rule{id, keywords}, 1}} {
		set, err := Compile(tt.rules, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := matchSet(set, event{"EventID": {"4616"}}); got != tt.want {
			t.Errorf("%d rules: %d match, want %d", len(tt.rules), got, tt.want)
		}
	}
}

// TestNeededInRegexp: what every match has in it, also where it is one of several.
func TestNeededInRegexp(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		`ErrorCode ?= ?(?:UserError)?(?:FirstCode|Second)\b`: "errorcode",
		`Code ?= ?(?:FirstFailure|SecondFailure)\b`:          "firstfailure secondfailure",
		`^(one thing)+ or x{0,3}$`:                           "one thing",
		`(?i)CASE (less|x)`:                                  "case ",
		`a|longer text`:                                      "",
		`(optional)?[a-z]+`:                                  "",
		`(?i:status|rc)\W{0,4}(?:1326|1327|13[45]1|9000)\b`:  "1326 1327 1341 1351 9000",
		`x[0-9a-z]yz`:                                        "",
	} {
		texts, ok := neededInRegexp(expr)
		if got := strings.Join(texts, " "); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v, want %q", expr, got, ok, want)
		}
	}
}
