// Package where decides on events by an expression that a person types, such as
//
//	EventID in (4624, 4625) and not TargetUserName endswith '$'
//
// It has the operators of Sigma, and is compiled by package sigma.
package where

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
)

// Limits of an expression.
const (
	maxLength = 64 << 10 // bytes
	maxDepth  = 100      // of parentheses and nots
)

// An Expr is an expression, compiled. It serves any number of goroutines.
type Expr struct {
	set    *sigma.Set
	fields map[string]bool // that it looks at, in lower case
	must   evtx.Selection
}

// Parse compiles an expression. The error is an *Error.
func Parse(text string) (*Expr, error) {
	if len(text) > maxLength {
		return nil, &Error{Text: text, Column: 1, Reason: fmt.Sprintf("the expression is longer than %d bytes", maxLength)}
	}
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &parser{text: text, tokens: tokens, fields: make(map[string]bool)}
	condition, err := p.or(0)
	if err == nil && p.peek().kind != tokenEnd {
		err = p.unexpected("and, or, or the end")
	}
	if err != nil {
		return nil, err
	}
	e, err := p.compile(condition)
	if err == nil {
		e.must = narrowest(tokens)
	}
	return e, err
}

// parser turns an expression into a rule: a search for each comparison, and a condition over these.
type parser struct {
	text     string
	tokens   []token
	next     int
	searches []search
	fields   map[string]bool
}

// search is a comparison.
type search struct {
	at     int // byte of the expression
	key    string
	values []any // texts, numbers, or one truth
}

func (p *parser) peek() *token { return &p.tokens[p.next] }

func (p *parser) take() *token {
	t := &p.tokens[p.next]
	if t.kind != tokenEnd {
		p.next++
	}
	return t
}

// back puts a token back that was taken.
func (p *parser) back(t *token) {
	if t.kind != tokenEnd {
		p.next--
	}
}

func (p *parser) accept(words ...string) bool {
	if p.peek().is(words...) {
		p.next++
		return true
	}
	return false
}

func (p *parser) unexpected(wanted string) error {
	t := p.peek()
	if t.kind == tokenEnd {
		return errorAt(p.text, t.at, "the expression ends where %s is expected", wanted)
	}
	return errorAt(p.text, t.at, "%q stands where %s is expected", t.text, wanted)
}

func (p *parser) or(depth int) (string, error) { return p.chain(depth, "or", p.and) }

func (p *parser) and(depth int) (string, error) { return p.chain(depth, "and", p.not) }

func (p *parser) chain(depth int, word string, term func(int) (string, error)) (string, error) {
	if depth > maxDepth {
		return "", errorAt(p.text, p.peek().at, "the expression is nested too deeply")
	}
	var terms []string
	for {
		t, err := term(depth + 1)
		if err != nil {
			return "", err
		}
		if terms = append(terms, t); !p.accept(word) {
			break
		}
	}
	if len(terms) == 1 {
		return terms[0], nil
	}
	return "(" + strings.Join(terms, " "+word+" ") + ")", nil
}

func (p *parser) not(depth int) (string, error) {
	if p.accept("not") {
		if depth > maxDepth {
			return "", errorAt(p.text, p.peek().at, "the expression is nested too deeply")
		}
		term, err := p.not(depth + 1)
		return negated(term), err
	}
	if !p.accept("(") {
		return p.comparison()
	}
	inner, err := p.or(depth + 1)
	if err == nil && !p.accept(")") {
		err = p.unexpected("a closing parenthesis")
	}
	return inner, err
}

func negated(condition string) string { return "(not " + condition + ")" }

// comparison reads a field with an operator and what it is compared to.
func (p *parser) comparison() (string, error) {
	if p.peek().is("exists") && p.tokens[p.next+1].is("(") { // exists(field), as a function
		p.next += 2
		name := p.take()
		if name.kind != tokenWord && name.kind != tokenText {
			p.back(name)
			return "", p.unexpected("the name of a field")
		}
		if !p.accept(")") {
			return "", p.unexpected("a closing parenthesis")
		}
		return p.search(name.at, name.text, "exists", true), nil
	}
	name := p.peek()
	if name.kind != tokenWord && name.kind != tokenText {
		return "", p.unexpected("the name of a field, such as EventID")
	}
	p.next++
	not := p.accept("not")
	condition, err := p.operator(name)
	if not {
		condition = negated(condition)
	}
	return condition, err
}

// operator reads what follows the name of a field.
func (p *parser) operator(name *token) (string, error) {
	op := p.take()
	word := strings.ToLower(op.text)
	form := literal
	if fieldName(name.text) == "level" {
		form = levelNumber
	}
	switch {
	case op.is("exists"):
		return p.search(name.at, name.text, "exists", true), nil
	case op.is("in"):
		values, err := p.list(form)
		return p.search(name.at, name.text, "", values...), err
	case op.is("=", "==", "!=", "<>"):
		values, err := p.value(form)
		condition := p.search(name.at, name.text, "", values)
		if op.is("!=", "<>") {
			condition = negated(condition)
		}
		return condition, err
	case op.is("<", "<=", ">", ">="):
		value := p.peek()
		if value.kind != tokenNumber && value.kind != tokenText {
			return "", p.unexpected("a number")
		}
		n, err := number(value.text)
		if fieldName(name.text) == "timecreated" {
			return "", errorAt(p.text, name.at, "times are chosen by --since and --until")
		}
		if err != nil {
			return "", p.unexpected("a number")
		}
		p.next++
		return p.search(name.at, name.text, map[string]string{"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}[op.text], n), nil
	case op.is("contains", "startswith", "endswith"):
		value, err := p.value(wildcardsOff)
		return p.search(name.at, name.text, word, value), err
	case op.is("re", "matches", "cidr"):
		if word == "matches" {
			word = "re"
		}
		value, err := p.value(asText)
		return p.search(name.at, name.text, word, value), err
	}
	p.back(op)
	if op.is("like", "ilike", "glob") {
		return "", errorAt(p.text, op.at, "write contains, startswith or endswith in place of %s; re is for regular expressions", op.text)
	}
	return "", p.unexpected("an operator (=, !=, <, in, contains, startswith, endswith, re, cidr, exists)")
}

// list reads the values of in.
func (p *parser) list(form func(*token) any) ([]any, error) {
	if !p.accept("(") {
		return nil, p.unexpected("a list in parentheses")
	}
	var all []any
	for {
		v, err := p.value(form)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
		if p.accept(")") {
			return all, nil
		}
		if !p.accept(",") {
			return nil, p.unexpected("a comma or a closing parenthesis")
		}
	}
}

// value reads a value, and gives it the form that a rule has it in.
func (p *parser) value(form func(*token) any) (any, error) {
	t := p.peek()
	if t.kind != tokenWord && t.kind != tokenText && t.kind != tokenNumber || t.kind == tokenWord && t.is("and", "or", "not", "in") {
		return nil, p.unexpected("a value")
	}
	p.next++
	return form(t), nil
}

// literal is a whole value: a number as such, else a text.
func literal(t *token) any {
	if t.kind == tokenNumber {
		if n, err := strconv.ParseInt(t.text, 0, 64); err == nil {
			return n
		}
	}
	return wildcardsOff(t)
}

// levelNumber is the number of a level, which may be typed as its name.
func levelNumber(t *token) any {
	for n := evtx.LevelCritical; n <= evtx.LevelVerbose; n++ {
		if strings.EqualFold(t.text, n.String()) {
			return int64(n)
		}
	}
	return literal(t)
}

// wildcardsOff is a text in which nothing stands for anything but itself.
func wildcardsOff(t *token) any {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(t.text)
}

func asText(t *token) any { return t.text }

func number(text string) (json.Number, error) {
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return json.Number(strconv.FormatInt(n, 10)), nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "", err
	}
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64)), nil
}

// search adds a comparison, and returns its name in the condition.
func (p *parser) search(at int, field, modifier string, values ...any) string {
	key := fieldName(field)
	p.fields[key] = true
	if modifier != "" {
		key += "|" + modifier
	}
	p.searches = append(p.searches, search{at, key, values})
	return "s" + strconv.Itoa(len(p.searches)-1)
}

// compile makes the rule, which is YAML: JSON is.
func (p *parser) compile(condition string) (*Expr, error) {
	detection := map[string]any{"condition": condition}
	for i, s := range p.searches {
		var value any = s.values
		if len(s.values) == 1 {
			value = s.values[0]
		}
		detection["s"+strconv.Itoa(i)] = map[string]any{s.key: value}
	}
	rule, err := json.Marshal(map[string]any{"title": "where", "logsource": map[string]any{}, "detection": detection})
	if err != nil {
		return nil, &Error{Text: p.text, Column: 1, Reason: err.Error()}
	}
	set, err := compile(rule)
	if err != nil {
		return nil, p.blame(err)
	}
	return &Expr{set: set, fields: p.fields}, nil
}

func compile(rule []byte) (*sigma.Set, error) {
	rules, err := sigma.Parse("where", rule)
	if err != nil {
		return nil, err
	}
	return sigma.Compile(rules, nil)
}

// blame finds the comparison that sigma refuses: a regular expression or a network that is none.
func (p *parser) blame(err error) error {
	reason := err.Error()
	var e *sigma.Error
	if errors.As(err, &e) {
		reason = e.Reason
	}
	for _, s := range p.searches {
		rule, _ := json.Marshal(map[string]any{"title": "where", "logsource": map[string]any{},
			"detection": map[string]any{"s": map[string]any{s.key: s.values}, "condition": "s"}})
		if _, err := compile(rule); err != nil {
			return errorAt(p.text, s.at, "%s", reason)
		}
	}
	return &Error{Text: p.text, Column: 1, Reason: reason}
}
