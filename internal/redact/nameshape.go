package redact

import (
	"regexp/syntax"
	"unicode/utf8"
)

// matchesNames reports whether all that a pattern matches is characters of
// names and dots between them, but for one character in front: host names are.
// A search for such a match around a trigger begins where the name does that
// the trigger stands in, and mostly ends there.
func matchesNames(pattern string) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return false
	}
	if re.Op == syntax.OpConcat && len(re.Sub) > 1 && atMostOne(re.Sub[0]) {
		re.Sub = re.Sub[1:]
	}
	return ofNames(re)
}

// atMostOne reports whether an expression matches one character or none.
func atMostOne(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpCharClass, syntax.OpBeginText, syntax.OpBeginLine, syntax.OpWordBoundary, syntax.OpEmptyMatch:
		return true
	case syntax.OpLiteral:
		return len(re.Rune) == 1
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if !atMostOne(sub) {
				return false
			}
		}
		return true
	}
	return false
}

// ofNames reports whether an expression matches nothing but characters of names and dots.
func ofNames(re *syntax.Regexp) bool {
	ok := func(c rune) bool { return c == '.' || c >= utf8.RuneSelf || isNameByte(byte(c)) }
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return false
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			if !ok(c) {
				return false
			}
		}
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			for c := re.Rune[i]; c <= min(re.Rune[i+1], utf8.RuneSelf); c++ {
				if !ok(c) {
					return false
				}
			}
		}
	}
	for _, sub := range re.Sub {
		if !ofNames(sub) {
			return false
		}
	}
	return true
}
