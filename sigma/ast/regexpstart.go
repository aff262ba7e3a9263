package ast

import (
	"bytes"
	"cmp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Start returns where a match of the expression can begin in a text, at the
// earliest: at the first of the texts that it begins with, if it does with a few
// (?i:task ?id: …), and if behind that the other texts follow that every match
// has, in their order. It is -1 if there can be no match, and 0 if nothing is
// known. To look from there on takes a fraction of the time: an expression that
// does not mind capitals is otherwise tried at every place, step by step.
func (r *Regexp) Start(text []byte) int {
	r.learn()
	start := startIn(r, text)
	if start != 0 && hasOddLetter(text) {
		return 0
	}
	return start
}

func startIn[T text](r *Regexp, text T) int {
	start := 0
	if r.begins != nil {
		if start = indexOf(r.begins, text, 0); start < 0 {
			return -1
		}
	}
	at := start
	for _, group := range r.follow {
		if at = endOfFirst(group, text, at); at < 0 {
			return -1
		}
	}
	return start
}

func (r *Regexp) learn() {
	r.analyze.Do(func() {
		begins, follow := analyze(r.Expr)
		if len(begins) > 0 {
			r.begins = newTextSet(begins)
		}
		for _, texts := range follow {
			r.follow = append(r.follow, newTextSet(texts))
		}
	})
}

// Texts returns the texts, in small letters, that Start looks for: whether it
// is -1 depends on which of them a text has, and in what order.
func (r *Regexp) Texts() []string {
	r.learn()
	var all []string
	if r.begins != nil {
		all = append(all, r.begins.texts...)
	}
	for _, group := range r.follow {
		all = append(all, group.texts...)
	}
	return all
}

// Context is where to cut a text, so that an expression that is looked for from
// start on sees what stands in front of that.
func Context(text []byte, start int) int {
	if start <= 0 {
		return 0
	}
	_, n := utf8.DecodeLastRune(text[:start])
	return start - n
}

const (
	maxBegins  = 48 // texts that an expression may begin with
	leastBegin = 3  // bytes of such a text
	enough     = 8  // bytes: what comes behind makes it no rarer
)

// analyze returns the texts, in small letters, with one of which every match
// begins (nil if they are not certain, too many, too short, or not ASCII), and
// those that every match has in it, one behind the other.
func analyze(expr string) (begins []string, follow [][]string) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, nil
	}
	begins, _ = leading(re)
	for _, text := range begins {
		if len(text) < leastBegin {
			begins = nil
			break
		}
	}
	return begins, pieces(re, nil)
}

const (
	maxPieces = 8  // groups that are looked for: more say little more
	maxGroup  = 48 // texts of a group
)

// pieces appends the texts that every match of an expression has in it, in
// their order: of each group one.
func pieces(re *syntax.Regexp, all [][]string) [][]string {
	if len(all) >= maxPieces {
		return all
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, text := range asciiRuns(re.Rune) {
			all = append(all, []string{text})
		}
	case syntax.OpCapture, syntax.OpPlus:
		return pieces(re.Sub[0], all)
	case syntax.OpRepeat:
		if re.Min > 0 {
			return pieces(re.Sub[0], all)
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			all = pieces(sub, all)
		}
	case syntax.OpAlternate:
		if group := oneOf(re); group != nil {
			all = append(all, group)
		}
	}
	return all
}

// asciiRuns are the parts of a literal that are ASCII, in small letters, but for
// those that any number may have in it.
func asciiRuns(runes []rune) (texts []string) {
	var text []byte
	for _, c := range append(slices.Clip(runes), utf8.RuneError) {
		if c < utf8.RuneSelf {
			text = append(text, lower(byte(c)))
		} else if len(text) > 0 {
			if !tellsNothing(text) {
				texts = append(texts, string(text))
			}
			text = nil
		}
	}
	return texts
}

// tellsNothing reports whether a text is two or three digits, or less.
func tellsNothing(text []byte) bool {
	return len(text) < 4 && len(bytes.TrimLeft(text, "0123456789abcdef-")) == 0
}

// shortest is the length of the shortest text.
func shortest(texts []string) int {
	least := 0
	for _, text := range texts {
		if least == 0 || len(text) < least {
			least = len(text)
		}
	}
	return least
}

// shortestOf is the length of the shortest of texts, one of which may be empty.
func shortestOf(texts []string) int {
	return len(slices.MinFunc(texts, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
}

// oneOf returns texts of which every match of an alternation has one: of each
// alternative the longest that it must have, or several of which it must have
// one, but none that has another in it. Nil if there are too many, or an
// alternative has none.
func oneOf(re *syntax.Regexp) (group []string) {
	for _, sub := range re.Sub {
		var best []string
		for _, texts := range pieces(sub, nil) {
			if shortest(texts) > shortest(best) {
				best = texts
			}
		}
		if best == nil || len(group) >= 4*maxGroup {
			return nil
		}
		group = append(group, best...)
	}
	slices.SortFunc(group, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	var kept []string
	for _, text := range group {
		if !slices.ContainsFunc(kept, func(short string) bool { return strings.Contains(text, short) }) {
			kept = append(kept, text)
		}
	}
	if len(kept) > maxGroup {
		return nil
	}
	return kept
}

// leading returns texts with one of which every match begins, and whether they
// are all that it matches, so that what follows can be added.
func leading(re *syntax.Regexp) (texts []string, whole bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}, true
	case syntax.OpLiteral:
		texts = []string{""}
		for _, c := range re.Rune {
			if c == utf8.RuneError { // any byte that is no UTF-8 is one too
				return texts, false
			}
			more := inEachCase(c)
			if len(more) > 1 && len(texts[0]) >= leastBegin || len(more)*len(texts) > maxBegins {
				return texts, false
			}
			texts = product(texts, more)
		}
		return texts, true
	case syntax.OpCapture:
		return leading(re.Sub[0])
	case syntax.OpPlus:
		texts, _ = leading(re.Sub[0])
		return texts, false
	case syntax.OpQuest:
		if texts, whole = leading(re.Sub[0]); whole && len(texts) < maxBegins {
			return append(texts, ""), true
		}
	case syntax.OpConcat:
		texts, whole = []string{""}, true
		for _, sub := range re.Sub {
			more, goesOn := leading(sub)
			if len(more)*len(texts) > maxBegins {
				return texts, false
			}
			if texts = product(texts, more); !goesOn || shortestOf(texts) >= enough {
				return texts, false
			}
		}
		return texts, true
	case syntax.OpAlternate:
		whole = true
		for _, sub := range re.Sub {
			more, goesOn := leading(sub)
			texts, whole = append(texts, more...), whole && goesOn
		}
		if len(texts) > maxBegins {
			return []string{""}, false
		}
		return texts, whole
	}
	return []string{""}, false
}

// inEachCase returns a character in small letters, if it is ASCII, else in all cases that it has. What is an ASCII letter in
// another case is this: in a text that has no odd letters it is nothing else.
func inEachCase(c rune) []string {
	switch {
	case c == 'ſ':
		return []string{"s"}
	case oddLetter(c):
		return []string{"k"}
	case c < utf8.RuneSelf:
		return []string{string(lower(byte(c)))}
	}
	all := []string{string(c)}
	for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
		all = append(all, string(other))
	}
	return all
}

// product returns each of a followed by each of b.
func product(a, b []string) (all []string) {
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		b += 'a' - 'A'
	}
	return b
}
