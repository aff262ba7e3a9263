package redact

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spoken is how people, and programs that talk like them, write a secret behind
// its name without a sign.
type spoken struct {
	*vocabulary
	quoted, is   *regexp.Regexp // right behind the name
	isTo         *regexp.Regexp // in languages where "to" is "is"
	far, changed *regexp.Regexp // a few words behind it; from x to y
	script       *regexp.Regexp // behind a script without spaces
	user         *regexp.Regexp // the user in front of the password
}

func newSpoken(v *vocabulary) *spoken {
	is := `(?:` + strings.Join(slices.Sorted(maps.Keys(v.copulas)), "|") + `)`
	const value = `["'“„«]?([^\s"'<>“”„«»]{4,})`
	return &spoken{v,
		regexp.MustCompile(`(?i)^\s+(?:(?:` + is + `|=)\s*:?\s+)?[N]?["'“„‘«][\s\pZ]*([^\s\pZ"'”“’»,;]{3,})[\s\pZ]*["'”“’»]`),
		regexp.MustCompile(`(?i)^\s+(?:` + is + `|=)\s*:?\s+([^\s"'<>]{6,})`),
		regexp.MustCompile(`(?i)^(?:\s+[^\s.,;:!?"'<>=]{1,40}){0,4}?\s+to:?\s+` + value),
		regexp.MustCompile(`(?i)^(?:\s+[^\s.,;:!?"'<>=]{1,40}){1,4}?\s+` + is + `\s*:?\s+` + value),
		regexp.MustCompile(`(?i)^(?:\s+[^\s.,;:!?"'<>=]{1,40}){0,3}?\s+from\s+["'“]?([^\s"'<>]{4,}?)["'”]?\s+to\s+["'“]?([^\s"'<>]{4,})`),
		regexp.MustCompile(`^\s*["'“「]?([!-~]{6,})`),
		regexp.MustCompile(`(?i)^\s*(?:[:=]|is|are|for)?\s*["'(]?[\pL\pN._@\\-]{1,64}(?:\s*/\s*|:)["']?([^\s"',;)<>/]{4,})`),
	}
}

// find: the password is "value", the password is value7, with key vAlU3… .
func (s *spoken) find(out []match, text string, at hit) []match {
	n := s.around(text, at.from)
	if n.class == noSecret || n.to >= len(text) {
		return out
	}
	rest := text[n.to:min(len(text), n.to+maxLooked)]
	take := func(from, to int) []match { return append(out, match{n.word, n.to + from, n.to + to}) }
	if leavesScript(text, n.to) || s.article(text[n.from:n.to]) {
		if m := s.script.FindStringSubmatchIndex(rest); m != nil && s.told(n, rest, m[2], m[3]) {
			return take(m[2], m[3])
		}
		return out
	}
	if n.credential {
		if m := s.user.FindStringSubmatchIndex(rest); m != nil && s.told(n, rest, m[2], m[3]) && !strings.Contains(rest[:m[2]], "://") {
			return take(m[2], m[3])
		}
	}
	if !isSpace(text[n.to]) && text[n.to] < utf8.RuneSelf {
		return out
	}
	if m := s.quoted.FindStringSubmatchIndex(rest); m != nil {
		value := rest[m[2]:m[3]]
		if (s.speaksOf(text, n) || looksRandom(value)) && s.secret(n, value, place{quoted: true}) {
			return take(m[2], m[3])
		}
		return out
	}
	if m := s.is.FindStringSubmatchIndex(rest); m != nil && n.class == sure {
		if value := rest[m[2]:m[3]]; s.told(n, rest, m[2], m[3]) && (s.speaksOf(text, n) || looksRandom(value)) {
			return take(m[2], m[3])
		}
	}
	if before := len(out); s.speaksOf(text, n) {
		if out = s.sentence(out, text, n); len(out) > before {
			return out
		}
	}
	return s.adjacent(out, text, n)
}

// sentence: the password of the account is value7; password changed from value6 to value7.
func (s *spoken) sentence(out []match, text string, n secretName) []match {
	rest := text[n.to:min(len(text), n.to+maxLooked/2)]
	if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
		rest = rest[:end]
	}
	if m := s.changed.FindStringSubmatchIndex(rest); m != nil && s.told(n, rest, m[4], m[5]) {
		for _, k := range []int{2, 4} {
			if s.told(n, rest, m[k], m[k+1]) {
				out = append(out, match{n.word, n.to + m[k], n.to + m[k+1]})
			}
		}
		return out
	}
	forms := []*regexp.Regexp{s.far}
	if s.saysTo(text, n) {
		forms = append(forms, s.isTo)
	}
	for _, form := range forms {
		m := form.FindStringSubmatchIndex(rest)
		if m == nil || !s.told(n, rest, m[2], m[3]) {
			continue
		}
		if words := strings.Fields(rest[:m[2]]); len(words) == 0 || !s.says(words[0]) {
			return append(out, match{n.word, n.to + m[2], n.to + m[2] + len(strings.TrimRight(rest[m[2]:m[3]], ".,;"))})
		}
	}
	return out
}

// told reports whether a word of a sentence is a secret: no word of a language.
func (s *spoken) told(n secretName, rest string, from, to int) bool {
	value := strings.TrimRight(rest[from:to], ".,;:")
	if strange(value) && !isPath(value) && !strings.Contains(value, "://") && !isVersion(value) {
		return s.secret(n, value, place{behind: rest[to:]})
	}
	return false
}

// strange reports whether no word of a sentence looks like this: it has a letter and,
// in it, a digit or a mark that no word has.
func strange(value string) bool {
	if len(value) < 6 || strings.IndexFunc(value, unicode.IsLetter) < 0 {
		return false
	}
	inner := strings.TrimRight(value, ".,;:!?)")
	return strings.ContainsAny(inner, "0123456789") || strings.ContainsAny(inner, "!@#$%^&*+=~?|")
}

// isVersion: v2.0.1, 5.44.8984.1.
func isVersion(value string) bool { return strings.Trim(strings.ToLower(value), "v0123456789.-") == "" }

// speaksOf reports whether a name is what people call a password; a key, a token
// or a secret is also an object that has a name.
func (s *spoken) speaksOf(text string, n secretName) bool { return s.language(text, n) != "" }

// saysTo reports whether "to" is "is" in the language of a name.
func (s *spoken) saysTo(text string, n secretName) bool {
	language := s.language(text, n)
	return language == "pl" || language == "cs" || language == "sk"
}

// language is that of a name that people speak of, empty for others.
func (s *spoken) language(text string, n secretName) string {
	plain, bounds := plainName(text[n.from:n.to])
	for i := range plain {
		if language, ok := s.passwords[plain[i:]]; ok && !(s.alone[plain[i:]] && i > 0 && bounds>>i&1 == 0) {
			return language
		}
	}
	return ""
}

// article reports whether a name ends with what is "is" in a language without spaces.
func (s *spoken) article(name string) bool {
	return slices.ContainsFunc([]string{"是", "は", "는", "은", "为", "為"}, func(is string) bool { return strings.HasSuffix(name, is) })
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
	switch {
	case strings.Contains(strings.TrimRight(value, "="), "="), n.class == chance && !s.object(text, n), !s.secret(n, value, place{}):
		return out
	case len(value) >= 10 && looksRandom(value), s.ends(text, n, value, rest[end:]), s.made(text, n, value):
		return append(out, match{n.word, n.to + gap, n.to + gap + len(value)})
	}
	return out
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

// made reports whether a person may have made a password wherever it stands in a
// sentence: of letters, a digit and a mark.
func (s *spoken) made(text string, n secretName, value string) bool {
	return len(value) >= 8 && mixed(value) && strings.ContainsAny(value, "!#$%^&*+~?") && !strings.ContainsAny(value, `\/:@`) && s.speaksOf(text, n)
}
