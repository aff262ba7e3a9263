package report

import (
	"unicode"
	"unicode/utf8"
)

// runeWidth is how many columns a terminal needs for r.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case 0x1100 <= r && r <= 0x115f,
		0x2e80 <= r && r <= 0x303e, 0x3041 <= r && r <= 0xa4cf,
		0xac00 <= r && r <= 0xd7a3, 0xf900 <= r && r <= 0xfaff,
		0xfe30 <= r && r <= 0xfe6f, 0xff00 <= r && r <= 0xff60, 0xffe0 <= r && r <= 0xffe6,
		0x1f300 <= r && r <= 0x1f64f, 0x1f680 <= r && r <= 0x1f6ff, 0x1f900 <= r && r <= 0x1faff,
		0x20000 <= r && r <= 0x3fffd:
		return 2
	}
	return 1
}

// appendLine appends text on one line (line ends and tabs become spaces, the
// rest of what is unsafe is escaped), cut to limit columns if limit is not 0.
// It returns how many columns the text takes.
func appendLine(dst, text []byte, limit int) (line []byte, width int) {
	cut, cutWidth := len(dst), 0 // where the line ends if it must be cut, with room for the ellipsis
	space := false
	for len(text) > 0 {
		if n := plainPrefix(text); n > 0 && (limit == 0 || width+n < limit) { // nearly all there is
			dst = append(dst, text[:n]...)
			width += n
			text = text[n:]
			space = false
			continue
		}
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		if r == '\n' || r == '\r' || r == '\t' || r == ' ' {
			if space && r != ' ' { // CR LF is one line end
				continue
			}
			r, space = ' ', true
		} else {
			space = false
		}
		if limit > 0 && width < limit {
			cut, cutWidth = len(dst), width
		}
		if unsafe(r) {
			before := len(dst)
			dst = appendVisible(dst, r)
			width += len(dst) - before
		} else {
			dst = utf8.AppendRune(dst, r)
			width += runeWidth(r)
		}
		if limit > 0 && width > limit {
			return append(dst[:cut], "…"...), cutWidth + 1
		}
	}
	return dst, width
}

// plainPrefix is how many bytes at the start of text are visible ASCII.
func plainPrefix(text []byte) int {
	for i, b := range text {
		if b <= ' ' || b >= 0x7f {
			return i
		}
	}
	return len(text)
}
