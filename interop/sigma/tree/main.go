// Tree prints what package sigma reads in the rules below a folder, one JSON
// object a rule, for interop/sigma/parse to compare with pySigma.
package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A rule is what is compared: every value of every test, with its field and
// kind, and with "*" where contains, startswith and endswith mean one.
type rule struct {
	File  string   `json:"file"`
	Error string   `json:"error,omitempty"`
	Items []string `json:"items"`
}

func main() {
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	for _, folder := range os.Args[1:] {
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yml") {
				return err
			}
			return enc.Encode(read(name))
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, "tree:", err)
			os.Exit(1)
		}
	}
}

func read(name string) rule {
	out := rule{File: name, Items: []string{}}
	src, err := os.ReadFile(name)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	rules, err := sigma.Parse(name, src)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	for _, r := range rules {
		if r.Detection == nil {
			continue
		}
		for _, s := range r.Detection.Searches {
			out.Items = append(out.Items, items(s.Expr)...)
		}
	}
	slices.Sort(out.Items)
	return out
}

func items(e ast.Expr) []string {
	var all []string
	for e := range ast.All(e) {
		if t, ok := e.(*ast.Test); ok {
			for _, v := range t.Values {
				all = append(all, values(t, v)...)
			}
		}
	}
	return all
}

func values(t *ast.Test, v ast.Value) []string {
	item := func(kind, text string) []string { return []string{t.Field + "\t" + kind + "\t" + text} }
	switch {
	case v.Kind == ast.Null:
		return item("null", "")
	case t.Op == ast.OpRegexp:
		return item("re", v.Raw)
	case t.Op == ast.OpCIDR:
		return item("cidr", v.Prefix.String())
	case t.Op == ast.OpExists:
		return item("exists", strconv.FormatBool(v.Bool))
	case t.Op == ast.OpFieldRef:
		return item("field", v.Field)
	case v.Kind == ast.Number && (t.Op == ast.OpEqual || t.Op >= ast.OpLess):
		return item("number", strconv.FormatFloat(v.Number, 'f', -1, 64))
	case v.Kind == ast.Bool:
		return item("bool", strconv.FormatBool(v.Bool))
	}
	var all []string
	for _, p := range v.Patterns {
		all = append(all, item("text", pattern(t.Op, p))...)
	}
	return all
}

// pattern writes a pattern with its wildcards as \x01 and \x02, so that they
// differ from the characters.
func pattern(op ast.Op, p ast.Pattern) string {
	const any, one = "\x01", "\x02"
	var b strings.Builder
	for _, piece := range p {
		switch {
		case piece.Wildcard == '*':
			b.WriteString(any)
		case piece.Wildcard == '?':
			b.WriteString(one)
		case piece.Placeholder != "":
			b.WriteString("%" + piece.Placeholder + "%")
		default:
			b.WriteString(piece.Literal)
		}
	}
	text := b.String()
	if (op == ast.OpContains || op == ast.OpEndsWith) && !strings.HasPrefix(text, any) {
		text = any + text
	}
	if (op == ast.OpContains || op == ast.OpStartsWith) && (!strings.HasSuffix(text, any)) {
		text += any
	}
	return text
}
