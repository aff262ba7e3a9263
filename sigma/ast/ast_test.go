package ast_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// ExampleAll finds the fields that a rule looks at, and where.
func ExampleAll() {
	rules, err := sigma.Parse("whoami.yml", []byte(`title: Who am I
logsource: {product: windows, category: process_creation}
detection:
    tool:
        Image|endswith: '\whoami.exe'
    how:
        - CommandLine|contains: ' /all'
        - ParentImage|endswith: '\w3wp.exe'
    condition: tool and how
`))
	if err != nil {
		panic(err)
	}
	for e := range ast.All(rules[0].Detection.Conditions[0].Expr) {
		if t, ok := e.(*ast.Test); ok {
			fmt.Printf("line %d: %s %v\n", t.Pos.Line, t.Field, t.Modifiers)
		}
	}
	// Output:
	// line 5: Image [endswith]
	// line 7: CommandLine [contains]
	// line 8: ParentImage [endswith]
}

// TestAll: each node before its parts, and no further than wanted.
func TestAll(t *testing.T) {
	t.Parallel()
	a, b, c := &ast.Test{Field: "a"}, &ast.Test{Field: "b"}, &ast.Test{Field: "c"}
	search := &ast.Ref{Search: &ast.Search{Expr: &ast.Or{Terms: []ast.Expr{a, b}}}}
	tree := &ast.And{Terms: []ast.Expr{search, &ast.Not{Term: c}, &ast.Ref{}}}
	var got []string
	for e := range ast.All(tree) {
		got = append(got, fmt.Sprintf("%T", e))
	}
	want := []string{"*ast.And", "*ast.Ref", "*ast.Or", "*ast.Test", "*ast.Test", "*ast.Not", "*ast.Test", "*ast.Ref"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for n := range got {
		seen := 0
		for range ast.All(tree) {
			if seen++; seen > n {
				break
			}
		}
		if seen != n+1 {
			t.Errorf("stopped after %d, not %d", seen, n+1)
		}
	}
	for range ast.All(nil) {
		t.Error("nothing has a part")
	}
}

func TestPatternText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		p    ast.Pattern
		text string
		ok   bool
	}{
		{nil, "", true},
		{ast.Pattern{{Literal: "x"}}, "x", true},
		{ast.Pattern{{Literal: "x"}, {Wildcard: '*'}}, "", false},
		{ast.Pattern{{Wildcard: '?'}}, "", false},
		{ast.Pattern{{Placeholder: "admins"}}, "", false},
	} {
		if text, ok := tt.p.Text(); text != tt.text || ok != tt.ok {
			t.Errorf("%v: %q %t", tt.p, text, ok)
		}
	}
}
