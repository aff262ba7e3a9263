package sigma

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// condition reads one condition of a detection (section "Condition").
func (p *parser) condition(d *ast.Detection, n *yaml.Node) (*ast.Condition, error) {
	c := &conditionParser{p: p, d: d, n: n}
	if strings.Contains(n.Value, "|") {
		return nil, p.errorf(at(n), "aggregations behind | are not supported: use a correlation")
	}
	for _, m := range regexp.MustCompile(`[()]|[^\s()]+`).FindAllStringIndex(n.Value, -1) {
		c.tokens = append(c.tokens, conditionToken{n.Value[m[0]:m[1]], m[0]})
	}
	expr, err := c.or(0)
	if err != nil {
		return nil, err
	}
	if c.next < len(c.tokens) {
		return nil, c.unexpected()
	}
	return &ast.Condition{Text: n.Value, Pos: at(n), Expr: expr}, nil
}

type conditionParser struct {
	p      *parser
	d      *ast.Detection
	n      *yaml.Node
	tokens []conditionToken
	next   int
}

type conditionToken struct {
	text string
	at   int // byte in the condition
}

// pos is the place of a token, as far as the condition stands on one line.
func (c *conditionParser) pos(t conditionToken) ast.Pos {
	pos := at(c.n)
	before := c.n.Value[:t.at]
	if c.n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || strings.Contains(before, "\n") {
		return pos
	}
	if c.n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		pos.Column++
	}
	pos.Column += utf8.RuneCountInString(before)
	return pos
}

func (c *conditionParser) peek() string {
	if c.next < len(c.tokens) {
		return c.tokens[c.next].text
	}
	return ""
}

func (c *conditionParser) accept(word string) bool {
	if strings.EqualFold(c.peek(), word) {
		c.next++
		return true
	}
	return false
}

func (c *conditionParser) unexpected() error {
	if c.next >= len(c.tokens) {
		return c.p.errorf(at(c.n), "condition ends too early")
	}
	t := c.tokens[c.next]
	return c.p.errorf(c.pos(t), "condition: unexpected %q", t.text)
}

func (c *conditionParser) or(depth int) (ast.Expr, error) {
	and := func() (ast.Expr, error) {
		return c.chain("and", func() (ast.Expr, error) { return c.not(depth) },
			func(pos ast.Pos, terms []ast.Expr) ast.Expr { return &ast.And{Pos: pos, Terms: terms} })
	}
	return c.chain("or", and, func(pos ast.Pos, terms []ast.Expr) ast.Expr { return &ast.Or{Pos: pos, Terms: terms} })
}

// chain reads terms with the same word between them.
func (c *conditionParser) chain(word string, term func() (ast.Expr, error), join func(ast.Pos, []ast.Expr) ast.Expr) (ast.Expr, error) {
	first, err := term()
	if err != nil {
		return nil, err
	}
	terms := []ast.Expr{first}
	for c.accept(word) {
		next, err := term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, next)
	}
	if len(terms) == 1 {
		return first, nil
	}
	return join(first.Position(), terms), nil
}

func (c *conditionParser) not(depth int) (ast.Expr, error) {
	if depth > maxDepth {
		return nil, c.p.errorf(at(c.n), "condition is nested more than %d deep", maxDepth)
	}
	if c.next >= len(c.tokens) {
		return nil, c.unexpected()
	}
	t := c.tokens[c.next]
	switch {
	case c.accept("not"):
		term, err := c.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return &ast.Not{Pos: c.pos(t), Term: term}, nil
	case c.accept("("):
		expr, err := c.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !c.accept(")") {
			return nil, c.unexpected()
		}
		return expr, nil
	}
	return c.reference(t)
}

// reference reads the name of a search, or "1 of" and "all of" several.
func (c *conditionParser) reference(t conditionToken) (ast.Expr, error) {
	quantifier := strings.ToLower(t.text)
	if c.next+1 < len(c.tokens) && strings.EqualFold(c.tokens[c.next+1].text, "of") &&
		slices.Contains([]string{"1", "any", "all"}, quantifier) {
		c.next += 2
		return c.several(t, quantifier == "all")
	}
	for _, word := range []string{"and", "or", "of", "them", ")"} {
		if strings.EqualFold(t.text, word) {
			return nil, c.unexpected()
		}
	}
	c.next++
	for _, s := range c.d.Searches {
		if s.Name == t.text {
			return &ast.Ref{Pos: c.pos(t), Search: s}, nil
		}
	}
	return nil, c.p.errorf(c.pos(t), "condition: there is no search %q", t.text)
}

// several reads the pattern behind "of".
func (c *conditionParser) several(t conditionToken, all bool) (ast.Expr, error) {
	if c.next >= len(c.tokens) {
		return nil, c.unexpected()
	}
	pattern := c.tokens[c.next]
	c.next++
	them := strings.EqualFold(pattern.text, "them")
	var terms []ast.Expr
	for _, s := range c.d.Searches {
		// A name with _ in front is left out, unless the pattern has it too.
		if them && !strings.HasPrefix(s.Name, "_") || !them && nameMatches(pattern.text, s.Name) {
			terms = append(terms, &ast.Ref{Pos: c.pos(t), Search: s})
		}
	}
	switch {
	case len(terms) == 0:
		return nil, c.p.errorf(c.pos(pattern), "condition: no search matches %q", pattern.text)
	case all:
		return &ast.And{Pos: c.pos(t), Terms: terms}, nil
	}
	return &ast.Or{Pos: c.pos(t), Terms: terms}, nil
}

// nameMatches compares the name of a search with a pattern in which * is any text.
func nameMatches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	if strings.HasPrefix(name, "_") && !strings.HasPrefix(pattern, "_") {
		return false
	}
	rest, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[last])
}
