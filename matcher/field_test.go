package matcher

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A fieldCase is an error text that somebody met, and the problem that it is.
type fieldCase struct {
	ID       string
	Channel  string
	Provider string
	EventID  uint16 `yaml:"event_id"`
	Text     string
	Data     []string
	Expected string // names, "|" between them; "new:NAME" is NAME or NAME-…
}

// is reports whether a problem is the one that the case expects.
func (c *fieldCase) is(name string) bool {
	for want := range strings.SplitSeq(c.Expected, "|") {
		fresh, ok := strings.CutPrefix(want, "new:")
		if name == fresh || ok && strings.HasPrefix(name, fresh+"-") {
			return true
		}
	}
	return false
}

// fieldCases are in the shared folder: texts of others are not committed.
func fieldCases(t *testing.T) []fieldCase {
	t.Helper()
	shared := os.Getenv("GWLOGS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	src, err := os.ReadFile(filepath.Join(shared, "field", "cases.yaml"))
	if err != nil {
		t.Skip("no field/cases.yaml: GWLOGS_SHARED does not name the folder that holds it")
	}
	var cases []fieldCase
	if err := yaml.Unmarshal(src, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestField: of the texts that people met, the problem that each is comes
// first and alone, as an event of the log that it stood in, as a text that
// somebody pasted, and, where what is left decides, as one that a table cut off.
func TestField(t *testing.T) {
	t.Parallel()
	cases, c := fieldCases(t), catalogue(t)
	for _, way := range []struct {
		name  string
		least int // of the cases
		event func(*fieldCase) SampleEvent
	}{
		{"event", 104, func(f *fieldCase) SampleEvent {
			e := SampleEvent{Channel: f.Channel, Provider: f.Provider, ID: f.EventID, Data: f.Data}
			if len(e.Data) == 0 {
				e.Data = []string{f.Text}
			}
			return e
		}},
		{"text", 104, func(f *fieldCase) SampleEvent { return SampleEvent{Data: []string{f.Text}} }},
		{"cut", 75, func(f *fieldCase) SampleEvent {
			runes := []rune(f.Text)
			return SampleEvent{Data: []string{string(runes[:min(len(runes), 60)])}}
		}},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			right := 0
			for _, f := range cases {
				found, err := c.Try(Sample{way.event(&f)})
				if err == nil && len(found) == 1 && f.is(found[0]) {
					right++
					continue
				}
				if wrong := slices.ContainsFunc(found, func(name string) bool { return !f.is(name) }); wrong || err != nil {
					t.Logf("%s: found %v, want %s (%v)", f.ID, found, f.Expected, err)
				} else {
					t.Logf("%s: nothing, want %s", f.ID, f.Expected)
				}
			}
			t.Logf("%d of %d right", right, len(cases))
			if right < way.least {
				t.Errorf("right in %d of %d cases, less than %d", right, len(cases), way.least)
			}
		})
	}
}
