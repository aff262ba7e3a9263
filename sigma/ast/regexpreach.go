package ast

import (
	"regexp/syntax"
	"unicode/utf8"
)

// A reach says how far a match may go that begins at a place: no further than
// to where each of its parts ends at the latest, one behind the other. A part
// that is any number of some characters goes on from the latest place that it may
// begin at for as long as these stand there; where it begins before, it ends there
// too. Package regexp sets aside memory for each character that it is given: it is
// given as much as a match may have.
type reach struct {
	kind  reachKind
	most  int        // bytes; of reachRepeat: times
	class *[256]bool // of reachRun
	parts []*reach
}

type reachKind uint8

const (
	reachAll    reachKind = iota // the whole text
	reachFixed                   // at most so many bytes
	reachRun                     // characters of a class, so many bytes
	reachEach                    // all parts, one behind the other
	reachOneOf                   // one of the parts
	reachRepeat                  // the part, so many times
)

const (
	maxRepeat = 8       // times that something but a class may be repeated
	noMost    = 1 << 30 // bytes
)

func newReach(re *syntax.Regexp) *reach {
	switch re.Op {
	case syntax.OpNoMatch, syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return &reach{kind: reachFixed}
	case syntax.OpLiteral:
		r := &reach{kind: reachFixed}
		for range re.Rune {
			r.most += utf8.UTFMax // in another case it may be longer
		}
		if ascii(re.Rune) {
			r.most = len(re.Rune) + 2*countOdd(re.Rune)
		}
		return r
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return &reach{kind: reachFixed, most: utf8.UTFMax}
	case syntax.OpCapture, syntax.OpQuest:
		return newReach(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return repeated(re.Sub[0], -1)
	case syntax.OpRepeat:
		return repeated(re.Sub[0], re.Max)
	case syntax.OpConcat:
		return &reach{kind: reachEach, parts: reachesOf(re.Sub)}
	case syntax.OpAlternate:
		return &reach{kind: reachOneOf, parts: reachesOf(re.Sub)}
	}
	return &reach{kind: reachAll}
}

func reachesOf(all []*syntax.Regexp) (parts []*reach) {
	for _, re := range all {
		parts = append(parts, newReach(re))
	}
	return parts
}

// repeated is of what may be there so many times, -1 for any number.
func repeated(re *syntax.Regexp, times int) *reach {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if class := classOf(re); class != nil {
		if times < 0 {
			return &reach{kind: reachRun, class: class, most: noMost}
		}
		return &reach{kind: reachRun, class: class, most: times * utf8.UTFMax}
	}
	if times < 0 || times > maxRepeat {
		return &reach{kind: reachAll}
	}
	return &reach{kind: reachRepeat, most: times, parts: []*reach{newReach(re)}}
}

// classOf are the bytes that one character of an expression may have, nil if it is not of one character.
func classOf(re *syntax.Regexp) *[256]bool {
	class := new([256]bool)
	add := func(from, last rune) {
		for c := from; c <= last && c < utf8.RuneSelf; c++ {
			class[c], class[lower(byte(c))] = true, true
			if 'a' <= c && c <= 'z' {
				class[c-('a'-'A')] = true
			}
		}
		for c := utf8.RuneSelf; last >= utf8.RuneSelf && c < len(class); c++ {
			class[c] = true
		}
	}
	switch {
	case re.Op == syntax.OpAnyChar:
		add(0, utf8.MaxRune)
	case re.Op == syntax.OpAnyCharNotNL:
		add(0, '\n'-1)
		add('\n'+1, utf8.MaxRune)
	case re.Op == syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			add(re.Rune[i], re.Rune[i+1])
		}
	case re.Op == syntax.OpLiteral && len(re.Rune) == 1:
		add(re.Rune[0], re.Rune[0])
		if countOdd(re.Rune) > 0 {
			add(utf8.MaxRune, utf8.MaxRune)
		}
	default:
		return nil
	}
	return class
}

func ascii(runes []rune) bool {
	for _, c := range runes {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// countOdd counts the letters that in another case are not ASCII: see hasOddLetter.
func countOdd(runes []rune) (n int) {
	for _, c := range runes {
		if c |= 0x20; c == 'k' || c == 's' {
			n++
		}
	}
	return n
}

// end returns where a match ends at the latest that begins at a place, or before.
func end[T text](r *reach, text T, at int) int {
	switch r.kind {
	case reachFixed:
		at += r.most
	case reachRun:
		for most := at + r.most; at < len(text) && at < most && r.class[text[at]]; at++ {
		}
	case reachEach:
		for _, part := range r.parts {
			at = end(part, text, at)
		}
	case reachOneOf:
		latest := at
		for _, part := range r.parts {
			latest = max(latest, end(part, text, at))
		}
		at = latest
	case reachRepeat:
		for range r.most {
			at = end(r.parts[0], text, at)
		}
	default:
		at = len(text)
	}
	return min(at, len(text))
}

// enoughFor is the part of a text that decides about a match that begins at a place: it also has the character behind.
func enoughFor[T text](r *reach, text T, at int) T {
	return text[:min(len(text), end(r, text, at)+utf8.UTFMax)]
}
