package eventtext

import (
	"unicode/utf16"
	"unicode/utf8"
)

// UnicodeEscape reads what stands behind a \u in a JSON string: four digits, and of a surrogate its other half. It returns
// how many bytes that were, 0 if there are no four digits.
func UnicodeEscape[T string | []byte](text T) (r rune, n int) {
	first, ok := fourDigits(text)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(first) && len(text) >= 10 && text[4] == '\\' && text[5] == 'u' {
		if second, ok := fourDigits(text[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 10
			}
		}
	}
	return first, 4
}

// fourDigits reads four hexadecimal digits.
func fourDigits[T string | []byte](text T) (r rune, ok bool) {
	if len(text) < 4 {
		return 0, false
	}
	for i := range 4 {
		switch b := text[i]; {
		case '0' <= b && b <= '9':
			r = r<<4 | rune(b-'0')
		case 'a' <= b|0x20 && b|0x20 <= 'f':
			r = r<<4 | rune(b|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
