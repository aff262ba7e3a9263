package sigma

import (
	"unicode"
	"unicode/utf8"
)

// appendFold appends src without the difference between upper and lower case.
// Bytes that are no UTF-8 stay as they are.
func appendFold(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		b := src[i]
		if b < utf8.RuneSelf {
			if 'A' <= b && b <= 'Z' {
				b += 'a' - 'A'
			}
			dst = append(dst, b)
			i++
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, b)
		} else {
			dst = utf8.AppendRune(dst, foldRune(r))
		}
		i += n
	}
	return dst
}

// foldRune goes over the capital, so that letters with one capital (ſ and s)
// become one.
func foldRune(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

func foldString(s string) string { return string(appendFold(nil, []byte(s))) }
