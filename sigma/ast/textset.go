package ast

import (
	"math/bits"
	"sync"
)

type text interface{ ~string | ~[]byte }

// A textSet is texts in small letters of ASCII that are looked for together, in
// any case: at each place the first letter says which of them may begin there.
// There are at most 64.
type textSet struct {
	texts []string
	least int // length of the shortest

	once  sync.Once
	table *[256]uint64
}

func newTextSet(texts []string) *textSet {
	return &textSet{texts: texts, least: shortest(texts)}
}

// lead says by the first byte, in either case, which of the texts may begin there. It is made when they are first looked for:
// of most expressions of a catalogue nobody asks more than what the texts are.
func (s *textSet) lead() *[256]uint64 {
	s.once.Do(func() {
		s.table = new([256]uint64)
		for i, text := range s.texts {
			c := text[0]
			s.table[c] |= 1 << i
			if 'a' <= c && c <= 'z' {
				s.table[c-('a'-'A')] |= 1 << i
			}
		}
	})
	return s.table
}

// indexOf returns where the first of the texts begins, from a place on; -1 if there is none.
func indexOf[T text](s *textSet, text T, from int) int {
	lead := s.lead()
	for i := from; i+s.least <= len(text); i++ {
		if lead[text[i]] != 0 && lengthAt(s, text, i) > 0 {
			return i
		}
	}
	return -1
}

// lengthAt is the length of the shortest of the texts that stands at i; 0 for none.
func lengthAt[T text](s *textSet, text T, i int) int {
	shortest := 0
	for which := s.lead()[text[i]]; which != 0; which &= which - 1 {
		one := s.texts[bits.TrailingZeros64(which)]
		if len(one) <= len(text)-i && equalFold(text[i:i+len(one)], one) && (shortest == 0 || len(one) < shortest) {
			shortest = len(one)
		}
	}
	return shortest
}

// endOfFirst is where the first of the texts ends, at the earliest, that stands
// behind a place; -1 if there is none.
func endOfFirst[T text](s *textSet, text T, from int) int {
	end, lead := -1, s.lead()
	for i := from; i+s.least <= len(text) && (end < 0 || i+s.least < end); i++ {
		if lead[text[i]] == 0 {
			continue
		}
		if n := lengthAt(s, text, i); n > 0 && (end < 0 || i+n < end) {
			end = i + n
		}
	}
	return end
}

func equalFold[T text](text T, small string) bool {
	for i := range len(text) {
		if lower(text[i]) != small[i] {
			return false
		}
	}
	return true
}

// hasOddLetter reports whether a text has a letter outside of ASCII that is,
// in another case, one of ASCII: the Kelvin sign and the long s. There are no
// others.
func hasOddLetter[T text](text T) bool {
	for i := 0; i+1 < len(text); i++ {
		switch text[i] {
		case 0xc5:
			if text[i+1] == 0xbf {
				return true
			}
		case 0xe2:
			if i+2 < len(text) && text[i+1] == 0x84 && text[i+2] == 0xaa {
				return true
			}
		}
	}
	return false
}
