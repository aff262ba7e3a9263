package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// state reports whether what stands in the place of the value says something
// about it, or begins a sentence.
func (v *vocabulary) state(n secretName, value string, p place) bool {
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
	if utf8.RuneLen(firstRune(trimmed)) > 2 && v.beginsWithState(trimmed) || !p.quoted && (unwritten(trimmed) || p.sign != '=' && quantity(first+rest, n)) {
		return true
	}
	if !letters(first) {
		return false
	}
	if p.quoted && strings.ContainsAny(trimmed, "0123456789") {
		return false
	}
	prose := proseBehind(rest)
	if p.sign == ':' && !p.quoted && !n.phrase && prose && lowerWord(rest) {
		return true
	}
	switch {
	case v.states[word] && (prose || p.sign != '='):
		return rest == "" || prose || !isName(rest)
	case v.sentences[word]:
		return prose
	}
	return false
}

// lowerWord reports whether a sentence goes on behind a space with a word that
// has no capital.
func lowerWord(rest string) bool {
	word, ok := strings.CutPrefix(rest, " ")
	if !ok {
		return false
	}
	if end := strings.IndexFunc(word, func(c rune) bool { return !unicode.IsLetter(c) }); end >= 0 {
		if behind := word[end:]; behind[0] == '=' || behind[0] == ':' || strings.HasPrefix(behind, " =") {
			return false // the next name
		}
		word = word[:end]
	}
	return utf8.RuneCountInString(word) > 1 && strings.IndexFunc(word, unicode.IsUpper) < 0
}

// quantity: "8 characters", "mindestens 12 Zeichen", "8자 이상": a small number that
// something is counted by.
func quantity(text string, n secretName) bool {
	if n.phrase {
		return false
	}
	line, _, _ := strings.Cut(text[:min(len(text), 80)], "\n")
	words := strings.Fields(line)
	for i, word := range words {
		number := len(word) - len(strings.TrimLeft(word, "0123456789"))
		switch {
		case !letters(strings.Trim(word, "0123456789,.;")) || number > 3 || number == 0 && strings.ContainsAny(word, "0123456789"):
			return false
		case number == 0 && utf8.RuneCountInString(word) > 14:
			return false
		case number == len(word) && i+1 < len(words):
			unit := strings.TrimRight(words[i+1], ".,;:)!")
			return utf8.RuneCountInString(unit) > 2 && letters(unit)
		case number > 0 && number < len(word):
			return word[number] >= utf8.RuneSelf
		}
	}
	return false
}

// unwritten reports whether a text has letters of scripts alone that nobody writes
// passwords in.
func unwritten(text string) bool {
	for _, c := range text {
		if unicode.IsLetter(c) && !unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Devanagari, unicode.Arabic, unicode.Hebrew) {
			return false
		}
		if c < utf8.RuneSelf && strings.ContainsRune("!#$%&*+=@^_~", c) {
			return false
		}
	}
	return strings.IndexFunc(text, unicode.IsLetter) >= 0
}

// account: DOMAIN\user, user@domain, svc_user: what names the credential.
func account(value string) bool {
	if domain, user, ok := strings.Cut(value, `\`); ok {
		return isName(domain) && isName(user) && !strings.ContainsAny(user, `\/:!#$%&*+=@^~`)
	}
	return strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_- ") == ""
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
