package ast

import (
	"bytes"
	"regexp/syntax"
	"unicode/utf8"
)

// Start returns where a match of the expression can begin in a text, at the
// earliest: at the first of the texts that it begins with, if it does with a few
// (?i:task ?id: …), and if behind that the other texts follow that every match
// has, in their order. It is -1 if there can be no match, and 0 if nothing is
// known. To look from there on takes a fraction of the time: an expression that
// does not mind capitals is otherwise tried at every place, step by step.
func (r *Regexp) Start(text []byte) int {
	r.analyze.Do(func() { r.begins, r.follow = analyze(r.Expr) })
	start := r.begin(text)
	if start >= 0 {
		rest := text[start:]
		for _, piece := range r.follow {
			i := indexFold(rest, piece)
			if i < 0 {
				start = -1
				break
			}
			rest = rest[i+len(piece):]
		}
	}
	if start != 0 && hasOddLetter(text) {
		return 0
	}
	return start
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
func analyze(expr string) (begins, follow []string) {
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

// maxPieces bounds the texts that are looked for: more say little more.
const maxPieces = 8

// pieces appends the texts that every match of an expression has in it, in
// their order.
func pieces(re *syntax.Regexp, all []string) []string {
	switch re.Op {
	case syntax.OpLiteral:
		var text []byte
		for _, c := range re.Rune {
			if c >= utf8.RuneSelf {
				return all
			}
			text = append(text, lower(byte(c)))
		}
		if len(all) < maxPieces {
			all = append(all, string(text))
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
	}
	return all
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
