package sigma

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A reference evaluates the trees of rules word by word, without any of the
// code that it is held against: no folding, globs, numbers, addresses or times
// of this package, and nothing that is computed beforehand.
type reference struct {
	fields map[string][]string
	all    []string // the values of all fields
}

func (e *reference) rule(r *Rule) bool {
	return slices.ContainsFunc(r.Detection.Conditions, func(c *ast.Condition) bool { return e.expr(c.Expr) })
}

func (e *reference) expr(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.And:
		return !slices.ContainsFunc(x.Terms, func(t ast.Expr) bool { return !e.expr(t) })
	case *ast.Or:
		return slices.ContainsFunc(x.Terms, e.expr)
	case *ast.Not:
		return !e.expr(x.Term)
	case *ast.Ref:
		return e.expr(x.Search.Expr)
	}
	t := x.(*ast.Test)
	holds := func(v ast.Value) bool { return e.value(t, &v) }
	if t.All {
		return !slices.ContainsFunc(t.Values, func(v ast.Value) bool { return !holds(v) }) != t.Negate
	}
	return slices.ContainsFunc(t.Values, holds) != t.Negate
}

func (e *reference) value(t *ast.Test, v *ast.Value) bool {
	texts := e.all
	if t.Field != "" {
		texts = e.fields[t.Field]
	}
	switch {
	case v.Kind == ast.Null:
		return len(texts) == 0
	case t.Op == ast.OpExists:
		return len(texts) > 0 == v.Bool
	}
	return slices.ContainsFunc(texts, func(text string) bool { return e.one(t, v, text) })
}

// one compares with one value of the field.
func (e *reference) one(t *ast.Test, v *ast.Value, text string) bool {
	switch {
	case t.Part != ast.TimeWhole:
		at, ok := slowTime(text)
		return ok && slowCompare(t.Op, float64(slowPart(t.Part, at)), v.Number)
	case t.Op >= ast.OpLess && t.Op <= ast.OpGreaterEqual:
		n, ok := parseNumber(text)
		return ok && slowCompare(t.Op, n, v.Number)
	case t.Op == ast.OpRegexp:
		return v.Regexp.Compiled().MatchString(text)
	case t.Op == ast.OpCIDR:
		addr, err := netip.ParseAddr(text)
		return err == nil && v.Prefix.Contains(addr.Unmap().WithZone(""))
	case t.Op == ast.OpFieldRef:
		return slices.ContainsFunc(e.fields[v.Field], func(other string) bool {
			return slowPattern(ast.Pattern{{Literal: other}}, v.RefOp, t.Cased, text)
		})
	}
	if raw, ok := v.Patterns[0].Text(); ok && v.Kind == ast.Number && t.Op == ast.OpEqual && len(v.Patterns) == 1 && raw == v.Raw {
		if n, ok := parseNumber(text); ok && n == v.Number {
			return true
		}
	}
	return slices.ContainsFunc(v.Patterns, func(p ast.Pattern) bool { return slowPattern(p, t.Op, t.Cased, text) })
}

func slowCompare(op ast.Op, a, b float64) bool {
	switch op {
	case ast.OpLess:
		return a < b
	case ast.OpLessEqual:
		return a <= b
	case ast.OpGreater:
		return a > b
	case ast.OpGreaterEqual:
		return a >= b
	}
	return a == b
}

var timeShape = regexp.MustCompile(`^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):\d\d)?)?$`)

func slowTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if !timeShape.MatchString(text) {
		return time.Time{}, false
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05",
		"2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func slowPart(p ast.TimePart, t time.Time) int {
	_, week := t.ISOWeek()
	return map[ast.TimePart]int{
		ast.TimeMinute: t.Minute(), ast.TimeHour: t.Hour(), ast.TimeDay: t.Day(), ast.TimeWeek: week, ast.TimeMonth: int(t.Month()), ast.TimeYear: t.Year(),
	}[p]
}

// slowPattern compares character by character; '*' is 0 and '?' is -1.
func slowPattern(p ast.Pattern, op ast.Op, cased bool, text string) bool {
	var want []rune
	if op == ast.OpContains || op == ast.OpEndsWith {
		want = append(want, 0)
	}
	for _, piece := range p {
		switch piece.Wildcard {
		case '*':
			want = append(want, 0)
		case '?':
			want = append(want, -1)
		default:
			want = append(want, slowFold(piece.Literal, cased)...)
		}
	}
	if op == ast.OpContains || op == ast.OpStartsWith {
		want = append(want, 0)
	}
	return slowGlob(want, slowFold(text, cased))
}

// slowGlob: reached[i] says that all of want so far describes text[:i].
func slowGlob(want, text []rune) bool {
	reached := make([]bool, len(text)+1)
	reached[0] = true
	for _, w := range want {
		next := make([]bool, len(text)+1)
		for i := range next {
			switch {
			case w == 0:
				next[i] = reached[i] || i > 0 && next[i-1]
			case i > 0:
				next[i] = reached[i-1] && (w == -1 || w == text[i-1])
			}
		}
		reached = next
	}
	return reached[len(text)]
}

// slowFold takes of all letters that differ in case only the smallest.
func slowFold(s string, cased bool) []rune {
	runes := []rune(s)
	for i, r := range runes {
		for o := unicode.SimpleFold(r); !cased && o != r; o = unicode.SimpleFold(o) {
			runes[i] = min(runes[i], o)
		}
	}
	return runes
}

// takes reports whether the reference can take a rule: texts of bytes that
// are no UTF-8 (utf16 without base64), or with 0, are beyond it.
func (e *reference) takes(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.And:
		return !slices.ContainsFunc(x.Terms, func(t ast.Expr) bool { return !e.takes(t) })
	case *ast.Or:
		return !slices.ContainsFunc(x.Terms, func(t ast.Expr) bool { return !e.takes(t) })
	case *ast.Not:
		return e.takes(x.Term)
	case *ast.Ref:
		return e.takes(x.Search.Expr)
	}
	for _, v := range x.(*ast.Test).Values {
		for _, p := range v.Patterns {
			for _, piece := range p {
				if !utf8.ValidString(piece.Literal) || strings.Contains(piece.Literal, "\x00") {
					return false
				}
			}
		}
	}
	return true
}
