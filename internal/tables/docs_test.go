package tables

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what docs has of the columns")

// TestDocs holds what docs says of the columns to what they are: the lists in tables.md, and the commands for Data Explorer.
func TestDocs(t *testing.T) {
	t.Parallel()
	docs := filepath.Join("..", "..", "docs")
	page, err := os.ReadFile(filepath.Join(docs, "tables.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, s := range All() {
		begin, end := "<!-- "+s.Name+" -->\n", "<!-- end -->\n"
		_, rest, ok := strings.Cut(text, begin)
		list, _, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Errorf("tables.md has no list of %s", s.Name)
			continue
		}
		text = strings.Replace(text, begin+list+end, begin+columnList(s)+end, 1)
	}
	same(t, filepath.Join(docs, "tables.md"), text)
	for _, s := range All()[:2] {
		same(t, filepath.Join(docs, "tables", shortName(s)+".kql"), explorer(s))
	}
}

func same(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != want {
		t.Errorf("%s is not what the columns are: go test ./internal/tables -run TestDocs -update (%v)", name, err)
	}
}

// shortName is events of gwlogs.events/1.
func shortName(s Schema) string {
	name, _, _ := strings.Cut(s.Name, "/")
	return name[strings.Index(name, ".")+1:]
}

func columnList(s Schema) string {
	var b strings.Builder
	b.WriteString("| column | type | what |\n| --- | --- | --- |\n")
	for _, c := range s.Columns {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Type, c.About)
	}
	return b.String()
}

// explorer makes the commands that create a table in Data Explorer, and say how rows and Parquet files come into it.
func explorer(s Schema) string {
	types := map[Type]string{Time: "datetime", Integer: "long", Text: "string", Boolean: "bool", Texts: "dynamic", Pairs: "dynamic"}
	name := "Gwlogs" + strings.ToUpper(shortName(s)[:1]) + shortName(s)[1:]
	var columns, rows, parquet []string
	for _, c := range s.Columns {
		columns = append(columns, fmt.Sprintf("['%s']: %s", c.Name, types[c.Type]))
		rows = append(rows, fmt.Sprintf(`    {"column": "%s", "Properties": {"Path": "$.%[1]s"}}`, c.Name))
		parquet = append(parquet, fmt.Sprintf(`    {"column": "%s", "Properties": {"Field": "%[1]s"}}`, c.Name))
	}
	mapping := func(kind, name string, columns []string) string {
		return fmt.Sprintf(".create-or-alter table %s ingestion %s mapping 'rows'\n```\n[\n%s\n]\n```\n", name, kind, strings.Join(columns, ",\n"))
	}
	return fmt.Sprintf("// %s\n.create-merge table %s (\n    %s\n)\n\n", s.Name, name, strings.Join(columns, ",\n    ")) +
		mapping("json", name, rows) + "\n" + mapping("parquet", name, parquet)
}
