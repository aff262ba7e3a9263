package tables

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// TestRecipes runs the queries of docs, and reads the other files there: no column in them is one that there is not.
func TestRecipes(t *testing.T) {
	t.Parallel()
	docs, err := filepath.Abs(filepath.Join("..", "..", "docs", "tables"))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("elastic", func(t *testing.T) {
		text := readRecipe(t, docs, "elastic-pipeline.json")
		if !json.Valid(text) {
			t.Error("is no JSON")
		}
		knowsColumns(t, text, regexp.MustCompile(`"(?:field|copy_from)": "([a-z_0-9]+)"`), Events(), "event_id", "@timestamp")
	})
	t.Run("otel", func(t *testing.T) {
		knowsColumns(t, readRecipe(t, docs, "otel-filelog.yaml"), regexp.MustCompile(`parse_from: body\.(\w+)`), Events())
	})
	t.Run("powerbi", func(t *testing.T) {
		text := readRecipe(t, docs, "powerbi.pq")
		list := regexp.MustCompile(`(?s)SelectColumns\(Source, \{(.*?)\}`).FindSubmatch(text)
		knowsColumns(t, list[1], regexp.MustCompile(`"(\w+)"`), Findings().Schema())
	})
	t.Run("duckdb", func(t *testing.T) {
		python := filepath.Join(docs, "..", "..", ".tools", "python-data", "bin", "python")
		if _, err := os.Stat(python); err != nil {
			t.Skip("no .tools/python-data: .ci/install makes it")
		}
		dir := t.TempDir()
		for _, s := range samples(t)[:2] {
			if err := os.WriteFile(filepath.Join(dir, shortName(s.schema)+".parquet"), s.parquet, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(python, "-I", "-c", "import duckdb, sys\nfor f in sys.argv[1:]: duckdb.execute(open(f, encoding='utf-8').read())",
			filepath.Join(docs, "findings.sql"), filepath.Join(docs, "events.sql"))
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%.2000s", err, out)
		}
	})
}

func readRecipe(t *testing.T, docs, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(docs, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// knowsColumns finds names in a text, which are columns of a table, or others that are known.
func knowsColumns(t *testing.T, text []byte, names *regexp.Regexp, s Schema, others ...string) {
	t.Helper()
	found := names.FindAllSubmatch(text, -1)
	if len(found) == 0 {
		t.Error("no name of a column")
	}
	for _, m := range found {
		name := string(m[1])
		if !slices.ContainsFunc(s.Columns, func(c Column) bool { return c.Name == name }) && !slices.Contains(others, name) {
			t.Errorf("%s has no column %s", s.Name, name)
		}
	}
}
