package words

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// placeholders are the names that a sentence fills in, sorted.
func placeholders(t *testing.T, s *sentence) []string {
	t.Helper()
	if s.template == nil {
		return nil
	}
	tmpl, err := s.template()
	if err != nil {
		t.Fatal(err)
	}
	names := tmpl.names()
	slices.Sort(names)
	return slices.Compact(names)
}

// sentences are all of a language, by their full keys.
func (w *Words) sentences() map[string]*sentence {
	all := map[string]*sentence{}
	for name, section := range w.sections() {
		for key, s := range section() {
			all[name+"."+key] = s
		}
	}
	return all
}

// TestLanguages: every language says everything, and fills in the same.
func TestLanguages(t *testing.T) {
	t.Parallel()
	if all := Languages(); all[0] != "en" || !slices.Contains(all, "fr") {
		t.Fatal(all)
	}
	en := In("en").sentences()
	for _, lang := range Languages() {
		src, err := files.ReadFile(lang + ".yml")
		if err != nil {
			t.Fatal(err)
		}
		var sections map[string]map[string]string
		if err := yaml.Unmarshal(src, &sections); err != nil {
			t.Fatalf("%s.yml: %v", lang, err)
		}
		here := In(lang).sentences()
		n := 0
		for name, texts := range sections {
			for key, text := range texts { // whole, and not by sections
				if s := here[name+"."+key]; s == nil || s.text != text {
					t.Errorf("%s.yml: %s.%s is not read as it stands there", lang, name, key)
				}
				n++
			}
		}
		if n != len(here) {
			t.Errorf("%s.yml: %d sentences, and %d are read", lang, n, len(here))
		}
		for key, s := range here {
			if en[key] == nil {
				t.Errorf("%s.yml: %s is not in en.yml", lang, key)
				continue
			}
			if got, want := placeholders(t, s), placeholders(t, en[key]); !slices.Equal(got, want) {
				t.Errorf("%s.yml: %s has the placeholders %v, and in English %v", lang, key, got, want)
			}
			if strings.TrimSpace(s.text) == "" || strings.TrimSpace(s.text) != s.text {
				t.Errorf("%s.yml: %s is empty, or has space around it: %q", lang, key, s.text)
			}
		}
		for key := range en {
			if here[key] == nil {
				t.Errorf("%s.yml: %s is missing", lang, key)
			}
		}
		if In(lang).Lang() != lang {
			t.Errorf("%s says it is %s", lang, In(lang).Lang())
		}
	}
	if In("tlh").Lang() != "en" || In("").Lang() != "en" {
		t.Error("a language that is not there is not English")
	}
}

// TestEverySentence: whatever the numbers, a sentence comes out.
func TestEverySentence(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		w := In(lang)
		for key, s := range w.sentences() {
			for _, n := range []any{0, 1, 2, uint64(5), 1234567} {
				var args []any
				for _, name := range placeholders(t, s) {
					args = append(args, name, n)
				}
				got := w.Say(key, args...)
				if got == key || strings.Contains(got, "<no value>") || strings.Contains(got, "%!") {
					t.Errorf("%s: %s: %q", lang, key, got)
				}
				if s.template != nil && w.Say(key) != key {
					t.Errorf("%s: %s: what is not filled in goes unnoticed", lang, key)
				}
			}
		}
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ got, want string }{
		{In("en").Say("diagnosis.found", "n", 1), "1 known problem:"},
		{In("en").Say("diagnosis.found", "n", 1200), "1,200 known problems, worst first:"},
		{In("fr").Say("diagnosis.found", "n", 2), "2 problèmes connus, le plus grave d’abord\u00a0:"},
		{In("en").Say("no.such"), "no.such"},
		{Thousands(0) + " " + Thousands(999) + " " + Thousands(uint64(1000)) + " " + Thousands(-1234567), "0 999 1,000 -1,234,567"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

var (
	inTemplate = regexp.MustCompile(`\.Say "([a-z.-]+)"`)
	// The page of gwlogs view has keys in tables too: any text of this form is one, and `severity.${…}` is all that begin so.
	inScript = regexp.MustCompile("[\"`]((?:view|view-locked|severity|level)\\.[a-z0-9-]*)([\"`$])")
)

// TestEveryKeyIsSaid: each key that the program says is there, with the
// placeholders it fills in, and none is there for nothing.
func TestEveryKeyIsSaid(t *testing.T) {
	t.Parallel()
	en := In("en").sentences()
	said := make(map[string]bool)
	err := filepath.WalkDir(filepath.Join("..", ".."), func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 || d.Name() == "testdata" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case strings.HasSuffix(name, ".html.tmpl"):
			src, err := os.ReadFile(name)
			for _, m := range inTemplate.FindAllSubmatch(src, -1) {
				said["page."+string(m[1])] = true
			}
			return err
		case strings.HasSuffix(name, ".tsx") || strings.HasSuffix(name, ".ts") && !strings.HasSuffix(name, ".test.ts"):
			src, err := os.ReadFile(name)
			for _, m := range inScript.FindAllSubmatch(src, -1) {
				for k := range en {
					if k == string(m[1]) || string(m[2]) == "$" && strings.HasPrefix(k, string(m[1])) {
						said[k] = true
					}
				}
				if string(m[2]) != "$" {
					said[string(m[1])] = true
				}
			}
			return err
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			return eachSay(name, func(where, key string, whole bool, filled []string) {
				if !whole { // the rest is a name of the program's
					for k := range en {
						if strings.HasPrefix(k, key) {
							said[k] = true
						}
					}
					return
				}
				said[key] = true
				if s := en[key]; s != nil && filled != nil && !slices.Equal(filled, placeholders(t, s)) {
					t.Errorf("%s: %s is filled in with %v, and has %v", where, key, filled, placeholders(t, s))
				}
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range slices.Sorted(maps.Keys(said)) {
		if en[key] == nil {
			t.Errorf("there is no %s", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if !said[key] {
			t.Errorf("nobody says %s", key)
		}
	}
	if len(said) < 50 {
		t.Errorf("%d keys found", len(said))
	}
}

// eachSay calls f for each call of Say in a file. filled is nil where the call does not tell.
func eachSay(name string, f func(where, key string, whole bool, filled []string)) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Say" && sel.Sel.Name != "say" {
			return true
		}
		section := ""
		if sel.Sel.Name == "say" { // of the page, or of the bundle's text: in those files all are of one section
			section = map[bool]string{true: "readme.", false: "page."}[filepath.Base(name) == "readme.go"]
		}
		first, whole := call.Args[0], true
		if sum, ok := first.(*ast.BinaryExpr); ok {
			first, whole = sum.X, false
		}
		key, ok := literal(first)
		if !ok {
			return true
		}
		var filled []string
		if call.Ellipsis == token.NoPos {
			filled = []string{}
			for i := 1; i < len(call.Args); i += 2 {
				name, ok := literal(call.Args[i])
				if !ok || i+1 == len(call.Args) {
					name = fmt.Sprint("?", i)
				}
				filled = append(filled, name)
			}
			slices.Sort(filled)
		}
		f(fset.Position(call.Pos()).String(), section+key, whole, filled)
		return true
	})
	return nil
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
