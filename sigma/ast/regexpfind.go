package ast

import (
	"regexp"
	"regexp/syntax"
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
	atStart *regexp.Regexp // at the start of a text
	behind  *regexp.Regexp // behind one character
}

// seldom is how often an expression is tried before it is worth while to learn how it begins.
const seldom = 30

// maxTries bounds the places that are tried one by one: a search takes no
// longer than the text is, tries of a hostile one may.
const maxTries = 32

func (r *Regexp) anchors() *anchor {
	r.anchoring.Do(func() {
		r.learn()
		re, err := syntax.Parse(r.Expr, syntax.Perl)
		if err != nil || r.begins == nil {
			return
		}
		expr := "(?:" + re.String() + ")"
		atStart, err := regexp.Compile(`\A` + expr)
		if err != nil {
			return
		}
		if behind, err := regexp.Compile(`\A(?s:.)` + expr); err == nil {
			r.anchor = &anchor{atStart, behind}
		}
	})
	return r.anchor
}

// FindStringSubmatchIndex returns what that of package regexp does.
func (r *Regexp) FindStringSubmatchIndex(text string) []int {
	if r.tries.Load() < seldom {
		r.tries.Add(1)
		return r.Compiled().FindStringSubmatchIndex(text)
	}
	anchor := r.anchors()
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
	if at == 0 {
		return a.atStart.FindStringSubmatchIndex(text)
	}
	_, n := utf8.DecodeLastRuneInString(text[:at])
	from := at - n
	m := a.behind.FindStringSubmatchIndex(text[from:])
	if m == nil {
		return nil
	}
	for i := range m {
		if m[i] >= 0 {
			m[i] += from
		}
	}
	m[0] = at
	return m
}

// FindSubmatch returns what that of package regexp does.
func (r *Regexp) FindSubmatch(text []byte) [][]byte {
	m := r.FindStringSubmatchIndex(string(text))
	if m == nil {
		return nil
	}
	found := make([][]byte, len(m)/2)
	for i := range found {
		if m[2*i] >= 0 {
			found[i] = text[m[2*i]:m[2*i+1]:m[2*i+1]]
		}
	}
	return found
}
