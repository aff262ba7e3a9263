package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/internal/words"
)

// findings are the names of findings that the program makes, with where it does.
func findings(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	fset := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		note := func(e ast.Expr) {
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, _ := strconv.Unquote(lit.Value); text != "" && !strings.HasSuffix(text, "-") {
					found[text] = fset.Position(lit.Pos()).String()
				}
			}
		}
		for _, decl := range file.Decls {
			f, isFunc := decl.(*ast.FuncDecl)
			names := isFunc && strings.HasSuffix(f.Name.Name, "Problem") // their results are findings
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ReturnStmt:
					if names {
						note(n.Results[0])
					}
				case *ast.CallExpr:
					called := ""
					switch fun := n.Fun.(type) {
					case *ast.Ident:
						called = fun.Name
					case *ast.SelectorExpr:
						called = fun.Sel.Name
					}
					at := map[string]int{"result": 3, "newResult": 4, "proxyResult": 2, "storeResult": 1, "machineResult": 1}
					if i, ok := at[called]; ok && len(n.Args) > i {
						note(n.Args[i])
					}
					if called == "add" && len(n.Args) > 1 {
						note(n.Args[1])
					}
				case *ast.AssignStmt:
					for i, l := range n.Lhs {
						s, ok := l.(*ast.SelectorExpr)
						if ok && (s.Sel.Name == "Finding" || s.Sel.Name == "finding" || s.Sel.Name == "problem") && len(n.Rhs) == len(n.Lhs) {
							note(n.Rhs[i])
						}
					}
				}
				return true
			})
		}
	}
	return found
}

// TestSentences: whatever is found can be said, in every language, and what fails has something to do.
func TestSentences(t *testing.T) {
	all := findings(t)
	if len(all) < 80 {
		t.Fatalf("only %d findings in the source: the search is wrong", len(all))
	}
	for _, lang := range words.Languages() {
		w := words.In(lang)
		for _, finding := range slices.Sorted(maps.Keys(all)) {
			r := newResult(ProbeTLS, &Target{Host: "host", Port: 1}, LayerTLS, Fault, finding)
			if said := r.Seen(w); said == "check-seen."+finding {
				t.Errorf("%s: %s: %s has no sentence, or one that fills in what there is not", lang, all[finding], finding)
			}
			for _, step := range r.Do(w) {
				if strings.HasPrefix(step, "check-do.") || strings.Contains(step, "{{") {
					t.Errorf("%s: %s: what to do about %s cannot be said", lang, all[finding], finding)
				}
			}
		}
		for _, kind := range []string{"open", "browser", "inspect", "inspect-or-mtu", "name-server", "proxy", "dns", "private-dns"} {
			r := newResult(ProbeTLS, nil, LayerTLS, Fault, "refused")
			if r.Values["ticket"] = kind; r.Ticket(w) == "" || strings.HasPrefix(r.Ticket(w), "check-") {
				t.Errorf("%s: no ticket %s", lang, kind)
			}
		}
		for _, p := range Probes() {
			what, why, needs := p.About(w)
			for _, text := range []string{what, why, needs} {
				if strings.HasPrefix(text, "check-probe.") {
					t.Errorf("%s: %s", lang, text)
				}
			}
		}
		for _, l := range layers() {
			if !w.Has("check-layer." + string(l)) {
				t.Errorf("%s: no word for the layer %s", lang, l)
			}
		}
	}
}
