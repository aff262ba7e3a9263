package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A list may be anything, and as long as it likes.
func TestReadFindingsHostile(t *testing.T) {
	t.Parallel()
	head := `{"schema": "gwlogs.findings/1", "findings": `
	for text, want := range map[string]int{
		head + `[]}`:   0,
		head + `null}`: 0,
		head + `[{}]}`: 1,
		head + `[{"count": 3, "computers": ["a", "b"], "first": "yesterday", "evidence": [{"computer": "b", "time": "x", "record_id": 1}]}]}`: 2,
		head + `[{"per_computer": [{"computer": "a", "count": 1}, {"computer": "b", "count": 2}], "computers": ["c"]}]}`:                      2,
		head + `[1]}`:                    -1,
		head + `[{"evidence": [[]]}]}`:   -1,
		head + `[{"per_computer": {}}]}`: -1,
		`{"findings": []}`:               -1,
		`[]`:                             -1,
		``:                               -1,
		head + `[` + strings.Repeat(`[`, 100_000): -1,
	} {
		all, err := ReadFindings([]byte(text), "id")
		if (err != nil) != (want < 0) || err == nil && len(all) != want {
			t.Errorf("%.80s: %d, %v; want %d", text, len(all), err, want)
		}
	}
	all, err := ReadFindings([]byte(head+`[{"count": 3, "computers": ["a", "b"]}]}`), "id")
	if err != nil || all[0].Count != -1 || all[1].Computer != "b" || all[0].Bundle != "id" {
		t.Errorf("%+v, %v", all, err)
	}
}

func FuzzReadFindings(f *testing.F) {
	if data, err := os.ReadFile(filepath.Join("..", "cli", "testdata", "script", "diagnose-json.txtar")); err == nil {
		if _, doc, ok := strings.Cut(string(data), "-- want --\n"); ok {
			f.Add([]byte(doc))
		}
	}
	f.Add([]byte(`{"schema": "gwlogs.findings/1", "findings": [{"per_computer": [{}], "evidence": [{}]}], "status": [{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := ReadFindings(data, "id")
		if err != nil && len(all) > 0 {
			t.Errorf("%d findings, and %v", len(all), err)
		}
	})
}
