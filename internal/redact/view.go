package redact

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A view is a text with one level of escapes undone, and where each of its
// bytes comes from. The text itself is a view too, with a nil origin.
//
// Secrets are looked for in every view, as one that is escaped does not look
// like one, and one that holds what looks like an escape would be cut short.
type view struct {
	text   string
	origin []int32 // of each byte, and of the end, in the text itself
	level  int     // how often escapes were undone
}

// maxLevels is how often escapes are undone: JSON in JSON in XML, and one more.
const maxLevels = 4

// at is where the byte i of the view comes from.
func (v *view) at(i int) int {
	if v.origin == nil {
		return i
	}
	return int(v.origin[i])
}

// decode undoes one level of escapes: of XML, JSON and URLs at once, as they
// come mixed. It reports whether there were any.
func (v *view) decode() (view, bool) {
	text := v.text
	var out []byte
	var origin []int32
	for i := 0; i < len(text); {
		n, decoded := unescape(text[i:])
		if n == 0 {
			if out != nil {
				out = append(out, text[i])
				origin = append(origin, int32(v.at(i)))
			}
			i++
			continue
		}
		if out == nil {
			out = append(make([]byte, 0, len(text)), text[:i]...)
			origin = make([]int32, i, len(text)+1)
			for k := range origin {
				origin[k] = int32(v.at(k))
			}
		}
		out = append(out, decoded...)
		for range len(decoded) {
			origin = append(origin, int32(v.at(i)))
		}
		i += n
	}
	if out == nil {
		return view{}, false
	}
	return view{text: string(out), origin: append(origin, int32(v.at(len(text))))}, true
}

// unescape undoes the escape that the text begins with. It returns its length, 0 if there is none.
func unescape(text string) (n int, decoded string) {
	switch text[0] {
	case '&':
		return unescapeEntity(text)
	case '%':
		if len(text) >= 3 {
			if b, err := strconv.ParseUint(text[1:3], 16, 8); err == nil && text[1] != '+' && text[1] != '-' {
				return 3, string([]byte{byte(b)})
			}
		}
	case '\\':
		return unescapeBackslash(text)
	}
	return 0, ""
}

// unescapeEntity knows the entities of XML and all character references.
func unescapeEntity(text string) (n int, decoded string) {
	end := strings.IndexByte(text[:min(len(text), 12)], ';')
	if end < 2 {
		return 0, ""
	}
	entity := text[:end+1]
	if text[1] != '#' {
		switch entity {
		case "&lt;", "&gt;", "&amp;", "&quot;", "&apos;":
		default:
			return 0, ""
		}
	}
	if s := html.UnescapeString(entity); s != entity {
		return len(entity), s
	}
	return 0, ""
}

// unescapeBackslash knows the escapes of JSON and JavaScript.
func unescapeBackslash(text string) (n int, decoded string) {
	if len(text) < 2 {
		return 0, ""
	}
	switch text[1] {
	case '"', '\'', '\\', '/':
		return 2, text[1:2]
	case 'n':
		return 2, "\n"
	case 'r':
		return 2, "\r"
	case 't':
		return 2, "\t"
	case 'u', 'x':
		digits := 4
		if text[1] == 'x' {
			digits = 2
		}
		if len(text) < 2+digits {
			return 0, ""
		}
		r, err := strconv.ParseUint(text[2:2+digits], 16, 32)
		if err != nil {
			return 0, ""
		}
		return 2 + digits, string(utf8.AppendRune(nil, rune(r)))
	}
	return 0, ""
}
