package matcher

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// hasEntities reports whether text has XML entities.
func hasEntities(text []byte) bool { return bytes.IndexByte(text, '&') >= 0 }

// appendUnescapedXML resolves the entities that XML writers make.
func appendUnescapedXML(dst, src []byte) []byte {
	entities := [...]struct{ name, text string }{
		{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", `"`}, {"&apos;", "'"}, {"&#39;", "'"}, {"&#34;", `"`},
		{"&#xD;", "\r"}, {"&#xA;", "\n"}, {"&amp;", "&"},
	}
next:
	for len(src) > 0 {
		if src[0] == '&' {
			for _, e := range entities {
				if rest, ok := bytes.CutPrefix(src, []byte(e.name)); ok {
					dst, src = append(dst, e.text...), rest
					continue next
				}
			}
		}
		dst, src = append(dst, src[0]), src[1:]
	}
	return dst
}

// jsonMessages yields the values of "Message" in JSON, in their order, which
// puts the innermost last. It looks for nothing but these strings, as the JSON
// may be cut, or not be valid.
func (u *unwrapper) jsonMessages(text []byte, yield func([]byte)) {
	for {
		_, rest, ok := bytes.Cut(text, []byte(`"Message":"`))
		if !ok || u.count >= maxMessages {
			return
		}
		n := stringEnd(rest)
		u.scratch(appendUnescapedJSON, rest[:n], yield)
		text = rest[n:]
	}
}

// stringEnd returns where a JSON string ends, at its quote or with the text.
func stringEnd(text []byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text)
}

// logText yields what stands in the Text element of LogProperties, whole or cut.
func (u *unwrapper) logText(text []byte, yield func([]byte)) {
	_, inside, ok := bytes.Cut(text, []byte("<Text>"))
	if !ok {
		_, inside, ok = bytes.Cut(text, []byte("<ErrorInfo>"))
	}
	if !ok {
		return
	}
	inside, _, _ = bytes.Cut(inside, []byte("</Text>"))
	inside, _, _ = bytes.Cut(inside, []byte("</ErrorInfo>"))
	yield(inside)
}

// looksEscaped reports whether a text is that of a JSON string, still escaped.
func looksEscaped(text []byte) bool {
	for _, escape := range []string{`\"`, `\n`, `\r`, `\u0027`, `\u0022`, `\u003c`} {
		if bytes.Contains(text, []byte(escape)) {
			return true
		}
	}
	return false
}

// appendUnescapedJSON resolves the escapes of JSON strings; what is none stays
// as it is, such as the backslashes of a path.
func appendUnescapedJSON(dst, src []byte) []byte {
	for i := 0; i < len(src); i++ {
		if src[i] != '\\' || i+1 == len(src) {
			dst = append(dst, src[i])
			continue
		}
		i++
		switch src[i] {
		case '"', '\\', '/':
			dst = append(dst, src[i])
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r, n := unicodeEscape(src[i+1:])
			if n == 0 {
				dst = append(dst, '\\', 'u')
				continue
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		default:
			dst = append(dst, '\\', src[i])
		}
	}
	return dst
}

// unicodeEscape reads the four digits behind \u, and of a surrogate its other
// half. It returns how many bytes that were, 0 if there are no four digits.
func unicodeEscape(src []byte) (rune, int) {
	first, ok := hex4(src)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(first) && len(src) >= 10 && src[4] == '\\' && src[5] == 'u' {
		if second, ok := hex4(src[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 10
			}
		}
	}
	return first, 4
}

func hex4(src []byte) (r rune, ok bool) {
	if len(src) < 4 {
		return 0, false
	}
	for _, b := range src[:4] {
		switch {
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
