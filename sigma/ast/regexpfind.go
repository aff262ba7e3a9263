package ast

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"
)

// Where every match of an expression begins with one of a few texts, a search
// need only try it where one of these stands, and there alone: what is found
// first is the leftmost match, as no other can begin before it. An expression
// at a fixed place has mostly but one way to go on and fails at once, where one
// that is searched for is tried at every place. And where a text that every
// match has is not there, there is nothing to try.
//
// So that an expression sees what stands in front of the place (\b, ^), it is
// tried one character before, behind any character.

// An anchor tries an expression at one place.
type anchor struct {
	atStart func() *regexp.Regexp // at the start of a text
	behind  func() *regexp.Regexp // behind one character
	reach   *reach
}

// seldom is how often an expression is tried before it is worth while to learn how it begins.
const seldom = 30

// maxTries bounds the places that are tried one by one: a search takes no
// longer than the text is, tries of a hostile one may.
const maxTries = 32

func (r *Regexp) anchors() *anchor {
	r.anchoring.Do(func() {
		r.automaton = newAutomaton(r.Expr)
		if r.learn(); r.begins != nil {
			r.anchor = newAnchor(r.Expr)
		}
	})
	return r.anchor
}

// leastNested is a length below which no expression is nested so deeply, package
// syntax has a limit, that there is no room for what an anchor puts around it.
const leastNested = 900

// newAnchor returns nil for what is no expression.
func newAnchor(expr string) *anchor {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	if strings.Contains(expr, `\Q`) { // what is quoted may go on to the end
		expr = re.String() // which has classes written out: that takes a hundred times as long to compile
	}
	if len(expr) > leastNested {
		if _, err := syntax.Parse(`\A(?s:.)(?:`+expr+")", syntax.Perl); err != nil {
			return nil
		}
	}
	compiled := func(behind string) func() *regexp.Regexp {
		return sync.OnceValue(func() *regexp.Regexp { return (&Regexp{Expr: `\A` + behind + "(?:" + expr + ")"}).Compiled() })
	}
	return &anchor{compiled(""), compiled("(?s:.)"), newReach(re)}
}

// FindStringSubmatchIndex returns what that of package regexp does.
func (r *Regexp) FindStringSubmatchIndex(text string) []int {
	if r.tries.Load() < seldom {
		r.tries.Add(1)
		return r.Compiled().FindStringSubmatchIndex(text)
	}
	anchor := r.anchors()
	if r.automaton != nil && r.automaton.refuses(text) {
		return nil
	}
	if hasOddLetter(text) {
		return r.Compiled().FindStringSubmatchIndex(text)
	}
	at := startIn(r, text)
	if at < 0 {
		return nil
	}
	if anchor == nil {
		return r.Compiled().FindStringSubmatchIndex(text)
	}
	for tries := 0; at >= 0; at = indexOf(r.begins, text, at+1) {
		if tries++; tries > maxTries {
			return r.Compiled().FindStringSubmatchIndex(text)
		}
		if m := anchor.find(text, at); m != nil {
			return m
		}
	}
	return nil
}

// find returns the match that begins at a place, nil if there is none.
func (a *anchor) find(text string, at int) []int {
	text = enoughFor(a.reach, text, at)
	if at == 0 {
		return a.atStart().FindStringSubmatchIndex(text)
	}
	_, n := utf8.DecodeLastRuneInString(text[:at])
	from := at - n
	return moved(a.behind().FindStringSubmatchIndex(text[from:]), from, at)
}

// findBytes is find in bytes.
func (a *anchor) findBytes(text []byte, at int) []int {
	text = enoughFor(a.reach, text, at)
	if at == 0 {
		return a.atStart().FindSubmatchIndex(text)
	}
	_, n := utf8.DecodeLastRune(text[:at])
	from := at - n
	return moved(a.behind().FindSubmatchIndex(text[from:]), from, at)
}

// moved makes a match in what is behind from one in the whole text, that begins at a place.
func moved(m []int, from, at int) []int {
	for i := range m {
		if m[i] >= 0 {
			m[i] += from
		}
	}
	if m != nil {
		m[0] = at
	}
	return m
}

// FindSubmatch returns what that of package regexp does.
func (r *Regexp) FindSubmatch(text []byte) [][]byte {
	all := r.FindAllSubmatchIndex(text, 1)
	if len(all) == 0 {
		return nil
	}
	m := all[0]
	found := make([][]byte, len(m)/2)
	for i := range found {
		if m[2*i] >= 0 {
			found[i] = text[m[2*i]:m[2*i+1]:m[2*i+1]]
		}
	}
	return found
}
