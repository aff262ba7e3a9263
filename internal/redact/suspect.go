package redact

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A Suspect is what redaction left, and doubts: it looks like a secret, but
// nothing says that it is one.
type Suspect string

// The kinds of suspects.
const (
	RandomWord   Suspect = "random-word"    // a word that a machine has made: of letters and digits that no person would write
	NameAndValue Suspect = "name-and-value" // behind a name and a sign, like a password, but the name is not one of a secret
)

// A Finding is what redaction did in a place, or left there, for somebody who
// looks over it. What was taken out is not in it.
type Finding struct {
	Rule          string  // of what was taken out; empty for a suspect
	Suspect       Suspect // of what was left; empty for what was taken out
	Before, After string  // its surroundings, redacted
	Text          string  // of a suspect
}

const (
	leastSuspect = 16 // characters of a random word
	maxAround    = 48 // bytes of surroundings
)

// suspects calls visit for what a redacted text still has that looks like a
// secret. It costs next to nothing: of a text without a long word it looks at
// one byte in sixteen.
func (set *ruleSet) suspects(text string, visit func(kind Suspect, from, to int)) {
	for i := leastSuspect - 1; i < len(text); {
		if !isWordOfKey(text[i]) {
			i += leastSuspect
			continue
		}
		from := i
		for from > 0 && i-from < leastSuspect && isWordOfKey(text[from-1]) {
			from--
		}
		if i-from == leastSuspect { // in the middle of a longer one, which was seen
			from = i
		}
		to := i + 1
		for to < len(text) && to-from < maxSecretWord && isWordOfKey(text[to]) {
			to++
		}
		if to-from >= leastSuspect && doubtful(text, from, to) {
			visit(RandomWord, from, to)
		}
		i = to + leastSuspect - 1
	}
	for at := 0; ; {
		sign := strings.IndexByte(text[at:], '=')
		if sign < 0 {
			break
		}
		at += sign + 1
		if from, to := set.unknownValue(text, at); from < to {
			visit(NameAndValue, from, to)
			at = to
		}
	}
}

const maxSecretWord = 4 << 10

func isWordOfKey(b byte) bool { return isBase64(b) && b != '/' || b == '_' || b == '~' || b == '=' }

// doubtful refuses what looks random and is none: identifiers, checksums, tokens.
func doubtful(text string, from, to int) bool {
	word := strings.Trim(text[from:to], "=")
	switch {
	case !looksRandom(word), strings.Trim(word, "0123456789abcdefABCDEF") == "", from > 0 && text[from-1] == '-' && to < len(text) && text[to] == '-':
		return false
	case from >= len(".") && (text[from-1] == '.' || text[from-1] == '\\'), to < len(text) && text[to] == '.' && to+1 < len(text) && isName(text[to+1:]):
		return false // a part of a name: of a type, a host, a folder
	}
	return !inMark(text, from)
}

// unknownValue returns the value behind a sign that looks like a password: with
// a letter, a digit and a mark that names and numbers do not have.
func (set *ruleSet) unknownValue(text string, i int) (from, to int) {
	if i < 3 || !isNameByte(text[i-2]) || i >= len(text) {
		return 0, 0
	}
	if text[i] == '"' || text[i] == '\'' {
		i++
	}
	from = i
	for to = from; to < len(text) && to < from+maxSegment && strings.IndexByte(" \t\r\n\"'<>;,(){}[]|/\\&", text[to]) < 0; to++ {
	}
	value := strings.TrimRight(text[from:to], ".:")
	if len(value) < 8 || !mixed(value) || !strings.ContainsAny(value, "!#$*+^~?@") || strings.HasPrefix(value, "0x") || value[0] == '$' || value[0] == '@' || strings.Contains(value, "://") {
		return 0, 0
	}
	if at := strings.IndexByte(value, '@'); at > 0 && strings.Contains(value[at:], ".") && !strings.ContainsAny(value[:at], "!#$*^~?") {
		return 0, 0 // an address of mail
	}
	return from, from + len(value)
}

// Watch has what redaction does and leaves told to visit, which several
// goroutines may call at once after [Redactor.Fork].
func (r *Redactor) Watch(visit func(Finding)) { r.watch = visit }

// note counts the suspects of a text that is redacted, and shows it to who watches.
func (r *Redactor) note(text string) {
	if len(text) < 8 {
		return
	}
	r.suspects(text, func(kind Suspect, from, to int) {
		r.doubts[kind]++
		r.events++
		if r.watch != nil {
			before, after := around(text, from, to)
			r.watch(Finding{Suspect: kind, Before: before, Text: text[from:to], After: after})
		}
	})
	if r.watch == nil {
		return
	}
	for at := 0; ; {
		i := strings.Index(text[at:], "[redacted:")
		if i < 0 {
			break
		}
		i += at
		at = i + len("[redacted:")
		if end := strings.IndexByte(text[at:], ']'); end >= 0 && marked(text[i:]) {
			before, after := around(text, i, at+end+1)
			r.watch(Finding{Rule: text[at : at+end], Before: before, After: after})
		}
	}
}

// around returns the surroundings of a part of a text, on its line.
func around(text string, from, to int) (before, after string) {
	before, after = text[max(0, from-maxAround):from], text[to:min(len(text), to+maxAround)]
	if at := strings.LastIndexAny(before, "\r\n"); at >= 0 {
		before = before[at+1:]
	}
	if at := strings.IndexAny(after, "\r\n"); at >= 0 {
		after = after[:at]
	}
	for before != "" && !utf8.RuneStart(before[0]) {
		before = before[1:]
	}
	return before, strings.ToValidUTF8(after, "")
}

// TakeSuspects returns how many suspects of each kind were left since the last call.
func (r *Redactor) TakeSuspects() []Count {
	all := sortedCounts(r.doubts)
	clear(r.doubts)
	return all
}

// noteRaw is note for the bytes of a text, of which it keeps nothing.
func (r *Redactor) noteRaw(text []byte) {
	if !r.longWord(text) && !signAndMark(text) {
		return
	}
	r.note(string(text))
}

// longWord reports whether a text may have a word that is long enough for a
// suspect, and has a digit: names of types have none.
func (set *ruleSet) longWord(text []byte) bool {
	for i := leastSuspect - 1; i < len(text); i += leastSuspect {
		if set.keyWord[text[i]] == 0 {
			continue
		}
		from, to, digit := i, i, uint8(0)
		for from > 0 && set.keyWord[text[from-1]] != 0 {
			from--
			digit |= set.keyWord[text[from]]
		}
		for to < len(text) && set.keyWord[text[to]] != 0 {
			digit |= set.keyWord[text[to]]
			to++
		}
		if to-from >= leastSuspect && digit&2 != 0 {
			return true
		}
		i = max(i, to-leastSuspect)
	}
	return false
}

// keyWordBytes are the bytes of words of keys: 1, and 2 more for digits.
func keyWordBytes() (table [256]uint8) {
	for b := range table {
		if isWordOfKey(byte(b)) {
			table[b] = 1
		}
		if '0' <= b && b <= '9' {
			table[b] |= 2
		}
	}
	return table
}

// signAndMark reports whether a text has an equals sign and, behind it, a mark of a password.
func signAndMark(text []byte) bool {
	at := bytes.IndexByte(text, '=')
	return at >= 0 && bytes.ContainsAny(text[at:], "!#$*+^~?@")
}
