package matcher

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestLocalized: what Windows, .NET and SQL Server say in the languages of
// testdata/localized.yaml is the problem that it is in English.
func TestLocalized(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile(filepath.Join("testdata", "localized.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var sentences []struct {
		Problem, Lang, Text string
		Seen                bool
	}
	if err := yaml.Unmarshal(src, &sentences); err != nil || len(sentences) < 40 {
		t.Fatalf("%d sentences: %v", len(sentences), err)
	}
	c := catalogue(t)
	for _, s := range sentences {
		if found, err := c.Try(Sample{{Data: []string{s.Text}}}); err != nil || !slices.Equal(found, []string{s.Problem}) {
			t.Errorf("%s: %s: found %v, want %s (%v)", s.Lang, s.Text, found, s.Problem, err)
		}
	}
}
