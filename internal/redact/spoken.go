package redact

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// spoken is how people, and programs that talk like them, write a secret behind
// its name without a sign.
type spoken struct {
	*vocabulary
	quoted, is *regexp.Regexp
}

func newSpoken(v *vocabulary) *spoken {
	is := `(?:` + strings.Join(slices.Sorted(maps.Keys(v.copulas)), "|") + `|=)`
	return &spoken{v,
		regexp.MustCompile(`(?i)^\s+(?:` + is + `\s*:?\s+)?[N]?["'“„‘«][\s\pZ]*([^\s\pZ"'”“’»,;]{3,})[\s\pZ]*["'”“’»]`),
		regexp.MustCompile(`(?i)^\s+` + is + `\s*:?\s+([^\s"'<>]{6,})`),
	}
}

// find: the password is "value", the password is value7, with key vAlU3… .
func (s *spoken) find(out []match, text string, at hit) []match {
	n := s.around(text, at.from)
	if n.class == noSecret || n.to >= len(text) || !isSpace(text[n.to]) && text[n.to] < 0x80 {
		return out
	}
	rest := text[n.to:min(len(text), n.to+maxLooked)]
	take := func(m []int) []match { return append(out, match{n.word, n.to + m[2], n.to + m[3]}) }
	if m := s.quoted.FindStringSubmatchIndex(rest); m != nil {
		value := rest[m[2]:m[3]]
		if s.speaksOf(text, n) || looksRandom(value) {
			if s.secret(n, value, place{quoted: true}) {
				return take(m)
			}
		}
		return out
	}
	if m := s.is.FindStringSubmatchIndex(rest); m != nil && n.class == sure && mixed(rest[m[2]:m[3]]) {
		if value := rest[m[2]:m[3]]; s.secret(n, value, place{behind: rest[m[3]:]}) && (s.speaksOf(text, n) || looksRandom(value)) {
			return take(m)
		}
	}
	return s.adjacent(out, text, n)
}

// speaksOf reports whether a name is what people call a password; a key, a token
// or a secret is also an object that has a name.
func (s *spoken) speaksOf(text string, n secretName) bool {
	plain, bounds := plainName(text[n.from:n.to])
	for i := range plain {
		if s.passwords[plain[i:]] && !(s.alone[plain[i:]] && i > 0 && bounds>>i&1 == 0) {
			return true
		}
	}
	return false
}

// adjacent: a name, a space, and what looks as if a machine had made it.
func (s *spoken) adjacent(out []match, text string, n secretName) []match {
	rest := text[n.to:min(len(text), n.to+maxLooked)]
	gap := leadingSpace(rest)
	if gap == 0 || strings.ContainsAny(rest[:gap], "\r\n") {
		return out
	}
	rest = rest[gap:]
	end := strings.IndexAny(rest, " \t\r\n\"'<>;,()[]{}|")
	if end < 0 {
		end = len(rest)
	}
	value := strings.TrimRight(rest[:end], ".:!?")
	if strings.Contains(strings.TrimRight(value, "="), "=") || n.class == chance && !s.object(text, n) || !(len(value) >= 10 && looksRandom(value) || s.ends(text, n, value, rest[end:])) || !s.secret(n, value, place{}) {
		return out
	}
	return append(out, match{n.word, n.to + gap, n.to + gap + len(value)})
}

// object reports whether a name that says little is a key or a token.
func (s *spoken) object(text string, n secretName) bool {
	plain, _ := plainName(text[n.word:n.to])
	return strings.HasSuffix(plain, "key") || strings.HasSuffix(plain, "token") || strings.HasSuffix(plain, "keys")
}

// ends reports whether a sentence ends with a password that a person may have
// made: capitals, small letters and digits.
func (s *spoken) ends(text string, n secretName, value, behind string) bool {
	if len(value) < 8 || strings.Trim(behind, " .!\r\n") != "" || strings.ContainsAny(value, `\/:`) || !s.speaksOf(text, n) {
		return false
	}
	return strings.ContainsAny(value, "0123456789") && strings.ToLower(value) != value && strings.ToUpper(value) != value
}
