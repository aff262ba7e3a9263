package redact

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folds knows what a letter is when capitals, accents and width do not matter:
// P, p, ｐ and 𝐩 are the same, é and e, パ and ハ. What nobody sees, a zero
// width space, a soft hyphen, a mark of direction, an accent on its own, is
// nothing.
type folds struct {
	pages [256]*[256]uint16 // of the BMP, but those that fold to themselves
}

const skipped = 0 // what invisible characters fold to

func newFolds() *folds {
	f := new(folds)
	for _, page := range []int{ // scripts with capitals, accents or marks, and forms of width
		0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11,
		0x1e, 0x1f, 0x20, 0x21, 0x30, 0xfb, 0xfe, 0xff,
	} {
		table := new([256]uint16)
		for i := range table {
			table[i] = uint16(foldRune(rune(page<<8 | i)))
		}
		f.pages[page] = table
	}
	return f
}

// of returns what a character folds to.
func (f *folds) of(c rune) rune {
	if c > 0xffff {
		return foldRune(c)
	}
	if page := f.pages[c>>8]; page != nil {
		return rune(page[c&0xff])
	}
	if 0xac00 <= c && c <= 0xd7a3 {
		return 0x1100 + (c-0xac00)/588 // the first letter of a Hangul syllable
	}
	return c
}

// foldRune is of, from what Unicode says.
func foldRune(c rune) rune {
	if c < utf8.RuneSelf {
		if 'A' <= c && c <= 'Z' {
			return c + 'a' - 'A'
		}
		if c == 0 {
			return ' '
		}
		return c
	}
	switch c {
	case 'ł', 'Ł':
		return 'l'
	case 'ø', 'Ø':
		return 'o'
	case 'đ', 'Đ', 'ð', 'Ð':
		return 'd'
	case 'ß':
		return 's'
	case 'ı', 'İ':
		return 'i'
	case 'æ', 'Æ':
		return 'a'
	case 'œ', 'Œ':
		return 'o'
	case '’', '‘', 'ʼ':
		return '\''
	case 0xa0, 0x202f, 0x2007, 0x3000:
		return ' '
	}
	if invisible(c) || 0x1160 <= c && c <= 0x11ff { // later letters of a Hangul syllable
		return skipped
	}
	var buf [utf8.UTFMax]byte
	d := norm.NFKD.Properties(buf[:utf8.EncodeRune(buf[:], c)]).Decomposition()
	if len(d) > 0 {
		first, _ := utf8.DecodeRune(d)
		return unicode.ToLower(first)
	}
	return unicode.ToLower(c)
}

// invisible reports whether a character is only seen together with others, or not at all.
func invisible(c rune) bool {
	return c >= 0x80 && (unicode.Is(unicode.Mn, c) || unicode.Is(unicode.Cf, c) || c == 0x115f || c == 0x3164 || c == 0xffa0)
}

// appendFolded appends a text, folded: of letters, all that they are made of.
func appendFolded(dst []byte, text string, keep func(rune) bool) []byte {
	for i := 0; i < len(text); {
		c, n := rune(text[i]), 1
		if c < utf8.RuneSelf {
			i++
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			if keep(c) {
				dst = append(dst, byte(c))
			}
			continue
		}
		c, n = utf8.DecodeRuneInString(text[i:])
		if 0xac00 <= c && c <= 0xd7a3 || 0x1100 <= c && c <= 0x11ff {
			for _, jamo := range norm.NFD.String(text[i : i+n]) {
				dst = utf8.AppendRune(dst, jamo)
			}
		} else if c = foldRune(c); c != skipped && c != utf8.RuneError && keep(c) {
			dst = utf8.AppendRune(dst, c)
		}
		i += n
	}
	return dst
}
