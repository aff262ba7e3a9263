package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How a value stands to its name.
type place struct {
	sign   byte // = or :, 0 for a space
	quoted bool
	behind string // what follows the value
}

// take returns what goes of a value that stands behind the name of a secret: all
// but the scheme of a token, and of what is sure no more than the next parameter.
func (v *vocabulary) take(n secretName, text string, from, to int, sign byte) (int, int, bool) {
	for from < to && (text[from] == '"' || text[from] == '\'') {
		if text[to-1] == text[from] {
			to--
		}
		from++
	}
	if scheme, rest, ok := strings.Cut(text[from:to], " "); ok && isScheme(scheme) && strings.TrimSpace(rest) != "" {
		from, n.class = to-len(strings.TrimLeft(rest, " ")), sure
	}
	if n.class < sure {
		if at := strings.IndexByte(text[from:to], '&'); at > 0 && named(text[from+at+1:]) {
			to = from + at
		}
	}
	p := place{sign: sign, quoted: inQuotes(text, from, to), behind: text[to:min(len(text), to+64)]}
	return from, to, v.secret(n, text[from:to], p)
}

// secret reports whether a value that stands behind the name of a secret is one.
func (v *vocabulary) secret(n secretName, value string, p place) bool {
	value = strings.TrimSpace(value)
	switch {
	case value == "" || marked(value) || masked(value) || v.placeholder(value, p) || errorCode(value) || isDate(value):
		return false
	case v.state(value, p):
		return false
	case isPath(value) && (n.class < sure || n.pwd || len(value) > 2 && value[1] == ':'):
		return false
	case strings.Contains(value, "://") && n.class < sure:
		return false
	}
	switch n.class {
	case sure:
		return !(len(value) < 4 && digits(value) && value != "") || p.quoted
	case likely:
		if digits(value) || ordinal(value+p.behind) {
			return false
		}
		return !letters(value) || p.quoted || p.sign == '='
	case chance:
		return looksRandom(value) || n.token && len(value) >= 16 && mixed(value) && !isGUID(value) && strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=~") == ""
	}
	return false
}

func digits(text string) bool { return strings.Trim(text, "0123456789.,:") == "" }

// ordinal: "2 of 3", "12 kW".
func ordinal(text string) bool {
	number := len(text) - len(strings.TrimLeft(text, "0123456789"))
	return number > 0 && number < 4 && len(text) > number && (text[number] == ' ' || text[number] == '/' || text[number] == '%')
}

// masked reports whether nothing but a mask is there: ********, xxxxxx, [hidden].
func masked(value string) bool {
	value = strings.Trim(value, "\"'`<>[](){} ")
	if strings.Trim(value, "*•·●xX#.-_?…") == "" {
		return true
	}
	bare := strings.Trim(value, "*•·●xX#.-_?…")
	switch strings.ToLower(bare) {
	case "redacted", "hidden", "masked", "removed", "secret removed", "filtered", "scrubbed", "sanitized", "obfuscated", "omitted":
		return true
	}
	return false
}

// placeholder reports whether a name stands in the place of the value: {0}, <password>,
// $(DbPassword), ${x}, %PASSWORD%, @{…}, #{x}#, $env:X, --password PASSWORD.
func (v *vocabulary) placeholder(value string, p place) bool {
	wrapped := func(open, end string) bool {
		inner, ok := strings.CutPrefix(value, open)
		if !ok {
			return false
		}
		inner, ok = strings.CutSuffix(inner, end)
		return ok && strings.Trim(inner, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.: ()|$'\"[]@") == ""
	}
	switch value[0] {
	case '<':
		inner := strings.Trim(value, "<>")
		return wrapped("<", ">") && (letterish(inner) || v.classOf(inner) != noSecret)
	case '{':
		return wrapped("{{", "}}") || wrapped("{", "}") && !looksRandom(strings.Trim(value, "{}"))
	case '$':
		return wrapped("$(", ")") || wrapped("${", "}") || strings.HasPrefix(strings.ToLower(value), "$env:") || (p.sign == 0 || p.sign == ':') && variable(value[1:])
	case '@':
		return wrapped("@{", "}") || wrapped("@", ")") && strings.Contains(value, "(") || wrapped("@", "") && strings.Contains(value, "().") || variable(value[1:])
	case '#':
		return wrapped("#{", "}#") || wrapped("#{", "}")
	case '%':
		return wrapped("%", "%") || len(value) <= 3 && strings.Trim(value[1:], "0123456789sdvx") == ""
	case '[':
		return wrapped("[", "]") && letterish(strings.Trim(value, "[]")) || strings.HasPrefix(value, "[parameters(") || strings.HasPrefix(value, "[variables(") || strings.HasPrefix(value, "[concat(")
	case ':', '?':
		return len(value) == 1 || variable(value[1:]) && v.classOf(value[1:]) != noSecret
	}
	return value == strings.ToUpper(value) && letters(strings.ReplaceAll(value, "_", "")) && v.classOf(value) != noSecret
}

// variable is the name of one: letters, and digits at its end.
func variable(text string) bool {
	short := strings.TrimRight(text, "0123456789")
	return short != "" && len(text)-len(short) <= 2 && strings.Trim(short, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
}

func letterish(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !strings.ContainsRune(" _-./'|", c) }) < 0
}

// errorCode: AADSTS70008:, ORA-01017, 0x80131904, error 1004, E_FAIL, System.String.
func errorCode(value string) bool {
	for _, start := range []string{"AADSTS", "ORA-", "0x", "0X", "HRESULT", "E_", "System.", "SQLSTATE", "TF4", "AADB2C"} {
		if rest, ok := strings.CutPrefix(value, start); ok && rest != "" && strings.Trim(rest[:min(len(rest), 4)], "0123456789abcdefABCDEF_:GHIJKLMNOPQRSTUVWXYZ") == "" || ok && start == "System." {
			return len(value) < 64
		}
	}
	return false
}

// isDate: 2024-06-02, 02.06.2024 10:00, 10:00:00.
func isDate(value string) bool {
	number, marks := 0, 0
	for i := range min(len(value), 10) {
		switch c := value[i]; {
		case '0' <= c && c <= '9':
			number++
		case c == '-' || c == '/' || c == '.' || c == ':':
			marks++
		default:
			return false
		}
	}
	return marks == 2 && (number == 8 || number == 6) && (len(value) == number+2 || strings.Trim(value[10:], "0123456789:.-+TZ ") == "")
}

// isPath: C:\x, \\server\share, /var/log, ~/x.
func isPath(value string) bool {
	if len(value) < 3 {
		return false
	}
	if value[1] == ':' && (value[2] == '\\' || value[2] == '/') && isName(value[:1]) {
		return true
	}
	if strings.HasPrefix(value, `\\`) || strings.HasPrefix(value, "~/") || strings.HasPrefix(value, "./") || strings.HasPrefix(value, "../") {
		return true
	}
	return value[0] == '/' && strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./ ") == "" && !looksRandom(value)
}

// state reports whether what stands in the place of the value says something
// about it, or begins a sentence.
func (v *vocabulary) state(value string, p place) bool {
	trimmed := strings.Trim(value, " .,;:!?()[]{}<>\"'“”„«»")
	if trimmed == "" {
		return true
	}
	first, rest := trimmed, ""
	if i := strings.IndexFunc(trimmed, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(".,;:!?()/", c) && c != '/' }); i >= 0 {
		first, rest = trimmed[:i], trimmed[i:]
	}
	word := foldedWord(first)
	whole := foldedWord(trimmed)
	switch {
	case v.states[whole] || v.kinds[whole] || v.kinds[strings.TrimRight(whole, "0123456789()")]:
		return true
	case rest == "" && p.behind != "" && p.sign != '=':
		rest = p.behind
	}
	if utf8.RuneLen(firstRune(trimmed)) > 2 && v.beginsWithState(trimmed) {
		return true
	}
	if !letters(first) {
		return false
	}
	if p.quoted && strings.ContainsAny(trimmed, "0123456789") {
		return false
	}
	prose := proseBehind(rest)
	switch {
	case v.states[word] && (prose || p.sign != '='):
		return rest == "" || prose || !isName(rest)
	case v.sentences[word]:
		return prose
	}
	return false
}

func firstRune(text string) rune {
	c, _ := utf8.DecodeRuneInString(text)
	return c
}

// beginsWithState is for scripts without spaces between words.
func (v *vocabulary) beginsWithState(text string) bool {
	if strings.IndexFunc(text, func(c rune) bool { return c < 0x80 && isPlain(c) }) >= 0 {
		return false
	}
	for i := range text {
		if i > 0 && v.states[foldedWord(text[:i])] {
			return true
		}
	}
	return v.states[foldedWord(text)]
}

// proseBehind reports whether a sentence goes on, or ends, behind its first word.
func proseBehind(rest string) bool {
	if rest == "" || strings.Trim(rest, ".!?)\"' ") == "" {
		return true
	}
	if rest[0] == '.' || rest[0] == ',' || rest[0] == ';' || rest[0] == ':' || rest[0] == '\r' || rest[0] == '\n' || rest[0] == ')' || rest[0] == '!' {
		return true
	}
	return isSpace(rest[0]) && len(rest) > 1
}

// letters reports whether a text has nothing but letters and spaces.
func letters(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && c != ' ' }) < 0
}

// mixed wants a letter and a digit.
func mixed(value string) bool {
	return strings.ContainsAny(value, "0123456789") && strings.IndexFunc(value, unicode.IsLetter) >= 0
}

// isGUID: 8-4-4-4-12 hexadecimal digits.
func isGUID(value string) bool {
	value = strings.Trim(value, "{}")
	return len(value) == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-' &&
		strings.Trim(value, "0123456789abcdefABCDEF-") == ""
}

// looksRandom reports whether a value looks as if a machine had made it: its
// letters and digits change too often for words and numbers. A GUID is an
// identifier, no secret.
func looksRandom(value string) bool {
	if len(value) < 8 || isGUID(value) || isDate(value[:min(len(value), 10)]) || strings.HasPrefix(value, "0x") || strings.HasPrefix(value, "S-1-") ||
		strings.Contains(value, "://") || strings.ContainsAny(value, `\ `) || isHardwareAddress(value) {
		return false
	}
	runs, alnum, number, other := 0, 0, 0, 0
	var before byte
	for i := range len(value) {
		c := kindOf(value[i])
		switch c {
		case 0:
			other++
		case 'd':
			number++
			alnum++
		default:
			alnum++
		}
		if c != 0 && c != before && !(before == 'U' && c == 'l' && (i < 2 || kindOf(value[i-2]) != 'U')) {
			runs++
		}
		before = c
	}
	if alnum < 8 || other*3 > alnum {
		return false
	}
	if number == 0 {
		return alnum >= 20 && runs*5 > alnum*2 || strings.HasSuffix(value, "=") && alnum >= 12 && runs*4 > alnum
	}
	return number < alnum && runs >= 4 && runs*26 > alnum*10
}

// kindOf is U, l or d for a capital, a small letter, a digit.
func kindOf(b byte) byte {
	switch {
	case 'A' <= b && b <= 'Z':
		return 'U'
	case 'a' <= b && b <= 'z' || b >= utf8.RuneSelf:
		return 'l'
	case '0' <= b && b <= '9':
		return 'd'
	}
	return 0
}

// isHardwareAddress: six or more pairs of hexadecimal digits.
func isHardwareAddress(value string) bool {
	if len(value) < 17 || len(value)%3 != 2 {
		return false
	}
	for i := range len(value) {
		if b := value[i]; i%3 == 2 && b != '-' && b != ':' || i%3 != 2 && !isHex(b) {
			return false
		}
	}
	return true
}
