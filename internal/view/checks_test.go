package view

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/words"
)

// zipped is an archive with one entry.
func zipped(t *testing.T, name, text string) *eventlog.Archive {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return &eventlog.Archive{Name: "b.zip", At: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}
}

// What is no check, or one that somebody made to do harm, is told in a line, and never more than its bounds.
func TestChecksOfStrangers(t *testing.T) {
	result := `{"status":"fault","layer":"network","finding":"dropped","seen":"x","do":[],"raw":[],"values":{"target":"a:1","host":"a","port":"1"}}`
	many := strings.TrimSuffix(strings.Repeat(result+",", 5000), ",")
	for _, tt := range []struct {
		name, text, wrong string
		groups            int
	}{
		{"no JSON", "no", "JSON", 0},
		{"another schema", `{"schema":"x/1"}`, "schema", 0},
		{"null", "null", "schema", 0},
		{"a list", "[]", "JSON", 0},
		{"nested deeply", strings.Repeat("[", 100000), "JSON", 0},
		{"too large", strings.Repeat(" ", maxCheckBytes+1), "8 MiB", 0},
		{"nothing", `{"schema":"gwlogs.check/1"}`, "", 0},
		{"one", `{"schema":"gwlogs.check/1","results":[` + result + `]}`, "", 1},
		{"many about the machine", `{"schema":"gwlogs.check/1","results":[` + many + `]}`, "", maxCheckResults},
		{"unknown names", `{"schema":"gwlogs.check/1","results":[{"status":"doom","layer":"hell","finding":"../x"},{"status":"note","layer":"hell\u001b[31m","finding":"y"}]}`, "", 1},
	} {
		data, err := checkEntry(zipped(t, checkName, tt.text))
		got := newCheck("b.zip", data, err, words.In("en"))
		if (tt.wrong == "") != (got.Error == "") || !strings.Contains(got.Error, tt.wrong) || len(got.Groups) != tt.groups {
			t.Errorf("%s: %q and %d groups", tt.name, got.Error, len(got.Groups))
		}
		for _, g := range got.Groups {
			if strings.Contains(g.Layer, "\x1b") {
				t.Errorf("%s: layer %q", tt.name, g.Layer)
			}
		}
	}
	if data, err := checkEntry(zipped(t, "logs/check.json", "{}")); data != nil || err != nil {
		t.Error("an entry in a folder is none:", data, err)
	}
}
