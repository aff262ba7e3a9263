package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A literal finds the value that stands behind a name. Where it ends depends
// on what it stands in, a connection string, JSON, a query, a sentence, which
// is more than a regular expression can tell.
type literal struct {
	text string
	name int  // where the name begins
	sign byte // what stands between: = or :, 0 for the space of an option
}

// How far a literal looks for what ends it. All are bounds, so that a text full
// of names takes no longer than another of its size.
const (
	maxLooked  = 512
	maxSegment = 128 // of a password with spaces in a connection string
)

// at returns the value that begins at or behind i; from is to if there is none.
func (l *literal) at(i int) (from, to int) {
	i, broken := l.skip(i)
	if i >= len(l.text) || broken && l.sign != 0 && named(l.text[i:]) {
		return l.block(i)
	}
	rest := l.text[i:]
	if template(rest) > 0 {
		return i, i
	}
	if closing, n := quoteAt(rest); n > 0 {
		return l.quoted(i+n, closing)
	}
	if len(rest) > 2 && (rest[0] == 'N' || rest[0] == 'n') && rest[1] == '\'' { // of Transact-SQL
		return l.quoted(i+2, "'")
	}
	if n, decoded := unescape(rest); n > 0 && strings.ContainsAny(decoded, "\"'\\&%") {
		return i, i // the next view has it
	}
	if expression(strings.TrimPrefix(rest, "(")) {
		return i, i
	}
	switch rest[0] {
	case ';', ',', ')', ']', '}', '|':
		return i, i
	case '{':
		return l.braced(i)
	case '(':
		if assigned(rest[1:]) { // CREDENTIALS=(KEY='x' SECRET='y'): each has its own name
			return i, i
		}
	case '[':
		if marked(rest) || marked(rest[1:]) && len(rest) > 1 {
			return i, i
		}
		if n := 1 + leadingSpace(rest[1:]); n < len(rest) && (rest[n] == '"' || rest[n] == '\'') {
			if end := strings.IndexByte(rest[:min(len(rest), 8*maxLooked)], ']'); end > 0 {
				return i + n, i + end
			}
			return i + n, i + len(rest)
		}
	case '<':
		if strings.HasPrefix(rest, "</") || placeholderTag(rest) {
			return i, i
		}
		if end := tagEnd(rest); end > 0 && end < len(rest) && isName(rest[end:]) {
			return l.at(i + end)
		}
	case '-':
		if l.sign == 0 {
			return i, i // the next option
		}
	case '!':
		if tag, _, ok := strings.Cut(rest[:min(len(rest), 24)], " "); ok && l.sign == ':' && reference(tag) {
			return i, i
		}
	}
	return i, l.plain(i)
}

// skip goes over spaces, and reports whether a line ended among them. What says
// in YAML or a script that the value comes on the next line is a space too.
func (l *literal) skip(i int) (at int, broken bool) {
	for i < len(l.text) {
		if n := lineEscape(l.text[i:]); n > 0 {
			broken = broken || l.text[i+1] != 't'
			i += n
			continue
		}
		if n := l.goesOn(l.text[i:]); n > 0 {
			i += n
			continue
		}
		c, n := utf8.DecodeRuneInString(l.text[i:])
		if !unicode.IsSpace(c) {
			break
		}
		broken = broken || c == '\n'
		i += n
		if c == '\n' && strings.HasPrefix(l.text[i:], "> ") { // a prompt
			i += 2
		}
	}
	return i, broken
}

// goesOn returns the length of what says that the value stands on the next
// line (| and > in YAML, a \, ^ or ` at the end of a line in scripts), or of what
// YAML says about it (!!str, &anchor).
func (l *literal) goesOn(text string) int {
	switch b := text[0]; b {
	case '|', '>':
		if l.sign != ':' {
			return 0
		}
		n := 1 + len(text[1:]) - len(strings.TrimLeft(text[1:], "+-0123456789"))
		if lineEnds(text[n:]) {
			return n
		}
	case '\\', '^', '`':
		if lineEnds(text[1:]) {
			return 1
		}
	case '!', '&':
		if l.sign != ':' {
			return 0
		}
		word := text[1:]
		if end := strings.IndexAny(word[:min(len(word), 24)], " \t"); end > 0 && !reference(word[:end]) && strings.Trim(strings.ToLower(word[:end]), "abcdefghijklmnopqrstuvwxyz_-!") == "" {
			return 1 + end
		}
	}
	return 0
}

// lineEnds reports whether a line ends here, spaces aside.
func lineEnds(text string) bool {
	text = strings.TrimLeft(text[:min(len(text), 16)], " \t\r")
	return text != "" && text[0] == '\n'
}

// lineEscape returns the length of \r, \n or \t where no word goes on with it.
func lineEscape(text string) int {
	if len(text) < 2 || text[0] != '\\' || text[1] != 'r' && text[1] != 'n' && text[1] != 't' {
		return 0
	}
	switch rest := text[2:]; {
	case rest == "", strings.HasPrefix(rest, `\r`), strings.HasPrefix(rest, `\n`), strings.HasPrefix(rest, `\t`), !isName(rest), named(rest):
		return 2
	}
	return 0
}

// quoteAt returns the mark that closes what the text opens, and the length of the one that opens.
func quoteAt(text string) (closing string, n int) {
	for _, q := range [...][2]string{{`""`, `""`}, {`"`, `"`}, {`'`, `'`}, {"`", "`"}, {"“", "”"}, {"„", "“"}, {"‘", "’"}, {"‚", "‘"}, {"«", "»"}, {"‹", "›"}, {"「", "」"}, {"『", "』"}} {
		if !strings.HasPrefix(text, q[0]) {
			continue
		}
		if q[0] == `""` && !isName(text[2:]) {
			continue // empty, or doubled inside
		}
		return q[1], len(q[0])
	}
	return "", 0
}

// quoted returns what stands from i to the mark. One that a word goes on behind
// belongs to the secret, unless no other follows soon.
func (l *literal) quoted(i int, closing string) (from, to int) {
	for i < len(l.text) && closing == "»" && leadingSpace(l.text[i:]) > 0 {
		i += leadingSpace(l.text[i:])
	}
	text, first, other := l.text, -1, -1
	if closing == `"` && l.sign != ':' && strings.HasPrefix(text[i:], `"`) && !strings.HasPrefix(text[i:], `""`) {
		return i, i // empty
	}
	end := len(text)
	for k := i; k < end; {
		if first >= 0 && k > first+maxLooked/2 {
			break
		}
		switch b := text[k]; {
		case strings.HasPrefix(text[k:], closing):
			after := text[k+len(closing):]
			if len(closing) == 1 && strings.HasPrefix(after, closing) && (k > i || l.sign != ':') {
				k += 2
				continue
			}
			if !isName(after) || closing == `""` {
				return i, k
			}
			if first < 0 {
				first = k
			}
			k += len(closing)
		case b == '\\' && k+1 < end && (closing == `"` || closing == `'`):
			if l.sign == '=' && text[k+1] == closing[0] && connects(text[k+2:]) {
				return i, k + 1
			}
			k++
			if text[k] != '\n' && text[k] != '\r' {
				k++
			}
		case b == '\n' || b == '\r':
			end = k
		case (b == '"' || b == '\'') && other < 0 && closing[0] != b && k > i && (k+1 == len(text) || strings.IndexByte(",}])>", text[k+1]) >= 0):
			other = k
			k++
		default:
			k++
		}
	}
	switch {
	case first >= 0:
		return i, first
	case other >= 0:
		return i, other
	}
	if tag := strings.Index(text[i:end], "</"); tag >= 0 {
		end = i + tag
	}
	return i, end
}

// plain returns where a value without quotes ends.
func (l *literal) plain(i int) int {
	end := l.word(i)
	if wrapped := l.wrapped(i, end); wrapped > end {
		return wrapped
	}
	if l.sign != '=' {
		return end
	}
	if inside := l.opened(i, end); inside > end {
		return inside
	}
	// In a connection string a value has spaces, up to the semicolon before the
	// next name, or up to the end if the connection string is all there is.
	limit := min(len(l.text), i+maxLooked)
	k := max(end, i)
	for ; k < limit; k++ {
		b := l.text[k]
		if b == '\r' || b == '\n' || b == '<' && strings.HasPrefix(l.text[k:], "</") || escapedQuote(l.text[k:]) || lineEscape(l.text[k:]) > 0 && l.text[k+1] != 't' {
			break
		}
		if b == ';' {
			if k-i <= maxSegment && connects(l.text[k:]) {
				return i + trimmedLen(l.text[i:k])
			}
			break
		}
		if b == ',' && k+1 < limit && isSpace(l.text[k+1]) && named(strings.TrimLeft(l.text[k+1:limit], " ")) {
			break
		}
		if (b == '"' || b == '\'') && closes(l.text, k) {
			if k > i && !isSpace(l.text[k-1]) && k-i <= maxSegment && l.connection() {
				return k
			}
			break
		}
	}
	if k < limit && l.text[k] == '\n' && l.connection() {
		if next := k + 1 + connectionRest(l.text[k+1:min(len(l.text), k+1+maxSegment)]); next > k+1 {
			return next
		}
	}
	if k-i <= maxSegment && (k == len(l.text) || l.text[k] != ';' && l.text[k] != '"' && l.text[k] != '\'' && l.text[k] != ',') && l.alone() {
		return max(end, i+trimmedLen(l.text[i:k]))
	}
	return end
}

// connectionRest returns how much of a line is the rest of a value that a line
// break went through: up to the semicolon in front of the next name.
func connectionRest(line string) int {
	end := strings.IndexByte(line, ';')
	if end < 1 || strings.ContainsAny(line[:end], "= :\r\n\t<>") || !connects(line[end:]) {
		return 0
	}
	return end
}

// wrapped returns where a key ends that goes on in the next lines: base64, of
// which every line but the last one is long.
func (l *literal) wrapped(i, end int) int {
	const least = 24
	for end < len(l.text) && end-i >= least && base64Only(l.text[i:end]) {
		next := nextLine(l.text, end)
		if next < 0 {
			break
		}
		next += leadingSpace(l.text[next:min(len(l.text), next+16)])
		to := next
		for to < len(l.text) && (isBase64(l.text[to]) || l.text[to] == '=') {
			to++
		}
		line := l.text[next:to]
		if len(line) < 8 || !looksRandom(line) || to < len(l.text) && strings.IndexByte(";,\"'<\r\n \\}", l.text[to]) < 0 {
			break
		}
		i, end = next, to
	}
	return end
}

func base64Only(text string) bool {
	for i := range len(text) {
		if !isBase64(text[i]) {
			return false
		}
	}
	return true
}

// word returns where the word ends that begins at i.
func (l *literal) word(i int) int {
	text := l.text
	query := l.name > 0 && (text[l.name-1] == '?' || text[l.name-1] == '&')
	depth := 0
	for k := i; k < len(text); {
		switch b := text[k]; b {
		case ' ', '\t', '\r', '\n', ';', 0:
			return k
		case '"', '\'':
			if closes(text, k) {
				return k
			}
		case '\\':
			if escapedQuote(text[k:]) || lineEscape(text[k:]) > 0 || strings.HasPrefix(text[k:], `\u003c/`) || query && strings.HasPrefix(text[k:], `\u0026`) && named(text[k+6:]) {
				return k
			}
		case '%':
			if k+2 < len(text) && text[k+1] == '2' && (text[k+2] == '2' || text[k+2] == '7') {
				return k
			}
		case ',':
			if l.sign == 0 {
				break
			}
			if after := text[k+1:]; after == "" || strings.IndexByte(" \t\r\n\"'\\;,", after[0]) >= 0 || named(after) {
				return k
			}
		case '<':
			if strings.HasPrefix(text[k:], "</") || tagEnd(text[k:]) > 0 && k > i {
				return k
			}
		case '>':
			if k+1 >= len(text) || strings.IndexByte(" \t\r\n<\"'", text[k+1]) >= 0 {
				return k
			}
		case '&':
			if query && k+1 < len(text) && named(text[k+1:]) {
				return k
			}
		case '{', '(', '[':
			depth++
		case '}', ')', ']':
			if depth--; depth < 0 && (k+1 >= len(text) || strings.IndexByte(" \t\r\n,;.\"'})]\\", text[k+1]) >= 0) {
				return k
			}
		default:
			if b >= utf8.RuneSelf {
				c, n := utf8.DecodeRuneInString(text[k:])
				if unicode.IsSpace(c) || c == '”' || c == '»' || c == '…' {
					return k
				}
				k += n
				continue
			}
		}
		k++
	}
	return len(text)
}

// connection reports whether the name stands behind others of a connection string.
func (l *literal) connection() bool {
	before := l.text[max(0, l.name-maxSegment):l.name]
	return strings.ContainsAny(before, ";") && strings.Contains(before, "=")
}

// alone reports whether the line begins with a connection string.
func (l *literal) alone() bool {
	from := max(0, l.name-2*maxSegment)
	before := l.text[from:l.name]
	if at := strings.LastIndexAny(before, "\r\n"); at >= 0 {
		return l.connection() && firstName(before[at+1:])
	}
	return from == 0 && l.connection() && firstName(before)
}

// firstName reports whether a text begins as a connection string does.
func firstName(text string) bool {
	n, sign := nameAt(text)
	return sign == '=' && strings.Count(text[:n], " ") < 2
}

// closes reports whether the quotation mark at k is no part of a word.
func closes(text string, k int) bool { return !isName(text[k+1:]) }

// escapedQuote reports whether the text begins with backslashes and a quotation mark.
func escapedQuote(text string) bool {
	rest := strings.TrimLeft(text[:min(len(text), 32)], `\`)
	return rest != "" && len(rest) < min(len(text), 32) && (rest[0] == '"' || rest[0] == '\'') ||
		strings.HasPrefix(text, `\u0022`) || strings.HasPrefix(text, `\u0027`)
}

// connects reports whether a connection string goes on, or ends, at a semicolon.
func connects(text string) bool {
	rest, ok := strings.CutPrefix(text, ";")
	if !ok {
		return false
	}
	trimmed := strings.TrimLeft(rest, " \t")
	return trimmed == "" || strings.IndexByte("\r\n\"'<", trimmed[0]) >= 0 || assigned(trimmed)
}

// named reports whether a text begins with a name and = or :, assigned with a name and =.
func named(text string) bool    { n, sign := nameAt(text); return n > 0 && (sign == '=' || sign == ':') }
func assigned(text string) bool { n, sign := nameAt(text); return n > 0 && sign == '=' }

// nameAt returns the length of the name of a value, of letters, digits and
// inner spaces, and what follows it.
func nameAt(text string) (n int, sign byte) {
	for i, c := range text[:min(len(text), 48)] {
		switch {
		case unicode.IsLetter(c) || c == '_':
			n = i + utf8.RuneLen(c)
		case i > 0 && (unicode.IsDigit(c) || c == '.' || c == '-'):
			n = i + 1
		case c == ' ' && i > 0:
		case c == '=' || c == ':':
			return n, byte(c)
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// isName reports whether a text begins with a letter or a digit.
func isName(text string) bool {
	c, _ := utf8.DecodeRuneInString(text)
	return c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsDigit(c))
}

// tagEnd returns the length of the tag that the text begins with, 0 for none.
func tagEnd(text string) int {
	if len(text) < 3 || !isName(text[1:]) && text[1] != '/' {
		return 0
	}
	for i := 1; i < len(text) && i < 64; i++ {
		switch b := text[i]; {
		case b == '>':
			return i + 1
		case !isNameByte(b) && b != '/' && b != ':' && b != '.':
			return 0
		}
	}
	return 0
}

// placeholderTag: <password>, and nothing that belongs to it.
func placeholderTag(text string) bool {
	end := tagEnd(text)
	return end > 0 && text[1] != '/' && (end == len(text) || strings.IndexByte(" \t\r\n;,\"'])", text[end]) >= 0)
}

// expression reports whether an expression of PowerShell stands here, which has the secret in it or elsewhere.
func expression(text string) bool {
	folded := asciiLower(text[:min(len(text), 24)])
	for _, start := range []string{"convertto-", "get-", "read-host", "new-object", "import-"} {
		if strings.HasPrefix(folded, start) {
			return true
		}
	}
	return false
}

func leadingSpace(text string) int {
	return len(text) - len(strings.TrimLeft(text, " \t\r\n\u00a0\u202f"))
}
func trimmedLen(text string) int { return len(strings.TrimRight(text, " \t")) }
func asciiLower(text string) string {
	b := []byte(text)
	for i := range b {
		b[i] = lower(b[i])
	}
	return string(b)
}
