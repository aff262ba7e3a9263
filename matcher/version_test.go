package matcher

import (
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

func TestRuntimeOf(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"5.39.8833.1": "2024-03-08 2025-03-08", "5.22.8312.1": "2022-10-04 2023-10-04", "2.6.6313.1": "2017-04-14 none",
		"1.11.5918.1": "2016-03-15 none", "15.0.2000.5": "", "4.0.30319.1": "", "6.1.100.1": "", "2.0.1234.1": "", "": "", "5.39.8833": "",
	} {
		r, ok := RuntimeOf(number)
		got := ""
		if ok {
			got = r.Built.Format(time.DateOnly) + " none"
			if ends := r.Ends(); !ends.IsZero() {
				got = r.Built.Format(time.DateOnly) + " " + ends.Format(time.DateOnly)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
}

// A version is the last that a computer's log names; one that had expired is a problem until another one runs.
func TestRuntimeIsKnown(t *testing.T) {
	t.Parallel()
	signatures, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(signatures)
	if err != nil {
		t.Fatal(err)
	}
	says := func(computer, day, text string) SampleEvent {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return SampleEvent{Computer: computer, Time: at, Level: evtx.LevelInformation, Data: []string{text}}
	}
	const check = "Auto update check. Current version: "
	a, err := c.analyze(Sample{
		says("GW1", "2026-01-01", check+"5.39.8833.1; no newer version is published."),
		says("GW2", "2026-01-02", check+"5.39.8833.1; latest version: 5.60.9490.1."),
		says("GW2", "2026-01-03", "Self-hosted integration runtime version 5.60.9490.1 started."),
		says("GW3", "2026-01-04", "The gateway is online."),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Findings) != 1 || a.Findings[0].Signature.Name != "version-outdated" || a.Findings[0].Count != 2 || !a.Findings[0].Ongoing {
		t.Errorf("findings %+v", a.Findings)
	}
	want := map[string]string{"GW1": "5.39.8833.1", "GW2": "5.60.9490.1", "GW3": ""}
	for _, s := range a.Status {
		got := ""
		if s.Runtime != nil {
			got = s.Runtime.Number
		}
		if got != want[s.Computer] {
			t.Errorf("%s: version %q, want %q", s.Computer, got, want[s.Computer])
		}
	}
	over, err := c.analyze(Sample{
		says("GW2", "2026-01-02", check+"5.39.8833.1; latest version: 5.60.9490.1."),
		says("GW2", "2026-01-03", "Self-hosted integration runtime version 5.60.9490.1 started."),
	})
	if err != nil || len(over.Findings) != 1 || over.Findings[0].Ongoing || over.Findings[0].Over.Sign.Name != "version-current" {
		t.Errorf("%v: %+v", err, over.Findings)
	}
}
