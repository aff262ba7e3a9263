package redact

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A view is a text with one level of escapes undone, or with odd characters as
// they are seen, and where each of its bytes comes from. The text itself is a
// view too, with a nil origin.
//
// Secrets are looked for in every view, as one that is escaped does not look
// like one, and one that holds what looks like an escape would be cut short.
type view struct {
	text   string
	origin []int32 // of each byte, and of the end, in the text itself
	level  int     // how often escapes were undone
}

// maxLevels is how often escapes are undone: JSON in JSON in XML in a URL, and one more.
const maxLevels = 5

// at is where the byte i of the view comes from.
func (v *view) at(i int) int {
	if v.origin == nil {
		return i
	}
	return int(v.origin[i])
}

// A rewriting makes the next view of one.
type rewriting struct {
	from   *view
	out    []byte // nil as long as nothing is different
	origin []int32
}

// put replaces the n bytes at i by others.
func (w *rewriting) put(i, n int, with []byte) {
	if w.out == nil {
		if len(with) == n && string(with) == w.from.text[i:i+n] {
			return
		}
		w.out = append(make([]byte, 0, len(w.from.text)), w.from.text[:i]...)
		w.origin = make([]int32, i, len(w.from.text)+1)
		for k := range w.origin {
			w.origin[k] = int32(w.from.at(k))
		}
	}
	w.out = append(w.out, with...)
	for k := range len(with) {
		at := i
		if len(with) == n {
			at = i + k
		}
		w.origin = append(w.origin, int32(w.from.at(at)))
	}
}

// view returns what became of the text, if anything is different.
func (w *rewriting) view(level int) (view, bool) {
	if w.out == nil {
		return view{}, false
	}
	return view{text: string(w.out), origin: append(w.origin, int32(w.from.at(len(w.from.text)))), level: level}, true
}

// decode undoes one level of escapes: of XML, JSON, C and URLs at once, as they
// come mixed. It reports whether there were any.
func (v *view) decode() (view, bool) {
	w := rewriting{from: v}
	for i := 0; i < len(v.text); {
		n, decoded := unescape(v.text[i:])
		if n > 0 && v.text[i] == '%' && batchVariable(v.text[i:min(len(v.text), i+maxTemplate)]) > 0 {
			n = 0
		}
		if n == 0 {
			if w.out == nil {
				i++
				continue
			}
			n, decoded = 1, v.text[i:i+1]
		}
		w.put(i, n, []byte(decoded))
		i += n
	}
	return w.view(v.level + 1)
}

// joinLines shows the lines of a command that goes on in the next, behind a \, ^
// or `, as one: it is of the same length.
func joinLines(text string) string {
	var out []byte
	for at := 0; ; {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			break
		}
		at += end + 1
		mark := at - 2
		if mark > 0 && text[mark] == '\r' {
			mark--
		}
		if mark < 1 || text[mark] != '\\' && text[mark] != '^' && text[mark] != '`' || text[mark] != '\\' && !isSpace(text[mark-1]) {
			continue
		}
		if out == nil {
			out = []byte(text)
		}
		for i := mark; i < at; i++ {
			out[i] = ' '
		}
	}
	if out == nil {
		return text
	}
	return string(out)
}

// plain shows odd characters as they are seen: letters of full width as those of
// ASCII, and without what nobody sees: marks of direction, soft hyphens, accents
// on their own, the colours of a terminal.
func (v *view) plain() (view, bool) {
	w := rewriting{from: v}
	var buf [utf8.UTFMax]byte
	for i := 0; i < len(v.text); {
		if n := terminalEscape(v.text[i:]); n > 0 {
			w.put(i, n, nil)
			i += n
			continue
		}
		c, n := rune(v.text[i]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRuneInString(v.text[i:])
		}
		switch {
		case c == utf8.RuneError && n == 1: // of a code page, mostly that of western Europe
			w.put(i, n, buf[:utf8.EncodeRune(buf[:], rune(v.text[i]))])
		case !isOdd(c):
			w.put(i, n, []byte(v.text[i:i+n]))
		case invisible(c):
			w.put(i, n, nil)
		default:
			w.put(i, n, buf[:utf8.EncodeRune(buf[:], narrow(c))])
		}
		i += n
	}
	return w.view(v.level)
}

// isOdd reports whether a character is seen as another one, or not at all.
func isOdd(c rune) bool {
	switch {
	case c < 0xa0, 0x4e00 <= c && c <= 0xd7a3:
		return false
	case c == 0xad, 0x2500 <= c && c <= 0x257f, 0xff01 <= c && c <= 0xff5e, 0xfe50 <= c && c <= 0xfe6b, 0x1d400 <= c && c <= 0x1d7ff:
		return true
	}
	return invisible(c)
}

// narrow is the character of ASCII that an odd one looks like.
func narrow(c rune) rune {
	if 0xff01 <= c && c <= 0xff5e {
		return c - 0xff01 + '!'
	}
	if 0x1d400 <= c && c <= 0x1d6a3 { // alphabets of mathematics: 26 capitals, 26 small letters
		if n := (c - 0x1d400) % 52; n < 26 {
			return 'A' + n
		} else {
			return 'a' + n - 26
		}
	}
	if 0x2500 <= c && c <= 0x257f {
		return boxLine(c)
	}
	if folded := foldRune(c); folded != skipped {
		return folded
	}
	return c
}

// boxLine is what a line of a table looks like that is drawn with characters for it.
func boxLine(c rune) rune {
	switch c {
	case '│', '┃', '║', '╎', '╏', '┆', '┇', '┊', '┋', '╽', '╿', '╵', '╷', '╹', '╻':
		return '|'
	case '─', '━', '═', '┄', '┅', '┈', '┉', '╌', '╍':
		return '-'
	}
	return '+'
}

// terminalEscape returns the length of a control sequence of a terminal.
func terminalEscape(text string) int {
	if text[0] != 0x1b || len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '[':
		for i := 2; i < len(text) && i < 32; i++ {
			if '@' <= text[i] && text[i] <= '~' {
				return i + 1
			}
		}
	case ']':
		if end := strings.IndexAny(text[:min(len(text), 128)], "\a"); end > 0 {
			return end + 1
		}
	}
	return 1
}

// unescape undoes the escape that the text begins with. It returns its length, 0 if there is none.
func unescape(text string) (n int, decoded string) {
	switch text[0] {
	case '&':
		return unescapeEntity(text)
	case '%':
		return unescapePercent(text)
	case '\\':
		return unescapeBackslash(text)
	}
	return 0, ""
}

func unescapePercent(text string) (n int, decoded string) {
	if len(text) >= 6 && text[1] == 'u' {
		if r, ok := number(text[2:6], 16); ok {
			return 6, string(utf8.AppendRune(nil, r))
		}
	}
	if len(text) >= 3 {
		if b, ok := number(text[1:3], 16); ok {
			return 3, string([]byte{byte(b)})
		}
	}
	return 0, ""
}

// number reads digits of a base, and nothing else.
func number(text string, base int) (rune, bool) {
	n, err := strconv.ParseUint(text, base, 32)
	return rune(n), err == nil && text[0] != '+' && text[0] != '-'
}

// maxEntity is the length of the longest entity that is undone.
const maxEntity = 12

// unescapeEntity knows the entities of HTML that stand for ASCII, and all character references.
func unescapeEntity(text string) (n int, decoded string) {
	end := strings.IndexByte(text[:min(len(text), maxEntity)], ';')
	if end < 2 {
		return 0, ""
	}
	entity := text[:end+1]
	s := html.UnescapeString(entity)
	if s == entity || text[1] != '#' && (len(s) != 1 || s[0] >= utf8.RuneSelf) && s != "\u00a0" {
		return 0, ""
	}
	return len(entity), s
}

// unescapeBackslash knows the escapes of JSON, JavaScript and C.
func unescapeBackslash(text string) (n int, decoded string) {
	if len(text) < 2 {
		return 0, ""
	}
	hex := func(from, digits int) (int, string) {
		if len(text) < from+digits {
			return 0, ""
		}
		if r, ok := number(text[from:from+digits], 16); ok {
			return from + digits, string(utf8.AppendRune(nil, r))
		}
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
	case 'x':
		return hex(2, 2)
	case 'U':
		return hex(2, 8)
	case 'u':
		if len(text) > 2 && text[2] == '{' {
			if end := strings.IndexByte(text[:min(len(text), maxEntity)], '}'); end > 3 {
				if r, ok := number(text[3:end], 16); ok {
					return end + 1, string(utf8.AppendRune(nil, r))
				}
			}
			return 0, ""
		}
		return hex(2, 4)
	case '0', '1':
		if len(text) >= 4 {
			if r, ok := number(text[1:4], 8); ok {
				return 4, string([]byte{byte(r)})
			}
		}
	}
	return 0, ""
}
