package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spoken is how people, and programs that talk like them, write a secret behind
// its name without a sign.
type spoken struct{ *vocabulary }

// A spokenWord is a word of a sentence behind a name, without the quotation marks
// that stand around it.
type spokenWord struct {
	from, to int // in the text
	opened   bool
	closed   bool
}

// maxSentence is how far behind a name a sentence is looked at.
const maxSentence = 160

// find: the password is "value", the password of x is value7, with key vAlU3… .
func (s spoken) find(out []match, text string, at hit) []match {
	n := s.around(text, at.from)
	if n.class == noSecret || n.to >= len(text) {
		return out
	}
	if leavesScript(text, n.to) || s.article(text[n.from:n.to]) {
		return s.behindScript(out, text, n)
	}
	if n.credential || s.userBefore(text, n.word) {
		if from, to := s.behindUser(text, n); from < to {
			return append(out, match{n.word, from, to})
		}
	}
	if !isSpace(text[n.to]) && text[n.to] < utf8.RuneSelf {
		return out
	}
	var buf [maxSpoken + 2]spokenWord
	words := spokenWords(buf[:0], text, n.to)
	if len(words) == 0 {
		return out
	}
	first, is := 0, len(words) > 1 && s.isWord(text, words[0])
	if is {
		first = 1
	}
	value := words[first]
	switch speaks := s.speaksOf(text, n); {
	case value.opened && value.to-value.from > 2:
		own := text[value.from:value.to]
		if value.closed && !strings.ContainsAny(own, ",; \u00a0") && (speaks || looksRandom(own)) && s.secret(n, own, place{quoted: true}) {
			return append(out, match{n.word, value.from, value.to})
		}
	case is && n.class == sure && s.told(text, n, value) && (speaks || looksRandom(text[value.from:value.to])):
		return append(out, match{n.word, value.from, value.to})
	case speaks:
		before := len(out)
		if out = s.sentence(out, text, n, words); len(out) > before {
			return out
		}
	}
	return s.adjacent(out, text, n)
}

// spokenWords appends the first words behind i, on the same line.
func spokenWords(words []spokenWord, text string, i int) []spokenWord {
	limit := min(len(text), i+maxSentence)
	for len(words) < cap(words) {
		i += leadingSpace(text[i:min(limit, i+8)])
		begin := i
		for i < limit && text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n' {
			i++
		}
		if begin == i {
			break
		}
		if word := text[begin:i]; word == ":" || word == "：" {
			continue
		}
		w := spokenWord{from: begin, to: i}
		if strings.HasPrefix(text[begin:i], "N'") {
			w.from++
		}
		if _, size := quoteAt(text[w.from:w.to]); size > 0 {
			w.from, w.opened = w.from+size, true
			if w.from == w.to && i+1 < limit && text[i] == ' ' { // « value »
				i++
				w.from = i
				for i < limit && text[i] > ' ' {
					i++
				}
				w.to = i
			}
		}
		if end := strings.IndexAny(text[w.from:w.to], "\"'”“’»"); end >= 0 {
			w.to, w.closed = w.from+end, true
		} else if w.opened && strings.HasPrefix(text[i:], " »") {
			w.closed = true
		}
		words = append(words, w)
		if i < limit && (text[i] == '\r' || text[i] == '\n') {
			break
		}
	}
	return words
}

// isWord: "is" in any language, or a sign.
func (s spoken) isWord(text string, w spokenWord) bool {
	word := strings.TrimRight(text[w.from:w.to], ":")
	return len(word) <= 8 && !w.opened && (word == "=" || s.copulas[strings.ToLower(word)])
}

// sentence: the password of the account is value7; password changed from value6 to value7;
// I have reset the password for x to value7.
func (s spoken) sentence(out []match, text string, n secretName, words []spokenWord) []match {
	says := s.says(text[words[0].from:words[0].to])
	if says && !s.isWord(text, words[0]) && !(s.change(text[words[0].from:words[0].to]) && len(words) > 1 && fromOrTo(text[words[1].from:words[1].to])) {
		return out
	}
	said, saysTo := false, s.saysTo(text, n) // said: what is behind "is" was no secret
	for i, w := range words[:len(words)-1] {
		word, value := text[w.from:w.to], words[i+1]
		is := s.isWord(text, w) || saysTo && strings.EqualFold(word, "to")
		switch {
		case !said && strings.EqualFold(word, "from") && i+3 < len(words) && strings.EqualFold(text[words[i+2].from:words[i+2].to], "to"):
			for _, value := range []spokenWord{value, words[i+3]} {
				if s.told(text, n, words[i+3]) && s.told(text, n, value) {
					out = append(out, match{n.word, value.from, value.to})
				}
			}
			return out
		case is && !said && s.told(text, n, value),
			i < 2 && !says && (strings.EqualFold(word, "to") || strings.EqualFold(word, "as")) && s.told(text, n, value) && s.made(text, n, text[value.from:value.to]),
			s.becomes[strings.ToLower(word)] && s.told(text, n, value) && s.changed(text, n, words, i):
			return append(out, match{n.word, value.from, value.from + len(strings.TrimRight(text[value.from:value.to], ".,;"))})
		case is && (said || value.opened || !letters(text[value.from:value.to])), w.opened || strings.ContainsAny(word, ".,;:!?=<>") || word == "and":
			return out
		case is:
			said = true
		}
	}
	return out
}

func fromOrTo(word string) bool {
	return strings.EqualFold(word, "from") || strings.EqualFold(word, "to")
}

// changed reports whether the word in front of the last of words[:i+2] says what a
// secret was changed to: a word of a change stands in front of the name, among the
// words or behind the value. What such a word means else, "in" and "at", stands in
// front of the names of machines.
func (s spoken) changed(text string, n secretName, words []spokenWord, i int) bool {
	value := words[i+1]
	if !strings.EqualFold(text[words[i].from:words[i].to], "to") && !chosen(text[value.from:value.to]) {
		return false
	}
	for k, w := range words[:min(len(words), i+3)] {
		if k != i+1 && s.change(text[w.from:w.to]) {
			return true
		}
	}
	before := text[max(0, n.word-maxSegment/2):n.word]
	before = before[strings.LastIndexAny(before, "\r\n.;:")+1:]
	return slices.ContainsFunc(strings.Fields(before), s.change)
}

// change reports whether a word is one of a change: reset, geändert.
func (s spoken) change(word string) bool {
	word = foldedWord(strings.TrimRight(word, ".,;!"))
	return slices.ContainsFunc(s.changes, func(stem string) bool { return strings.HasPrefix(word, stem) })
}

// chosen reports whether a value is no name of a machine: it has a mark, or a
// capital behind a small letter.
func chosen(value string) bool {
	small := false
	for _, c := range strings.TrimRight(value, ".,;:!?") {
		if strings.ContainsRune("!#$%^&*+~?_=|@", c) || small && unicode.IsUpper(c) {
			return true
		}
		small = small || unicode.IsLower(c)
	}
	return false
}

// userBefore reports whether a name is the second of two: user/pass.
func (s spoken) userBefore(text string, i int) bool {
	if i < 3 || text[i-1] != '/' {
		return false
	}
	begin := i - 1
	for begin > 0 && i-begin < 16 && isNameByte(text[begin-1]) {
		begin--
	}
	word := asciiLower(text[begin : i-1])
	for _, name := range [...]string{"user", "username", "login", "uid", "userid", "usr", "account", "benutzer", "utilisateur", "usuario", "utente", "gebruiker", "id"} {
		if word == name {
			return true
		}
	}
	return false
}

// behindScript: パスワードはvalue7です.
func (s spoken) behindScript(out []match, text string, n secretName) []match {
	i := n.to + leadingSpace(text[n.to:min(len(text), n.to+8)])
	if _, size := quoteAt(text[i:min(len(text), i+8)]); size > 0 {
		i += size
	}
	end := i
	for end < len(text) && end < i+maxSegment && text[end] > ' ' && text[end] < utf8.RuneSelf && text[end] != '"' && text[end] != '\'' {
		end++
	}
	if w := (spokenWord{from: i, to: end}); s.told(text, n, w) {
		out = append(out, match{n.word, i, end})
	}
	return out
}

// behindUser returns the password in "credentials: user / password", "credentials user:password".
func (s spoken) behindUser(text string, n secretName) (from, to int) {
	i := n.to
	for range 2 {
		i += leadingSpace(text[i:min(len(text), i+8)])
		for i < len(text) && i < n.to+16 && (text[i] == ':' || text[i] == '=' || text[i] == '"' || text[i] == '\'' || text[i] == '(') {
			i++
		}
	}
	user := i
	for i < len(text) && i < user+64 && (isNameByte(text[i]) || text[i] == '.' || text[i] == '\\' || text[i] == '@') {
		i++
	}
	sign := i + leadingSpace(text[i:min(len(text), i+4)])
	if i == user || sign >= len(text) || text[sign] != '/' && (text[sign] != ':' || sign > i) || strings.HasPrefix(text[sign:], "://") {
		return 0, 0
	}
	from = sign + 1 + leadingSpace(text[sign+1:min(len(text), sign+5)])
	for to = from; to < len(text) && to < from+maxSegment && strings.IndexByte(" \t\r\n\"',;)<>/", text[to]) < 0; to++ {
	}
	if !s.told(text, n, spokenWord{from: from, to: to}) {
		return 0, 0
	}
	return from, to
}

// told reports whether a word of a sentence is a secret: no word of a language.
func (s spoken) told(text string, n secretName, w spokenWord) bool {
	value := strings.TrimRight(text[w.from:w.to], ".,;:")
	if len(value) > 3 && strange(value) && !isPath(value) && !strings.Contains(value, "://") && !isVersion(value) {
		return s.secret(n, value, place{behind: text[w.to:min(len(text), w.to+64)]})
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
func (s spoken) speaksOf(text string, n secretName) bool { return s.language(text, n) != "" }

// saysTo reports whether "to" is "is" in the language of a name.
func (s spoken) saysTo(text string, n secretName) bool {
	language := s.language(text, n)
	return language == "pl" || language == "cs" || language == "sk"
}

// language is that of a name that people speak of, empty for others.
func (s spoken) language(text string, n secretName) string {
	plain, bounds := plainName(text[n.from:n.to])
	for i := range plain {
		if language, ok := s.passwords[plain[i:]]; ok && !(s.alone[plain[i:]] && i > 0 && bounds>>i&1 == 0) {
			return language
		}
	}
	return ""
}

// article reports whether a name ends with what is "is" in a language without spaces.
func (s spoken) article(name string) bool {
	return slices.ContainsFunc([]string{"是", "は", "는", "은", "为", "為"}, func(is string) bool { return strings.HasSuffix(name, is) })
}

// adjacent: a name, a space, and what looks as if a machine had made it.
func (s spoken) adjacent(out []match, text string, n secretName) []match {
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
func (s spoken) object(text string, n secretName) bool {
	plain, _ := plainName(text[n.word:n.to])
	return strings.HasSuffix(plain, "key") || strings.HasSuffix(plain, "token") || strings.HasSuffix(plain, "keys")
}

// ends reports whether a sentence ends with a password that a person may have
// made: capitals, small letters and digits.
func (s spoken) ends(text string, n secretName, value, behind string) bool {
	if len(value) < 8 || strings.Trim(behind, " .!\r\n") != "" || strings.ContainsAny(value, `\/:`) || !s.speaksOf(text, n) {
		return false
	}
	return strings.ContainsAny(value, "0123456789") && strings.ToLower(value) != value && strings.ToUpper(value) != value
}

// made reports whether a person may have made a password wherever it stands in a
// sentence: of letters, a digit and a mark.
func (s spoken) made(text string, n secretName, value string) bool {
	return len(value) >= 8 && mixed(value) && strings.ContainsAny(value, "!#$%^&*+~?") && !strings.ContainsAny(value, `\/:@`) && s.speaksOf(text, n)
}
