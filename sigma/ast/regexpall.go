package ast

import (
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// A core is what an expression is looked for by that begins with anything, but
// has one of a few texts in every match, and between the start of the match and
// that text none but some characters: a host's name, of which the end is known.
// A match can only begin where from there on to one of the texts there is
// nothing but these characters. Where an expression begins with one of the texts
// itself, there are none.
//
// All these places are tried, the first of them first: the one where the
// expression matches is the leftmost. Any that begins before and has its text
// further on has these characters alone up to this text too, and was tried.
type core struct {
	texts  *textSet
	before [256]bool // bytes that may stand before the text
	anchor *anchor
}

const (
	leastCore = 2   // bytes of the texts
	maxWalk   = 400 // bytes that are tried in one text, at most: of some three hundred is the longest name
)

func (r *Regexp) cores() *core {
	r.coring.Do(func() {
		if r.learn(); r.begins != nil {
			if a := r.anchors(); a != nil {
				r.core = &core{texts: r.begins, anchor: a}
			}
			return
		}
		c := newCore(r.Expr)
		if c == nil {
			return
		}
		if c.anchor = newAnchor(r.Expr); c.anchor != nil {
			r.core = c
		}
	})
	return r.core
}

// newCore finds the first part of an expression that begins with certain texts, behind others that are few characters.
func newCore(expr string) *core {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	parts := partsOf(re, nil)
	c := new(core)
	for i := range parts {
		if texts := coreOf(parts[i:]); texts != nil {
			c.texts = newTextSet(texts)
			return c
		}
		if !addBytes(parts[i], &c.before) {
			return nil
		}
	}
	return nil
}

// coreOf returns the texts that the parts of a match begin with, nil if they are not certain, too many or too short. A few
// characters are as many texts: a colon and a digit.
func coreOf(parts []*syntax.Regexp) []string {
	texts := []string{""}
	for _, part := range parts {
		more, whole := leading(part)
		if len(more) == 1 && more[0] == "" && !whole {
			more = fewOf(part)
		}
		if len(more)*len(texts) > maxBegins {
			break
		}
		if texts = product(texts, more); !whole || shortestOf(texts) >= enough {
			break
		}
	}
	if slices.ContainsFunc(texts, func(text string) bool { return len(text) < leastCore }) {
		return nil
	}
	return texts
}

// fewOf returns the characters that a match begins with, in small letters, if these are few; else nothing.
func fewOf(re *syntax.Regexp) (texts []string) {
	for re.Op == syntax.OpPlus || re.Op == syntax.OpRepeat && re.Min > 0 || re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpCharClass {
		return []string{""}
	}
	for i := 0; i < len(re.Rune); i += 2 {
		for c := re.Rune[i]; c <= re.Rune[i+1]; c++ {
			if oddLetter(c) {
				continue
			}
			if c >= utf8.RuneSelf || len(texts) == 2*maxFew {
				return []string{""}
			}
			if text := string(lower(byte(c))); !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	if len(texts) > maxFew {
		return []string{""}
	}
	return texts
}

const maxFew = 10 // characters

func oddLetter(c rune) bool { return c == 'ſ' || c == '\u212a' }

// partsOf appends what a match consists of, one behind the other.
func partsOf(re *syntax.Regexp, parts []*syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture:
		return partsOf(re.Sub[0], parts)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			parts = partsOf(sub, parts)
		}
		return parts
	}
	return append(parts, re)
}

// addBytes adds the bytes that may be in what an expression matches, and more. It is false where these are nearly all, where a
// blank is one, and where they are not all ASCII: a match does not begin within a character.
func addBytes(re *syntax.Regexp, to *[256]bool) bool {
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return false
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			if !addRunes(to, c, c) {
				return false
			}
		}
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			if !addRunes(to, re.Rune[i], re.Rune[i+1]) {
				return false
			}
		}
	}
	for _, sub := range re.Sub {
		if !addBytes(sub, to) {
			return false
		}
	}
	return !to[' ']
}

// addRunes is false for characters that are not ASCII, but for those that hasOddLetter looks for.
func addRunes(to *[256]bool, from, last rune) bool {
	for c := from; c <= last; c++ {
		if c >= utf8.RuneSelf {
			return oddLetter(from) && from == last
		}
		to[c], to[lower(byte(c))] = true, true
		if 'a' <= c && c <= 'z' {
			to[c-('a'-'A')] = true
		}
	}
	return true
}

// FindAllSubmatchIndex returns what that of package regexp does, of no more than n matches.
func (r *Regexp) FindAllSubmatchIndex(text []byte, n int) [][]int {
	start := startIn(r.learned(), text)
	odd := start != 0 && hasOddLetter(text)
	if start < 0 && !odd {
		return nil
	}
	if odd {
		return r.Compiled().FindAllSubmatchIndex(text, n)
	}
	c := r.cores()
	if c == nil || start == 0 && hasOddLetter(text) {
		return r.Compiled().FindAllSubmatchIndex(text, n)
	}
	if all, ok := c.findAll(text, n); ok {
		return all
	}
	return r.Compiled().FindAllSubmatchIndex(text, n)
}

func (r *Regexp) learned() *Regexp {
	r.learn()
	return r
}

// findAll gives up where there are too many places to be tried.
func (c *core) findAll(text []byte, n int) (all [][]int, ok bool) {
	tried := 0
	from := 0 // the first place that was not tried
	for at := indexOf(c.texts, text, 0); at >= 0 && len(all) < n; at = indexOf(c.texts, text, at+1) {
		first := at
		for first > from && c.before[text[first-1]] {
			first--
		}
		for from = max(from, first); from <= at && len(all) < n; {
			if tried++; tried > maxWalk {
				return nil, false
			}
			m := c.anchor.findBytes(text, from)
			if m == nil {
				from++
				continue
			}
			all = append(all, m)
			from = m[1]
		}
		at = max(at, min(from, len(text))-1)
	}
	return all, true
}
