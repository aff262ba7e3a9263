package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// public are the packages that strangers import.
var public = []string{"evtx", "sigma", "sigma/ast", "matcher", "archive", "upload"}

// TestStranger builds a module outside of the tree that goes through the front door of each package.
func TestStranger(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	own := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllString(string(mod), "module example.com/stranger")
	own += "\nrequire " + module + " v0.0.0\n\nreplace " + module + " => " + strconv.Quote(filepath.ToSlash(root)) + "\n"
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": own, "go.sum": string(sum), "main.go": stranger} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "vet", "-mod=mod", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("a stranger cannot build: %v\n%s", err, out)
	}
}

const stranger = `package main

import (
	"context"
	"fmt"
	"os"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/upload"
)

func main() {
	log, err := evtx.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer log.Close()
	signatures, err := matcher.Builtin()
	if err != nil {
		panic(err)
	}
	catalogue, err := matcher.New(signatures)
	if err != nil {
		panic(err)
	}
	analyzer := catalogue.Analyze(matcher.Options{Evidence: 3})
	worker := analyzer.Worker()
	for rec, err := range log.Records() {
		if err != nil {
			continue
		}
		if user, ok := rec.Lookup("TargetUserName"); ok {
			fmt.Println(user)
		}
		worker.Visit(rec)
	}
	analyzer.Take(worker, os.Args[1])
	rules, err := sigma.Parse("mine.yml", nil)
	fmt.Println(len(rules), err)
	result, err := archive.Make(context.Background(), archive.Options{Sources: []string{os.Args[1]}})
	fmt.Println(result, err)
	_, err = upload.ParseTarget(os.Args[2])
	fmt.Println(err)
}
`

// TestPublicNeedsNothingInternal: what a public package exports can be named by a stranger.
func TestPublicNeedsNothingInternal(t *testing.T) {
	for _, dir := range public {
		files := token.NewFileSet()
		names, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(dir), "*.go"))
		if err != nil || len(names) == 0 {
			t.Errorf("%s: no package there: %v", dir, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(files, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			internal := internalNames(file)
			for _, d := range file.Decls {
				for _, bad := range exportedMentions(d, internal) {
					t.Errorf("%s: an exported declaration needs %s", files.Position(bad.Pos()), internal[bad.X.(*ast.Ident).Name]+"."+bad.Sel.Name)
				}
			}
		}
	}
}

// internalNames are the names under which a file knows packages of internal/.
func internalNames(file *ast.File) map[string]string {
	names := make(map[string]string)
	for _, spec := range file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if !strings.HasPrefix(imported, module+"/internal/") {
			continue
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
	}
	return names
}

// exportedMentions are the mentions of internal packages in the part of a declaration that a stranger sees.
func exportedMentions(d ast.Decl, internal map[string]string) []*ast.SelectorExpr {
	var seen []ast.Node
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d.Recv)) {
			seen = append(seen, d.Type)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() {
					seen = append(seen, exportedPart(spec.Type)...)
				}
			case *ast.ValueSpec:
				if spec.Names[0].IsExported() && spec.Type != nil {
					seen = append(seen, spec.Type)
				}
			}
		}
	}
	var found []*ast.SelectorExpr
	for _, n := range seen {
		ast.Inspect(n, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && internal[x.Name] != "" {
					found = append(found, s)
				}
			}
			return true
		})
	}
	return found
}

func exportedReceiver(recv *ast.FieldList) bool {
	t := recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

// exportedPart leaves the fields out that a stranger does not see.
func exportedPart(t ast.Expr) []ast.Node {
	s, ok := t.(*ast.StructType)
	if !ok {
		return []ast.Node{t}
	}
	var seen []ast.Node
	for _, f := range s.Fields.List {
		if len(f.Names) == 0 || f.Names[0].IsExported() {
			seen = append(seen, f.Type)
		}
	}
	return seen
}
