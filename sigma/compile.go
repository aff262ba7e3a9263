package sigma

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// compiler turns the trees of rules into nodes. Equal tests of different
// rules become one, which is evaluated once an event.
type compiler struct {
	set      *Set
	options  *Options
	tests    map[string]*test
	literals *literals
	bySource map[Logsource]*sources
	settled  []settled

	searchable []*test // that have nothing but texts that settle them
	key        []byte  // of a test
}

// settled is a test that holds when a text, folded, is found in its field.
type settled struct {
	text string
	test *test
}

// A node is a compiled expression.
type node interface{ eval(m *Matcher) bool }

type (
	andNode []node
	orNode  []node
	notNode struct{ term node }
)

func (n andNode) eval(m *Matcher) bool {
	for _, term := range n {
		if !term.eval(m) {
			return false
		}
	}
	return true
}

func (n orNode) eval(m *Matcher) bool {
	for _, term := range n {
		if term.eval(m) {
			return true
		}
	}
	return false
}

func (n notNode) eval(m *Matcher) bool { return !n.term.eval(m) }

func (c *compiler) program(r *Rule) (*program, error) {
	p := &program{rule: r, index: len(c.set.programs)}
	whole := whole(r.Detection)
	expr, err := c.expr(r, whole)
	if err != nil {
		return nil, err
	}
	p.expr = expr
	p.scope = newScope(c.sources(r.Logsource), whole)
	for _, text := range c.required(r, whole) {
		p.literal = true
		c.literals.add(text, p.index)
	}
	return p, nil
}

// required is what RequiredTexts says of a rule.
func (c *compiler) required(r *Rule, whole ast.Expr) []string {
	if c.options.Required != nil {
		if texts, ok := c.options.Required(r); ok {
			return texts
		}
	}
	texts, _ := neededLiterals(whole)
	return texts
}

// sources are the sources of a log source, folded: most rules of a catalogue share one.
func (c *compiler) sources(l Logsource) *sources {
	if known := c.bySource[l]; known != nil {
		return known
	}
	s := newSources(l, c.options)
	c.bySource[l] = s
	return s
}

// RequiredTexts returns texts, folded, one of which some value of an event has
// in it whenever the rule, a detection, matches; none where the rule has no such texts.
// They are for Options.Required of the same version of this package.
func (r *Rule) RequiredTexts() []string {
	if r.Detection == nil {
		return nil
	}
	texts, _ := neededLiterals(whole(r.Detection))
	return texts
}

// whole is the detection as one expression.
func whole(d *ast.Detection) *ast.Or {
	whole := &ast.Or{}
	for _, condition := range d.Conditions {
		whole.Terms = append(whole.Terms, condition.Expr)
	}
	return whole
}

func (c *compiler) expr(r *Rule, e ast.Expr) (node, error) {
	switch e := e.(type) {
	case *ast.And:
		terms, err := c.terms(r, e.Terms)
		return andNode(terms), err
	case *ast.Or:
		terms, err := c.terms(r, e.Terms)
		if len(terms) == 1 {
			return terms[0], err
		}
		return orNode(terms), err
	case *ast.Not:
		term, err := c.expr(r, e.Term)
		return notNode{term}, err
	case *ast.Ref:
		return c.expr(r, e.Search.Expr)
	case *ast.Test:
		return c.test(r, e)
	}
	return nil, &Error{File: r.File, Pos: r.Pos, Reason: "unknown expression"}
}

func (c *compiler) terms(r *Rule, terms []ast.Expr) ([]node, error) {
	nodes := make([]node, len(terms))
	for i, term := range terms {
		var err error
		if nodes[i], err = c.expr(r, term); err != nil {
			return nil, err
		}
	}
	// What costs little is asked first: it decides for most events.
	slices.SortStableFunc(nodes, func(a, b node) int { return cost(a) - cost(b) })
	return nodes, nil
}

// cost is what it takes to evaluate a node, at the most: regular expressions
// cost more than texts, and texts more than numbers and channels.
func cost(n node) int {
	switch n := n.(type) {
	case notNode:
		return cost(n.term)
	case andNode:
		return costs(n)
	case orNode:
		return costs(n)
	case *test:
		switch e := n.source; {
		case e.Op == ast.OpRegexp:
			return 100 * len(e.Values)
		case e.Op == ast.OpEqual && isSystem(e.Field), e.Op >= ast.OpExists && e.Op <= ast.OpGreaterEqual:
			return 0
		default:
			return len(e.Values)
		}
	}
	return 0
}

func costs(nodes []node) (sum int) {
	for _, n := range nodes {
		sum += cost(n)
	}
	return sum
}

func (c *compiler) test(r *Rule, e *ast.Test) (node, error) {
	form := c.options.form(r)
	c.key = appendTestKey(c.key[:0], e, form)
	if t := c.tests[string(c.key)]; t != nil {
		return t, nil
	}
	t := &test{
		id: len(c.set.tests), field: c.set.looksAt(e.Field, form), all: e.All, negate: e.Negate, compiler: c, rule: r, source: e,
		byTexts: asksForTexts(e),
	}
	c.settles(t, e)
	for i := range e.Values {
		if e.Op != ast.OpFieldRef && !hasPlaceholder(&e.Values[i]) {
			continue
		}
		if t.compiled == nil {
			t.compiled = make([]comparison, len(e.Values))
		}
		var err error
		if t.compiled[i], err = c.value(r, e, &e.Values[i]); err != nil {
			return nil, err
		}
	}
	c.set.tests = append(c.set.tests, t)
	c.tests[string(c.key)] = t
	return t, nil
}

// hasPlaceholder reports whether a value has a placeholder, of which the values
// may be missing.
func hasPlaceholder(v *ast.Value) bool {
	return slices.ContainsFunc(v.Patterns, func(p ast.Pattern) bool {
		return slices.ContainsFunc(p, func(piece ast.Piece) bool { return piece.Placeholder != "" })
	})
}

// settles notes which texts settle a test: it holds when one of them is found
// in its field. If it has nothing but such texts, the search may be all there is to it.
func (c *compiler) settles(t *test, e *ast.Test) {
	if e.Op != ast.OpContains || e.All || e.Negate || e.Cased || e.Part != ast.TimeWhole || isSystem(e.Field) {
		return
	}
	all := true
	for _, v := range e.Values {
		all = all && v.Kind != ast.Null && len(v.Patterns) > 0
		for _, p := range v.Patterns {
			text, ok := p.Text()
			folded := foldString(text)
			if !ok || v.Kind == ast.Null || len(folded) < gramLen {
				all = false
				continue
			}
			c.settled = append(c.settled, settled{folded, t})
		}
	}
	if all {
		c.searchable = append(c.searchable, t)
	}
}

// maxSearched bounds the texts that are searched for because tests ask for
// nothing else. With the rules of a whole community the table would outgrow the
// cache, which costs more than it saves.
const maxSearched = 4096

// settle has the tests settled by the search.
func (c *compiler) settle() {
	searchable := make(map[*test]bool, len(c.searchable))
	for _, t := range c.searchable {
		searchable[t] = true
	}
	more := make(map[string]bool)
	for _, found := range c.settled {
		if _, known := c.literals.known[found.text]; !known && searchable[found.test] {
			more[found.text] = true
		}
	}
	fits := len(c.literals.texts)+len(more) <= maxSearched
	for _, found := range c.settled {
		if fits && searchable[found.test] {
			found.test.searched = true
			c.literals.add(found.text, noProgram)
		}
		c.literals.settle(found.text, found.test)
	}
	c.literals.finish()
}

// appendTestKey appends what is the same for tests that mean the same.
func appendTestKey(key []byte, e *ast.Test, form Form) []byte {
	key = append(key, byte(form), byte(e.Op), flag(e.All), flag(e.Cased), flag(e.Negate), byte(e.Part))
	text := func(s string) { key = append(binary.AppendUvarint(key, uint64(len(s))), s...) }
	text(e.Field)
	key = binary.AppendUvarint(key, uint64(len(e.Modifiers)))
	for _, m := range e.Modifiers {
		text(m)
	}
	for _, v := range e.Values {
		key = append(key, byte(v.Kind))
		text(v.Raw)
	}
	return key
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// value compiles one value of a test.
func (c *compiler) value(r *Rule, e *ast.Test, v *ast.Value) (comparison, error) {
	switch {
	case v.Kind == ast.Null:
		return nullComparison{}, nil
	case e.Op == ast.OpExists:
		return existsComparison(v.Bool), nil
	case e.Part != ast.TimeWhole || e.Op >= ast.OpLess && e.Op <= ast.OpGreaterEqual:
		return numberComparison{e.Op, e.Part, v.Number}, nil
	case e.Op == ast.OpRegexp:
		return regexpComparison{v.Regexp}, nil
	case e.Op == ast.OpFieldRef:
		return fieldComparison{c.set.field(v.Field, c.options.form(r)), v.RefOp, e.Cased}, nil
	}
	patterns, err := c.expand(r, v)
	if err != nil {
		return nil, err
	}
	if e.Op == ast.OpCIDR {
		return c.networks(r, v, patterns)
	}
	t := &textComparison{cased: e.Cased, isNumber: isNumber(e, v), number: v.Number}
	for _, p := range patterns {
		t.globs = append(t.globs, newGlob(p, e.Op, e.Cased))
	}
	return t, nil
}

// isNumber reports whether a value means a number however it is written, and
// not its text, encoded or as a part of another.
func isNumber(e *ast.Test, v *ast.Value) bool {
	if v.Kind != ast.Number || e.Op != ast.OpEqual || len(v.Patterns) != 1 {
		return false
	}
	text, ok := v.Patterns[0].Text()
	return ok && text == v.Raw
}

func (c *compiler) networks(r *Rule, v *ast.Value, patterns []ast.Pattern) (comparison, error) {
	if len(patterns) == 0 {
		return cidrComparison{v.Prefix}, nil
	}
	var all cidrComparison
	for _, p := range patterns {
		text, _ := p.Text()
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, &Error{File: r.File, Pos: v.Pos, Reason: fmt.Sprintf("placeholder value %q is not a network", text)}
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}

// maxExpanded is how many texts the placeholders of one value may make.
const maxExpanded = 10000

// expand replaces placeholders by their values.
func (c *compiler) expand(r *Rule, v *ast.Value) ([]ast.Pattern, error) {
	var all []ast.Pattern
	for _, p := range v.Patterns {
		variants := []ast.Pattern{nil}
		for _, piece := range p {
			values := []ast.Pattern{{piece}}
			if piece.Placeholder != "" {
				texts, ok := c.options.Placeholders[piece.Placeholder]
				if !ok {
					return nil, &Error{File: r.File, Pos: v.Pos, Reason: fmt.Sprintf("there are no values for the placeholder %%%s%%", piece.Placeholder)}
				}
				values = nil
				for _, text := range texts {
					values = append(values, parsePattern(text))
				}
			}
			var next []ast.Pattern
			for _, variant := range variants {
				for _, value := range values {
					next = append(next, slices.Concat(variant, value))
				}
			}
			if variants = next; len(variants) > maxExpanded {
				return nil, &Error{File: r.File, Pos: v.Pos, Reason: "placeholders make too many values"}
			}
		}
		all = append(all, variants...)
	}
	return all, nil
}
