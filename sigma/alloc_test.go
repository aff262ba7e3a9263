package sigma

import "testing"

// TestComparisonsDoNotAllocate: no kind of comparison does in the steady
// state, whether the value is of the kind that it asks for or not. Regular
// expressions are not among them: package regexp keeps a pool, which the race
// detector empties at random.
func TestComparisonsDoNotAllocate(t *testing.T) {
	values := []string{
		"a needle in text", "4096", "0x1000", "10.1.2.3", "fe80::1%3", "::ffff:10.1.2.3", "2017-05-04T23:12:33.1234567Z",
		"2017-05-04 22:00:00", "", "-", "1.5e3", "C:\\Windows\\é.exe", "99999999999999999999999999",
	}
	for _, search := range []string{
		"A: 4096", "A|lt: 10", "A|cidr: 10.0.0.0/8", "A|cidr: 'fe80::/10'", "A|hour|gte: 22", "A|week: 18", "A|fieldref: B", "A|fieldref|contains: B", "A: 'a*needle?in*'", "A|contains|all: [needle, text]",
		"A|cased: Needle", "A: null", "A|exists: true", "A|neq: needle", "A|endswith|windash: ' -all'",
	} {
		set, err := Compile([]*Rule{parseOne(t, head+"    s: {"+search+"}\n    condition: s\n")}, nil)
		if err != nil {
			t.Fatalf("%s: %v", search, err)
		}
		m := set.Matcher()
		for _, value := range values {
			text := []byte(value)
			n := testing.AllocsPerRun(20, func() {
				m.Begin("Security", "p", 1)
				m.Add("A", text)
				m.Add("B", text)
				m.Match()
			})
			if n > 0 {
				t.Errorf("%s on %q: %v allocations", search, value, n)
			}
		}
	}
}

// TestEventsDoNotAllocate: an event costs no memory once its log and its id are
// known, whether rules match it or not; their matches that a correlation looks at aside.
func TestEventsDoNotAllocate(t *testing.T) {
	var rules []*Rule
	for _, search := range []string{
		"A|contains: [failed to connect, was refused]", "A|contains|all: [task, error 5]", "B|endswith: .exe", "A: null", "EventID: 7",
	} {
		r := parseOne(t, head+"    s: {"+search+"}\n    condition: s\n")
		r.Name, r.ID = search, ""
		rules = append(rules, r)
	}
	set, err := Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := set.Matcher()
	a, b, c := []byte("The task ended with error 5: it was refused. CPU: 41%. Été."), []byte("C:\\Windows\\a.exe"), []byte("nobody asks for that")
	matched := 0
	events := func() {
		for id := range uint16(20) {
			m.Begin("Security", "p", id)
			m.Add("A", a)
			m.Add("B", b)
			m.Add("C", c)
			matched += len(m.Match())
		}
	}
	events()
	if matched < 60 {
		t.Fatalf("%d matches: that is no test", matched)
	}
	if n := testing.AllocsPerRun(20, events); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
