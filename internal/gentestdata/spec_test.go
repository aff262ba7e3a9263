package gentestdata

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// write puts files into a new folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const origin = "provider: P\nchannel: C\ncomputer: PC\n"

// TestText: a line break of a literal block is CR LF, and only that.
func TestText(t *testing.T) {
	dir := write(t, map[string]string{"log": origin + `events:
  - {time: 2024-05-13T06:00:00.1234567Z, id: 1, level: 4, text: "a\nb"}
  - time: 2024-05-13T06:00:01Z
    id: 2
    level: 4
    text: |-
      a
        b
  - {time: 2024-05-13T06:00:02Z, id: 3, level: 4, strings: [a, "", 07]}
  - {time: 2024-05-13T06:00:03Z, id: 4, level: 4}
`})
	s, err := Load(dir, "log")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]string{{"a\nb"}, {"a\r\n  b"}, {"a", "", "07"}, nil} {
		if got := s.Events[i].Texts(); strings.Join(got, "|") != strings.Join(want, "|") || len(got) != len(want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if at := s.Events[0].Time; at.Nanosecond() != 123456700 {
		t.Errorf("time is %v", at)
	}
}

// TestNoise: listed events take their fillers as written and lie among the
// log's own by time, behind those of the same second.
func TestNoise(t *testing.T) {
	dir := write(t, map[string]string{
		"log": origin + `noise: {file: noise}
events:
  - {time: 2024-05-13T06:00:01Z, id: 1, level: 2, text: own}
`,
		"noise": `texts:
  beat: {id: 4, level: 4, text: "{1-99}% of {a|b}"}
events:
  - [2024-05-13T06:00:01Z, beat, 07, b]
  - [2024-05-13T06:00:00Z, beat, 8, a]
`})
	s, err := Load(dir, "log")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range s.Events {
		got = append(got, e.Texts()...)
	}
	if strings.Join(got, ", ") != "8% of a, own, 07% of b" {
		t.Errorf("%q", got)
	}
}

// TestDraw: a rule gives what it says, and the same each time.
func TestDraw(t *testing.T) {
	file := &noiseFile{Texts: map[string]noiseText{
		"often": {ID: 1, Level: 4, Weight: 9, Text: "{10-12} {a|b} {guid}"},
		"rare":  {ID: 2, Level: 3, Weight: 1, Text: "rare"},
		"never": {ID: 3, Level: 3, Text: "never"},
	}}
	from := time.Date(2024, 5, 13, 6, 0, 0, 0, time.UTC)
	rule := draw{Seed: 1, From: from, To: from.Add(time.Hour), Count: 500}
	one, err := file.draw(rule)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[uint16]int{}
	last := from
	for _, e := range one {
		ids[e.ID]++
		if e.Time.Before(last) || !e.Time.Before(rule.To) {
			t.Fatalf("%v after %v", e.Time, last)
		}
		last = e.Time
	}
	if len(one) != 500 || ids[3] != 0 || ids[2] < 20 || ids[2] > 90 {
		t.Errorf("%d events: %v", len(one), ids)
	}
	// Pinned: another sequence would change every log that has a rule.
	if got, want := one[0].Texts()[0], "12 a 71bb54d8-d101-45b9-834d-0bff90150280"; got != want {
		t.Errorf("the first event says %q, want %q", got, want)
	}
}

// TestLoadRefuses: mistakes in a specification are named.
func TestLoadRefuses(t *testing.T) {
	const at = "  - {time: 2024-05-13T06:00:00Z, id: 1, level: 4"
	for name, tt := range map[string]struct{ log, want string }{
		"unknown key":    {origin + "events:\n" + at + ", txt: a}\n", "field txt not found"},
		"two kinds":      {origin + "events:\n" + at + ", text: a, strings: [b]}\n", "more than one"},
		"no level":       {origin + "events:\n  - {time: 2024-05-13T06:00:00Z, id: 1}\n", "time or level is missing"},
		"no origin":      {"events:\n" + at + "}\n", "provider, channel or computer is missing"},
		"unknown origin": {origin + "events:\n" + at + ", from: x}\n", `no origin "x"`},
		"unknown noise":  {origin + "noise: {file: noise}\n", `no text "beat"`},
	} {
		dir := write(t, map[string]string{"log": tt.log, "noise": "events:\n  - [2024-05-13T06:00:00Z, beat]\n"})
		if _, err := Load(dir, "log"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}
