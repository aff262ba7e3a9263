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
	case v.state(n, value, p):
		return false
	case n.credential && account(value):
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
		return n.pin && len(value) >= 4 && len(value) <= 8 && strings.Trim(value, "0123456789") == "" || looksRandom(value) || n.token && len(value) >= 16 && mixed(value) && !isGUID(value) && strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=~") == ""
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

func letterish(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !strings.ContainsRune(" _-./'|", c) }) < 0
}

// errorCode: AADSTS70008:, ORA-01017, 0x80131904, error 1004, E_FAIL, System.String.
func errorCode(value string) bool {
	for _, start := range []string{"ERROR_", "NERR_", "SEC_E_", "SEC_I_", "STATUS_", "CRYPT_E_", "NTE_", "RPC_S_", "ERR_", "WSAE", "CERT_E_", "SCARD_", "UserError"} {
		if strings.HasPrefix(value, start) && letters(strings.ReplaceAll(value, "_", "")) {
			return true
		}
	}
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
