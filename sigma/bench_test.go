package sigma

import (
	"fmt"
	"strings"
	"testing"
)

// gatewayRules are rules like those of a catalogue of known problems: many
// texts, all in one field of one channel.
func gatewayRules(t testing.TB) []*Rule {
	var b strings.Builder
	for i := range 90 {
		fmt.Fprintf(&b, "---\ntitle: problem %d\nlogsource:\n    product: windows\n    service: gateway\ndetection:\n"+
			"    channel:\n        Channel: Data Management Gateway\n    text:\n        Data|contains:\n", i)
		for j := range 3 {
			fmt.Fprintf(&b, "            - 'component %d cannot connect to service number %d of the gateway'\n", i, j)
		}
		b.WriteString("    condition: channel and text\n")
	}
	rules, err := Parse("rules.yml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// BenchmarkNoise: events of the right channel that no rule matches.
func BenchmarkNoise(b *testing.B) {
	set, err := Compile(gatewayRules(b), nil)
	if err != nil {
		b.Fatal(err)
	}
	m := set.Matcher()
	text := []byte("Successfully connected to cloud service. Service endpoint: https://ne.frontend.clouddatahub.net/. Time cost: " +
		"1826 ms. Activity ID: 4dedef67-839d-4150-b4c9-6fe57d97949d")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		m.Begin("Data Management Gateway", "Data Management Gateway", 4)
		m.Add("Data", text)
		if len(m.Match()) > 0 {
			b.Fatal("noise matches")
		}
	}
}

// BenchmarkGateway: noise, and one event in a hundred that a rule matches; with
// long texts, and with a short one among them, for which the search has to
// look at every place.
func BenchmarkGateway(b *testing.B) {
	short := parseOne(b, "title: short\nlogsource: {product: windows}\ndetection: {s: {Data|contains: 'xqzj'}, condition: s}\n")
	for _, way := range []struct {
		name  string
		rules []*Rule
	}{{"long texts", gatewayRules(b)}, {"a short one", append(gatewayRules(b), short)}} {
		b.Run(way.name, func(b *testing.B) {
			set, err := Compile(way.rules, nil)
			if err != nil {
				b.Fatal(err)
			}
			m := set.Matcher()
			noise := []byte("Successfully connected to cloud service. Service endpoint: https://ne.frontend.clouddatahub.net/. Time " +
				"cost: 1826 ms. Activity ID: 4dedef67-839d-4150-b4c9-6fe57d97949d")
			problem := []byte("Job failed. component 7 cannot connect to service number 1 of the gateway. Activity ID: " +
				"4dedef67-839d-4150-b4c9-6fe57d97949d")
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				text, want := noise, 0
				if i++; i%100 == 0 {
					text, want = problem, 1
				}
				m.Begin("Data Management Gateway", "Data Management Gateway", 4)
				m.Add("Data", text)
				if got := len(m.Match()); got != want {
					b.Fatalf("%d rules match, want %d", got, want)
				}
			}
		})
	}
}

// BenchmarkOtherChannel: events that no rule can want.
func BenchmarkOtherChannel(b *testing.B) {
	set, err := Compile(gatewayRules(b), nil)
	if err != nil {
		b.Fatal(err)
	}
	m := set.Matcher()
	b.ReportAllocs()
	i := uint16(0)
	for b.Loop() {
		if i++; m.Begin("System", "Service Control Manager", 7000+i%50) {
			b.Fatal("wanted")
		}
	}
}
