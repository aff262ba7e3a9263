package redact

import (
	"slices"
	"strings"
	"unicode"
)

// A test is what a rule can ask of what it found, by name. value is the secret
// without the rest of the match, which begins at start of the text.
type test func(v *vocabulary, text string, start, from, to int) bool

func tests() map[string]test {
	return map[string]test{
		// a letter and a digit
		"mixed": func(_ *vocabulary, text string, _, from, to int) bool { return mixed(text[from:to]) },
		// letters and digits that no person would write
		"random": func(_ *vocabulary, text string, _, from, to int) bool { return looksRandom(text[from:to]) },
		// no state, no place-holder, no sentence
		"no-state": func(v *vocabulary, text string, start, from, to int) bool {
			return v.secret(secretName{class: sure}, text[from:to], place{sign: signBefore(text, start, from), quoted: inQuotes(text, from, to), behind: text[to:min(len(text), to+64)]})
		},
		// no words, no names of types and permissions
		"no-prose": notProse,
		// no key word of SQL, no name of a person
		"no-number": func(_ *vocabulary, text string, _, from, to int) bool { return !digits(text[from:to]) },
		"no-option": func(_ *vocabulary, text string, _, from, to int) bool {
			return text[from] != '-' && text[from] != '/' && text[from:to] != "*"
		},
		// no mere "password", as in a usage
		"no-name": func(v *vocabulary, text string, _, from, to int) bool {
			return !letters(text[from:to]) || strings.ToLower(text[from:to]) != text[from:to] || v.classOf(text[from:to]) == noSecret
		},
		// with a digit or a mark inside
		"strange": func(_ *vocabulary, text string, _, from, to int) bool { return strange(text[from:to]) },
		"no-path": func(_ *vocabulary, text string, _, from, to int) bool {
			return !strings.ContainsAny(text[from:to], `\/`) && !slices.Contains(fileEndings(), text[from+strings.LastIndexByte(text[from:to], '.')+1:to])
		},
		// no address
		"no-url": func(_ *vocabulary, text string, _, from, to int) bool { return !strings.Contains(text[from:to], "://") },
		// no rest of a name whose first letter was taken for an option: -Password
		"no-glued-name": func(v *vocabulary, text string, _, from, to int) bool {
			return from == 0 || !isNameByte(text[from-1]) || !letters(text[from:to]) || v.classOf(text[from-1:to]) == noSecret
		},
		// more than words: dark, en-US, /
		"no-preference": func(_ *vocabulary, text string, _, from, to int) bool { return !preferences(text[from:to]) },
		"gateway-key":   func(_ *vocabulary, text string, start, _, to int) bool { return isKey(text[start:to]) },
		"key-lines":     func(_ *vocabulary, text string, _, from, to int) bool { return longLine(text[from:to]) },
		"no-label":      func(_ *vocabulary, text string, start, from, _ int) bool { return !labelBefore(text[start:from]) },
	}
}

// preferences reports whether all values of a cookie are words, or say how it is kept.
func preferences(cookie string) bool {
	for _, part := range strings.Split(cookie, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch strings.ToLower(name) {
		case "path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned", "priority":
			continue
		}
		if len(value) > 12 || strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-/ ") != "" {
			return false
		}
	}
	return true
}

// signBefore is the last sign between two places of a text, 0 for none.
func signBefore(text string, start, from int) byte {
	for i := from - 1; i >= start; i-- {
		if text[i] == '=' || text[i] == ':' {
			return text[i]
		}
		if !isSpace(text[i]) {
			break
		}
	}
	return 0
}

// notProse refuses words, and names of types and permissions, where a token may stand.
func notProse(v *vocabulary, text string, _, from, to int) bool {
	value := text[from:to]
	if placeholderOnly(v, value) || errorCode(value) {
		return false
	}
	for _, word := range strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune("/._:-", c) }) {
		if strings.Trim(word, "0123456789abcdef") == "" && len(word) >= 4 && len(word) <= 12 && len(word) < len(value) {
			continue // of a GUID
		}
		if len(word) > 24 || !letters(word) || strings.ContainsFunc(strings.Trim(word[1:], "abcdefghijklmnopqrstuvwxyz"), unicode.IsUpper) && !camel(word) {
			return true
		}
	}
	return false
}

func placeholderOnly(v *vocabulary, value string) bool {
	return value == "" || masked(value) || v.placeholder(value, place{})
}

// camel reports whether a word is made of several, each with a capital.
func camel(word string) bool {
	capitals := 0
	for i := range len(word) {
		if 'A' <= word[i] && word[i] <= 'Z' {
			capitals++
			if i+2 < len(word) && 'A' <= word[i+1] && word[i+1] <= 'Z' {
				return false
			}
		}
	}
	return capitals*3 <= len(word)
}

// isKey refuses what only begins like a gateway key: an address of mail.
func isKey(key string) bool {
	if strings.HasPrefix(strings.ToLower(key), "adf#") {
		return true
	}
	return strings.ContainsAny(key[3:min(len(key), 11)], "0123456789") || len(key) >= 11 && strings.Trim(key[3:11], "0123456789abcdefABCDEF") == ""
}

// longLine wants a line of a key.
func longLine(text string) bool {
	for _, line := range strings.FieldsFunc(text, func(c rune) bool { return !isBase64(byte(c)) }) {
		if len(line) >= 16 {
			return true
		}
	}
	return false
}

// labelBefore reports whether what stands in front of a colon is no user, but
// says what stands behind it: mailto:x@y, time=12:30@z.
func labelBefore(user string) bool {
	user = strings.ToLower(strings.Trim(user, " \t\r\n\"'=(<,;:[{"))
	if at := strings.LastIndexAny(user, " =\"'("); at >= 0 {
		user = user[at+1:]
	}
	return strings.Trim(user, "0123456789.") == "" || slices.Contains([]string{
		"mailto", "sip", "sips", "acct", "xmpp", "im", "tel", "urn", "id", "time", "user", "username", "login", "logon", "account", "email", "e-mail", "mail", "upn", "owner", "from",
		"to", "cc", "bcc", "name", "by", "at", "http", "https", "sender", "recipient", "contact", "author", "reply-to", "principal", "client", "host", "server", "caller", "identity", "ssh", "git", "member", "redacted",
	}, user)
}
