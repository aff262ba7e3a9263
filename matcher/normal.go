package matcher

import (
	"encoding/binary"
	"unicode/utf8"
)

// appendNormal appends UTF-8 text as signatures are written: with straight
// apostrophes and quotes, and with one plain space where the text has any
// number of spaces, no-break spaces or line ends. What cannot be seen is left
// out, and space at the ends. Translated messages differ in these, and so do
// texts that went through a terminal.
func appendNormal(dst, src []byte) []byte {
	start := len(dst)
	space := false // a space is due before the next character
	for i := 0; i < len(src); {
		if !space && i+8 <= len(src) {
			if x := binary.LittleEndian.Uint64(src[i:]); isPlain8(x) {
				dst = binary.LittleEndian.AppendUint64(dst, x)
				i += 8
				continue
			}
		}
		b := src[i]
		if b < utf8.RuneSelf {
			i++
			switch {
			case b > ' ' && b != 0x7f:
				if space {
					dst = append(dst, ' ')
					space = false
				}
				dst = append(dst, b)
			case b == ' ' || '\t' <= b && b <= '\r':
				space = len(dst) > start
			}
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		i += n
		if r = normalRune(r); r == 0 {
			continue
		}
		if r == ' ' {
			space = len(dst) > start
			continue
		}
		if space {
			dst = append(dst, ' ')
			space = false
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// isPlain8 reports whether eight bytes stay as they are: visible ASCII and
// single spaces between. It works on all at once: the high bit of each byte
// tells, after a subtraction or addition, of what kind that byte is.
func isPlain8(x uint64) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	if x&high != 0 {
		return false
	}
	least := (x | high) - 0x20*ones         // high bit: at least a space
	visible := (x | high) - 0x21*ones       // high bit: more than a space
	deleted := (x ^ 0x7f*ones) + 0x7f*ones  // high bit clear: 0x7f
	spaces := ^visible & high               // high bit: a space, as least holds
	atEnds := spaces & (0xff | 0xff<<(7*8)) // spaces there may have neighbours
	return least&high == high && deleted&high == high && spaces&(spaces<<8) == 0 && atEnds == 0
}

// normalRune returns the plain form of a character, 0 for one that cannot be seen.
func normalRune(r rune) rune {
	switch r {
	case '\u2018', '\u2019', '\u201b', '\u02bc', '\u2032', '\u00b4', '\uff07':
		return '\''
	case '\u201c', '\u201d', '\u201e', '\u201f', '\u2033', '\uff02':
		return '"'
	case '\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\u0085':
		return ' '
	case '\uff1a':
		return ':'
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff':
		return 0
	}
	if '\u2000' <= r && r <= '\u200a' {
		return ' '
	}
	if r == utf8.RuneError {
		return '\ufffd'
	}
	return r
}
