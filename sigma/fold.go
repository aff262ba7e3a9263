package sigma

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// appendFold appends src without the difference between upper and lower case.
// Bytes that are no UTF-8 stay as they are.
func appendFold(dst, src []byte) []byte {
	dst, src = appendFold8(dst, src)
	for len(src) > 0 {
		if b := src[0]; b < utf8.RuneSelf {
			if 'A' <= b && b <= 'Z' {
				b += 'a' - 'A'
			}
			dst = append(dst, b)
			src = src[1:]
			continue
		}
		r, n := utf8.DecodeRune(src)
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, src[0])
		} else {
			dst = utf8.AppendRune(dst, foldRune(r))
		}
		src = src[n:]
		dst, src = appendFold8(dst, src)
	}
	return dst
}

// appendFold8 goes on for as long as eight bytes at a time are ASCII.
func appendFold8(dst, src []byte) (out, rest []byte) {
	for len(src) >= 8 {
		x := binary.LittleEndian.Uint64(src)
		if x&high != 0 {
			break
		}
		dst = binary.LittleEndian.AppendUint64(dst, lower8(x))
		src = src[8:]
	}
	return dst, src
}

const (
	high = 0x8080808080808080
	ones = 0x0101010101010101
)

// lower8 makes eight ASCII characters lower case: the high bit of each byte
// tells, after an addition, whether it is at least 'A', and more than 'Z'.
func lower8(x uint64) uint64 {
	capital := (x + (0x80-'A')*ones) &^ (x + (0x80-'Z'-1)*ones) & high
	return x | capital>>2
}

// foldRune is foldAny, which asks tables, and quicker for what translated
// texts are full of: the letters of western Europe and Russia, punctuation, and
// writing that has no capitals.
func foldRune(r rune) rune {
	switch {
	case 0xe0 <= r && r <= 0xfe, 0x430 <= r && r <= 0x44f, 0x2000 <= r && r < 0x2070, 0x2e80 <= r && r < 0xa640, 0xac00 <= r && r < 0xd7a4:
		return r
	case 0xc0 <= r && r <= 0xde && r != '×', 0x410 <= r && r <= 0x42f:
		return r + 0x20
	}
	return foldAny(r)
}

// foldAny goes over the capital, so that letters with one capital (ſ and s)
// become one: simple folding, in which the Turkish İ and ı are no i.
func foldAny(r rune) rune {
	if r == 'İ' || r == 'ı' {
		return r
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

func foldString(s string) string { return string(appendFold(nil, []byte(s))) }
