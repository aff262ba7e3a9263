package sigma

import (
	"net/netip"
	"sync"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A test is a compiled Test. Its answer is kept for the event: rules share it.
type test struct {
	id     int // in Matcher.answers
	field  int // negative for every value, see anyValue
	all    bool
	negate bool

	// searched: it holds where one of its texts is found, and nowhere else. So
	// the search has answered it, see literals.
	searched bool

	byTexts bool // see asksForTexts; of a regular expression, as far as its texts say that it cannot match

	compiler *compiler
	rule     *Rule
	source   *ast.Test
	once     sync.Once
	compiled []comparison // by source.Values; nil for one that is compiled when it is tried
}

// values returns the compiled values: most rules of a catalogue are never
// tried, so that theirs are compiled when a test is first evaluated.
func (t *test) values() []comparison {
	t.once.Do(func() {
		if t.compiled == nil {
			t.compiled = make([]comparison, len(t.source.Values))
		}
		for i := range t.compiled {
			if t.compiled[i] == nil {
				t.compiled[i], _ = t.compiler.value(t.rule, t.source, &t.source.Values[i]) // what can fail was compiled by Compile
			}
		}
	})
	return t.compiled
}

// A comparison is one value of a test.
type comparison interface {
	// holds looks at the values of a field, or of all: see anyValue.
	holds(m *Matcher, field int) bool
}

func (t *test) eval(m *Matcher) bool {
	answer := &m.answers[t.id]
	if *answer>>1 == m.event {
		return *answer&1 == 1
	}
	if t.searched && m.set.searches {
		return false // it would be there
	}
	m.byTexts = m.byTexts && t.byTexts
	ok := t.decide(m) != t.negate
	*answer = m.event << 1
	if ok {
		*answer |= 1
	}
	return ok
}

func (t *test) decide(m *Matcher) bool {
	for _, v := range t.values() {
		if v.holds(m, t.field) != t.all {
			return !t.all
		}
	}
	return t.all
}

// nullComparison holds for a field that the event has not.
type nullComparison struct{}

func (nullComparison) holds(m *Matcher, field int) bool { return m.first(field) < 0 }

type existsComparison bool

func (e existsComparison) holds(m *Matcher, field int) bool { return (m.first(field) >= 0) == bool(e) }

// textComparison holds if a value is what one of the patterns describes, or,
// for a number, the same number written otherwise.
type textComparison struct {
	globs    []*glob
	cased    bool
	isNumber bool
	number   float64
}

func (t *textComparison) holds(m *Matcher, field int) bool {
	for i := m.first(field); i >= 0; i = m.after(field, i) {
		text := m.text(i, t.cased)
		for _, g := range t.globs {
			if g.match(text) {
				return true
			}
		}
		if t.isNumber {
			if n, ok := readNumber(text); ok && n == t.number {
				return true
			}
		}
	}
	return false
}

type regexpComparison struct{ re *ast.Regexp }

func (r regexpComparison) holds(m *Matcher, field int) bool {
	re := r.re.Compiled()
	for i := m.first(field); i >= 0; i = m.after(field, i) {
		text := m.text(i, true)
		start := r.re.Start(text)
		if start < 0 {
			continue // as its texts say
		}
		m.byTexts = false
		if re.Match(text[ast.Context(text, start):]) {
			return true
		}
	}
	return false
}

type cidrComparison []netip.Prefix

func (c cidrComparison) holds(m *Matcher, field int) bool {
	for i := m.first(field); i >= 0; i = m.after(field, i) {
		addr := m.addr(m.text(i, true))
		for _, prefix := range c {
			if prefix.Contains(addr) {
				return true
			}
		}
	}
	return false
}

// numberComparison compares a number, or a part of a time.
type numberComparison struct {
	op     ast.Op
	part   ast.TimePart
	number float64
}

func (n numberComparison) holds(m *Matcher, field int) bool {
	for i := m.first(field); i >= 0; i = m.after(field, i) {
		text := m.text(i, true)
		value, ok := 0.0, false
		if n.part == ast.TimeWhole {
			value, ok = readNumber(text)
		} else {
			value, ok = partOf(n.part, text)
		}
		if ok && n.compare(value) {
			return true
		}
	}
	return false
}

func (n numberComparison) compare(value float64) bool {
	switch n.op {
	case ast.OpLess:
		return value < n.number
	case ast.OpLessEqual:
		return value <= n.number
	case ast.OpGreater:
		return value > n.number
	case ast.OpGreaterEqual:
		return value >= n.number
	}
	return value == n.number
}

// partOf takes the part out of a time, see readTime.
func partOf(p ast.TimePart, text []byte) (float64, bool) {
	t, ok := readTime(text)
	if !ok {
		return 0, false
	}
	switch p {
	case ast.TimeMinute:
		return float64(t.Minute()), true
	case ast.TimeHour:
		return float64(t.Hour()), true
	case ast.TimeDay:
		return float64(t.Day()), true
	case ast.TimeWeek:
		_, week := t.ISOWeek()
		return float64(week), true
	case ast.TimeMonth:
		return float64(t.Month()), true
	}
	return float64(t.Year()), true
}

// fieldComparison compares with the values of another field.
type fieldComparison struct {
	other int
	op    ast.Op
	cased bool
}

func (f fieldComparison) holds(m *Matcher, field int) bool {
	start, end := f.op == ast.OpEqual || f.op == ast.OpStartsWith, f.op == ast.OpEqual || f.op == ast.OpEndsWith
	for i := m.first(field); i >= 0; i = m.after(field, i) {
		for j := m.first(f.other); j >= 0; j = m.after(f.other, j) {
			g := glob{start: start, end: end, exact: m.text(j, f.cased)}
			if g.matchPlain(m.text(i, f.cased)) {
				return true
			}
		}
	}
	return false
}
