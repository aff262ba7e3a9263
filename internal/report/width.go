package report

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// runeWidth is how many columns a terminal needs for r: two for what the
// Unicode Standard calls wide (annex 11), none for what is drawn onto another
// character or not at all.
func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// appendLine appends text on one line (line ends and tabs become spaces, the
// rest of what is unsafe is escaped), cut to limit columns if limit is not 0.
// It returns how many columns the text takes.
func appendLine(dst, text []byte, limit int) (line []byte, columns int) {
	begin := len(dst)
	cut, cutWidth := begin, 0 // where the line ends if it must be cut, with room for the ellipsis
	space := false
	for len(text) > 0 {
		if n := plainPrefix(text); n > 0 && (limit == 0 || columns+n < limit) { // nearly all there is
			dst = append(dst, text[:n]...)
			columns += n
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
		if limit > 0 && columns < limit {
			cut, cutWidth = len(dst), columns
		}
		if unsafe(r) {
			before := len(dst)
			dst = appendVisible(dst, r)
			columns += len(dst) - before
		} else {
			dst = utf8.AppendRune(dst, r)
			columns += runeWidth(r)
		}
		if limit > 0 && columns > limit {
			cut, cutWidth = wholeWords(dst[begin:cut], cutWidth, limit)
			return append(dst[:begin+cut], "…"...), cutWidth + 1
		}
	}
	return dst, columns
}

// wholeWords is where a text that has to be cut at its end loses no part of a word, unless it would lose half of its room.
func wholeWords(text []byte, columns, limit int) (cut, width int) {
	space := bytes.LastIndexByte(text, ' ')
	if space < 0 {
		return len(text), columns
	}
	kept := bytes.TrimRight(text[:space], " ")
	lost := 0
	for _, r := range string(text[len(kept):]) {
		lost += runeWidth(r)
	}
	if columns-lost < limit/2 {
		return len(text), columns
	}
	return len(kept), columns - lost
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
