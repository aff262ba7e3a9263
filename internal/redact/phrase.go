package redact

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// How many words, and bytes, a secret of several words has.
const (
	maxPhraseWords = 8
	maxPhrase      = 96
)

// line extends a value to the end of its line, if the line is one of a form and
// has a secret of several words: "Passphrase: two words 7", "password = two words 7".
func (v *vocabulary) line(l *literal, from, to int) int {
	if to >= len(l.text) || l.text[to] != ' ' || inQuotes(l.text, from, to) || !l.startsLine(from) {
		return to
	}
	rest := lineRest(l.text[to:])
	if strings.ContainsAny(rest, phraseEnds) || strings.Count(rest, " ") > 6 || !strings.ContainsAny(l.text[from:to]+rest, "0123456789!#$%&+*@?^~") {
		return to
	}
	if l.sign == '=' && slices.ContainsFunc(strings.Fields(rest), func(word string) bool { return strings.Trim(word, "#-") == "" || v.states[foldedWord(word)] }) {
		return to // a comment, a sentence
	}
	return to + len(rest)
}

// phrase reports whether words are a secret: a line of a form has the name of a
// password, and four or more words, the last may have a number, of which none says anything about it or
// holds a sentence together: "Password: correct horse battery staple".
func (v *vocabulary) phrase(l *literal, n secretName, from int) bool {
	words, rest := 0, lineRest(l.text[from:])
	if last := strings.LastIndexByte(rest, ' '); last > 0 && mixed(rest) && !strings.ContainsAny(rest[last:], phraseEnds) {
		words, rest = 1, rest[:last] // a word with a number behind the others
	}
	for word := range strings.FieldsSeq(rest) {
		if words++; words > maxPhraseWords || !letters(word) || utf8.RuneCountInString(word) < 3 || v.says(word) || v.belongs[foldedWord(word)] ||
			v.kinds[foldedWord(word)] || v.classOf(word) != noSecret || slices.Contains(v.getters, asciiLower(word)) || v.copulas[strings.ToLower(word)] {
			return false
		}
	}
	return words > 3 && l.startsLine(from) && (spoken{v}).speaksOf(l.text, n)
}

// phraseEnds are the marks that no secret of words has.
const phraseEnds = ",;:=.()[]{}<>\"'|/\\"

// lineRest is the rest of the line without the blanks at its end, empty if it is
// longer than a secret of words.
func lineRest(text string) string {
	rest := text[:min(len(text), maxPhrase)]
	if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
		rest = rest[:end]
	} else if len(text) > maxPhrase {
		return ""
	}
	return strings.TrimRight(rest, " \t")
}

// startsLine reports whether the line of the name has had nothing but a few words
// so far, or, in front of "=", which has blanks beside it, the beginning of the name.
func (l *literal) startsLine(from int) bool {
	begin := strings.TrimRight(l.text[max(0, l.name-2*longestName):l.name], " \t-*>")
	if at := strings.LastIndexByte(begin, '\n'); at >= 0 {
		begin = begin[at+1:]
	}
	if len(begin) >= longestName {
		return false
	}
	if l.sign == '=' {
		return from > 0 && l.text[from-1] == ' ' && !strings.Contains(strings.TrimLeft(begin, " \t"), " ") && letterish(begin)
	}
	return letters(strings.TrimRight(begin, "._-")) || letterish(begin) && !strings.ContainsAny(begin, "/'|")
}
