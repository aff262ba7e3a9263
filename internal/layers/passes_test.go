package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"
	"testing"
)

// starts are what begins a scan of a log in package evtx: a Reader or a Scanner.
var starts = map[string]bool{"Open": true, "NewReader": true, "NewStreamReader": true, "Scanner": true}

// scans names what the file has of package evtx that begins a scan.
func scans(file *ast.File) (found []string) {
	name := ""
	for _, spec := range file.Imports {
		if imported, _ := strconv.Unquote(spec.Path.Value); imported == module+"/evtx" {
			name = path.Base(imported)
			if spec.Name != nil {
				name = spec.Name.Name
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && starts[s.Sel.Name] {
			if x, ok := s.X.(*ast.Ident); ok && name != "" && x.Name == name {
				found = append(found, "evtx."+s.Sel.Name)
			}
		}
		return true
	})
	return found
}

// TestPasses: a log is read by the one engine of internal/eventlog, with its rules for damage, order and errors.
func TestPasses(t *testing.T) {
	eachFile(t, 0, func(dir, name string, file *ast.File) {
		if from, _ := top(dir); from == "evtx" || from == "internal/eventlog" || layers[from] == tools {
			return
		}
		for _, what := range scans(file) {
			t.Errorf("%s/%s has %s: only eventlog.Run goes through logs", dir, name, what)
		}
	})
}

func TestScans(t *testing.T) {
	for src, want := range map[string]string{
		`import "` + module + `/evtx"; var _ = evtx.Scanner[int]{}`:                     "evtx.Scanner",
		`import e "` + module + `/evtx"; func f() { e.NewReader(nil, 0); e.Open("x") }`: "evtx.NewReader evtx.Open",
		`import "` + module + `/evtx"; var _ evtx.Selection; var _ = evtx.NewWriter`:    "",
		`import "archive/zip"; var _ = zip.NewReader`:                                   "",
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x; "+src, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(scans(file), " "); got != want {
			t.Errorf("%s: found %q, want %q", src, got, want)
		}
	}
}
