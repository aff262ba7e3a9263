package matcher

import (
	"bytes"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/internal/eventtext"
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
			r, n := eventtext.UnicodeEscape(src[i+1:])
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
