package words

import "unicode/utf8"

// Clip cuts a text to n bytes or less, between characters.
func Clip[T string | []byte](text T, n int) T {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
