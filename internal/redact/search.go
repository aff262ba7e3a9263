package redact

import (
	"bytes"
	"unicode/utf8"
)

// A search finds many words in a text in one pass, whatever its capitals,
// accents and width. Nearly all texts of a log have none of them, so that this
// pass is what redaction costs.
//
// The last four letters, five bits of each, are a number that moves along with
// the text, a gram; a table of bits tells whether a word begins with it. It is
// nearly empty, so that a word more costs next to nothing.
type search struct {
	folds *folds
	ascii [128]uint8 // the bits of a letter; or with special, what needs a look
	begin *[gramSize / 64]uint64
	at    [4096][]gramWord // by the lower bits of the gram
	words []searchWord
	mark  [128]int32 // words of one character, and 1
	plain bool       // of one character are any, and escapes are not looked for
}

type searchWord struct {
	folded []rune
	runes  int // that its gram has
}

const (
	gramBits = 20
	gramSize = 1 << gramBits
	special  = 0x80
)

// A gramWord is a word that has a gram.
type gramWord struct {
	gram uint32
	word int
}

func slotOf(gram uint32) uint32 { return (gram ^ gram>>8) & 4095 }

// Two words are of one character, and more than that.
const (
	base64Word = "=" // the end of base64, behind at least 43 characters of it
	atWord     = "@" // behind a word with a colon
)

func newSearch(folds *folds, words []string, plain bool) *search {
	s := &search{folds: folds, begin: new([gramSize / 64]uint64), plain: plain}
	for c := range s.ascii {
		s.ascii[c] = symbol(foldRune(rune(c)))
	}
	for _, c := range []byte{'%', '&', '\\', 0x1b} {
		if !plain {
			s.ascii[c] |= special
		}
	}
	for i, text := range words {
		var w searchWord
		for _, c := range text {
			if c = s.folds.of(c); c != skipped {
				w.folded = append(w.folded, c)
			}
		}
		gram, bits := uint32(0), 0
		from := rarest(w.folded)
		for _, c := range w.folded[from:] {
			if bits < gramBits {
				gram, w.runes = push(gram, c), w.runes+1
				bits += symbolBits(c)
			}
		}
		w.runes += from
		switch {
		case len(text) == 1:
			s.ascii[text[0]] |= special
			s.mark[text[0]] = int32(i + 1)
		case bits < gramBits: // of three letters: any may follow
			w.runes++
			for any := range uint32(32) {
				s.add(i, gram<<5|any)
			}
		default:
			s.add(i, gram)
		}
		s.words = append(s.words, w)
	}
	return s
}

// rarest returns where the gram of a word begins: with the four characters that
// texts have the least often. It is a guess by how often letters occur in English.
func rarest(folded []rune) (from int) {
	cost := func(c rune) int {
		if 'a' <= c && c <= 'z' {
			return [26]int{82, 15, 28, 43, 127, 22, 20, 61, 70, 2, 8, 40, 24, 67, 75, 19, 1, 60, 63, 91, 28, 10, 24, 2, 20, 1}[c-'a']
		}
		if c < utf8.RuneSelf {
			return 70
		}
		return 1
	}
	best := 0
	for i := 0; i+4 <= len(folded); i++ {
		sum := cost(folded[i]) * cost(folded[i+1]) * cost(folded[i+2]) * cost(folded[i+3])
		if i == 0 || sum < best {
			from, best = i, sum
		}
	}
	return from
}

func (s *search) add(word int, gram uint32) {
	gram &= gramSize - 1
	s.begin[gram>>6] |= 1 << (gram & 63)
	slot := &s.at[slotOf(gram)]
	*slot = append(*slot, gramWord{gram, word})
}

// symbol is the five bits of a character: Latin letters have their own.
func symbol(c rune) uint8 {
	switch {
	case 'a' <= c && c <= 'z':
		return uint8(c-'a') + 1
	case '0' <= c && c <= '9':
		return 27
	case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		return 0
	case c == '=' || c == ':' || c == '"' || c == '\'' || c == '/':
		return 28
	case c == '-' || c == '_' || c == '.':
		return 29
	}
	return 30
}

// push moves a gram by a character. One beyond ASCII is worth two: words of two
// such characters are common.
func push(gram uint32, c rune) uint32 {
	if c < utf8.RuneSelf {
		return (gram<<5 | uint32(symbol(c))) & (gramSize - 1)
	}
	return (gram<<10 | 31<<5 | uint32(c&31)) & (gramSize - 1)
}

func symbolBits(c rune) int {
	if c < utf8.RuneSelf {
		return 5
	}
	return 10
}

// A hit is where a word stands.
type hit struct{ from, to, word int }

// seen is what a search found beside its hits.
type seen struct {
	escape bool // something that may be an escape
	hides  bool // one that may hide a word
	odd    bool // characters that are seen as others, or not at all
}

// find gives visit each hit in a text, in the order of their ends, until it returns false.
func (s *search) find(text []byte, visit func(hit) bool) (f seen) {
	gram := uint32(0)
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b < utf8.RuneSelf {
			k := s.ascii[b]
			if k&special != 0 {
				if !s.special(text, i, &f, visit) {
					return f
				}
				k &^= special
			}
			gram = gram<<5 | uint32(k)
		} else {
			c, n := utf8.DecodeRune(text[i:])
			if c == utf8.RuneError && n == 1 {
				c = rune(b) // of a code page
				f.odd = true
			}
			folded := s.folds.of(c)
			f.odd = f.odd || isOdd(c)
			i += n - 1
			if folded == skipped {
				continue
			}
			gram = push(gram, folded)
		}
		if s.begin[gram%gramSize/64]>>(gram%64)&1 != 0 && !s.candidates(text, i+1, gram%gramSize, visit) {
			return f
		}
	}
	if gram = push(gram, ' '); s.begin[gram/64]>>(gram%64)&1 != 0 { // a word of three letters at the end
		s.candidates(text, len(text)+1, gram, visit)
	}
	return f
}

// special looks at what may begin an escape, or is a word of one character.
func (s *search) special(text []byte, i int, f *seen, visit func(hit) bool) bool {
	if w := int(s.mark[text[i]]) - 1; w >= 0 {
		return !s.plain && !markBefore(text, i) || visit(hit{i, i + 1, w})
	}
	if !f.hides && isEscape(text[i:]) {
		f.escape = true
		f.hides = hides(text, i)
	}
	return true
}

// candidates tries the words that begin with the gram that ends at end.
func (s *search) candidates(text []byte, end int, gram uint32, visit func(hit) bool) bool {
	for _, g := range s.at[slotOf(gram)] {
		if g.gram != gram {
			continue
		}
		w := g.word
		from, n := end, s.words[w].runes
		if end > len(text) {
			from, n = len(text), n-1
		}
		for n > 0 && from > 0 {
			if b := text[from-1]; b < utf8.RuneSelf {
				from--
				n--
				continue
			}
			c, size := utf8.DecodeLastRune(text[:from])
			from -= size
			if c == utf8.RuneError || s.folds.of(c) != skipped {
				n--
			}
		}
		if to := s.match(text, from, w); to > 0 && !visit(hit{from, to, w}) {
			return false
		}
	}
	return true
}

// match returns where the word ends that begins at from, 0 if it does not.
func (s *search) match(text []byte, from, w int) int {
	for _, want := range s.words[w].folded {
		for {
			if from >= len(text) {
				return 0
			}
			c, n := rune(text[from]), 1
			if c >= utf8.RuneSelf {
				if c, n = utf8.DecodeRune(text[from:]); c == utf8.RuneError && n == 1 {
					c = rune(text[from])
				}
			}
			from += n
			if c = s.folds.of(c); c == want {
				break
			} else if c != skipped {
				return 0
			}
		}
	}
	return from
}

// markBefore reports whether the word of one character is one: an equals sign
// behind base64, an @ behind a colon.
func markBefore(text []byte, i int) bool {
	if text[i] == '=' {
		return base64Before(text, i)
	}
	for n := 1; n <= 128 && n <= i; n++ {
		switch b := text[i-n]; {
		case b == ':':
			return n > 4 && i+1 < len(text) && text[i+1] > ' '
		case b <= ' ' || b == '"' || b == '\'' || b == '<' || b == '>' || b == '@':
			return false
		}
	}
	return false
}

// base64Before reports whether 43 characters of base64 stand before i.
func base64Before(text []byte, i int) bool {
	const least = 43
	if i < least {
		return false
	}
	for n := 1; n <= least; n++ {
		if !isBase64(text[i-n]) {
			return false
		}
	}
	return true
}

// hides reports whether the escape at i may hide a word: not a parameter of a
// message, a space, or what only stands between words.
func hides(text []byte, i int) bool {
	switch text[i] {
	case '%':
		return (i == 0 || text[i-1] != '%') && !bytes.HasPrefix(text[i:], []byte("%20"))
	case '&':
		for _, harmless := range [...]string{"&lt;", "&gt;", "&quot;", "&apos;"} {
			if bytes.HasPrefix(text[i:], []byte(harmless)) {
				return false
			}
		}
		if rest, ok := bytes.CutPrefix(text[i:], []byte("&amp;")); ok {
			return len(rest) > 0 && (rest[0] == '#' || 'a' <= rest[0] && rest[0] <= 'z')
		}
	case '\\':
		for limit := min(len(text), i+32); i+1 < limit && text[i] == '\\'; {
			i++
		}
		return i < len(text) && (text[i] == 'u' || text[i] == 'U' || text[i] == 'x' || '0' <= text[i] && text[i] <= '1')
	}
	return true
}

// isEscape reports whether an escape begins here that could hide a secret. Line
// breaks and tabs do not.
func isEscape(text []byte) bool {
	at := func(i int) byte {
		if i < len(text) {
			return text[i]
		}
		return 0
	}
	switch text[0] {
	case 0x1b:
		return true
	case '%':
		return isHex(at(1)) && isHex(at(2)) || at(1) == 'u' && isHex(at(2)) && isHex(at(3))
	case '&':
		return (at(1) == '#' || 'a' <= lower(at(1)) && lower(at(1)) <= 'z') && bytes.IndexByte(text[:min(len(text), maxEntity)], ';') > 0
	}
	switch at(1) {
	case '"', '\'', '\\', '/':
		return true
	case 'u', 'U':
		return isHex(at(2)) && isHex(at(3)) && isHex(at(4)) && isHex(at(5)) || at(2) == '{'
	case 'x':
		return isHex(at(2)) && isHex(at(3))
	case '0', '1':
		return '0' <= at(2) && at(2) <= '7' && '0' <= at(3) && at(3) <= '7'
	}
	return false
}
