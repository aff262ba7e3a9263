package ast

import (
	"bytes"
	"cmp"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
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
	start := r.begin(text)
	if start >= 0 {
		rest := text[start:]
		for _, group := range r.follow {
			end := endOfFirst(rest, group)
			if end < 0 {
				start = -1
				break
			}
			rest = rest[end:]
		}
	}
	if start != 0 && hasOddLetter(text) {
		return 0
	}
	return start
}

func (r *Regexp) learn() {
	r.analyze.Do(func() { r.begins, r.follow = analyze(r.Expr) })
}

// FindSubmatch returns what that of package regexp does. Where Start knows
// where a match has to begin, it is tried there, and there alone, at first: one
// that is found is the leftmost, and to look for it takes a fraction of the
// time, as most expressions have but one way to go on.
func (r *Regexp) FindSubmatch(text []byte) [][]byte {
	start := r.Start(text)
	if start < 0 {
		return nil
	}
	r.anchor.Do(func() {
		if re, err := syntax.Parse(r.Expr, syntax.Perl); err == nil && !looksAround(re) {
			r.atStart, _ = regexp.Compile(`\A(?:` + re.String() + `)`)
		}
	})
	if r.atStart != nil {
		if m := r.atStart.FindSubmatch(text[start:]); m != nil {
			return m
		}
	}
	return r.Compiled().FindSubmatch(text[Context(text, start):])
}

// looksAround reports whether an expression asks what stands before or behind a place.
func looksAround(re *syntax.Regexp) bool {
	return re.Op >= syntax.OpBeginLine && re.Op <= syntax.OpNoWordBoundary || slices.ContainsFunc(re.Sub, looksAround)
}

// Texts returns the texts, in small letters, that Start looks for: whether it
// is -1 depends on which of them a text has, and in what order.
func (r *Regexp) Texts() []string {
	r.learn()
	return slices.Concat(append(r.follow, r.begins)...)
}

// endOfFirst is where the first of the texts ends that rest has, at the
// earliest; -1 if it has none.
func endOfFirst(rest []byte, texts []string) int {
	end := -1
	for _, text := range texts {
		within := rest
		if end >= 0 {
			within = rest[:end]
		}
		if i := indexFold(within, text); i >= 0 {
			end = i + len(text)
		}
	}
	return end
}

// begin is where the first of the texts stands that the expression begins with.
func (r *Regexp) begin(text []byte) int {
	if len(r.begins) == 0 {
		return 0
	}
	first := -1
	for _, begin := range r.begins {
		within := text
		if first >= 0 {
			within = text[:min(len(text), first+len(begin))]
		}
		if i := indexFold(within, begin); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	return first
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
	maxBegins  = 16 // texts that an expression may begin with
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
	maxGroup  = 16 // texts of a group
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

// oneOf returns texts of which every match of an alternation has one: of each
// alternative the longest that it must have, but none that has another in it.
// Nil if there are too many, or an alternative has none.
func oneOf(re *syntax.Regexp) (group []string) {
	for _, sub := range re.Sub {
		longest := ""
		for _, texts := range pieces(sub, nil) {
			if len(texts) == 1 && len(texts[0]) > len(longest) {
				longest = texts[0]
			}
		}
		if longest == "" || len(group) >= 4*maxGroup {
			return nil
		}
		group = append(group, longest)
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
		var text []byte
		for _, c := range re.Rune {
			if c >= utf8.RuneSelf {
				return []string{string(text)}, false
			}
			text = append(text, lower(byte(c)))
		}
		return []string{string(text)}, true
	case syntax.OpCapture:
		return leading(re.Sub[0])
	case syntax.OpPlus:
		texts, _ = leading(re.Sub[0])
		return texts, false
	case syntax.OpConcat:
		texts, whole = []string{""}, true
		for _, sub := range re.Sub {
			more, goesOn := leading(sub)
			if len(more)*len(texts) > maxBegins {
				return texts, false
			}
			var product []string
			for _, a := range texts {
				for _, b := range more {
					product = append(product, a+b)
				}
			}
			if texts = product; !goesOn || len(texts[0]) >= enough {
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

// indexFold is where a text of small ASCII letters first stands, in any case; -1 if it does not.
func indexFold(text []byte, small string) int {
	c := small[0]
	for i := 0; i+len(small) <= len(text); i++ {
		if lower(text[i]) == c && equalFold(text[i:i+len(small)], small) {
			return i
		}
	}
	return -1
}

func equalFold(text []byte, small string) bool {
	for i := range text {
		if lower(text[i]) != small[i] {
			return false
		}
	}
	return true
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		b += 'a' - 'A'
	}
	return b
}

// hasOddLetter reports whether a text has a letter outside of ASCII that is,
// in another case, one of ASCII: the Kelvin sign and the long s. There are no
// others.
func hasOddLetter(text []byte) bool {
	return bytes.Contains(text, []byte("\u212a")) || bytes.Contains(text, []byte("\u017f"))
}
