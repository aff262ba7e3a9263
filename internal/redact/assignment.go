package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDoubtful is how far the value of a name is looked at that may be no secret's.
const maxDoubtful = 512

// assignment: name = value, name: value, name → value, name("value").
func (v *vocabulary) assignment(out []match, text string, at hit) []match {
	n := v.around(text, at.from)
	if n.class == noSecret || inTemplate(text, n.from, n.to) {
		return out
	}
	end, sign := signAt(text, n.to)
	switch sign {
	case 0:
		end, sign = v.farSign(text, n)
		if sign == 0 {
			return out
		}
	case ':':
		if strings.HasSuffix(text[:n.from], "://") { // the user of a URL
			return out
		}
	case '(':
		if v.asks(text[n.from:n.to]) {
			return out
		}
	}
	if (spoken{v}).userBefore(text, n.word) {
		if from, to := (spoken{v}).behindUser(text, n); from < to {
			return append(out, match{n.word, from, to})
		}
	}
	if behind := behindTags(text, end); sign == ':' && behind > end {
		end, sign = behind, '<'
	}
	l := literal{text, n.word, sign}
	if n.class < sure { // mostly refused, which must not cost a long look
		l.text = text[:min(len(text), end+maxDoubtful)]
	}
	from, to := l.at(end)
	if from >= to {
		return out
	}
	if to == len(l.text) && to < len(text) {
		if !looksRandom(text[from:min(to, from+maxLooked)]) {
			return out
		}
		l.text = text
		from, to = l.at(end)
	}
	if sign == ':' || sign == '=' {
		if n.class == sure && v.phrase(&l, n, from) {
			return append(out, match{n.word, from, from + len(lineRest(text[from:]))})
		}
		to = v.line(&l, from, to)
	}
	from, to, ok := v.take(n, text, from, to, sign)
	switch {
	case !ok:
		return out
	case (sign == '<' || sign == ']') && !strange(text[from:to]):
		return out
	case sign == '-' && !looksRandom(text[from:to]), sign == '(' && !inQuotes(text, from, to):
		return out
	}
	return append(out, match{n.word, from, to})
}

// signAt returns where the sign behind a name ends. That of an arrow is a colon,
// that of a dash, which has to stand between spaces, is one.
func signAt(text string, i int) (end int, sign byte) {
	name := i
	for marks := 0; marks < 2 && i < len(text); marks++ {
		c, size := utf8.DecodeRuneInString(text[i:])
		if !strings.ContainsRune("\"'”’»])", c) || c == utf8.RuneError {
			break
		}
		i += size
	}
	if i == name && strings.HasPrefix(text[i:], `("`) || strings.HasPrefix(text[i:], `('`) {
		return i + 1, '('
	}
	marks := i
	for limit := i + 32; i < len(text) && i < limit; {
		if text[i] == '\\' && i+1 < len(text) && (text[i+1] == 'n' || text[i+1] == 'r' || text[i+1] == 't') {
			i += 2
			continue
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(c) {
			break
		}
		i += size
	}
	if dots := len(text[i:min(len(text), i+64)]) - len(strings.TrimLeft(text[i:min(len(text), i+64)], ". ")); dots > 2 && strings.Contains(text[i:i+dots], "..") {
		i += dots // Password ....... : x
	}
	if end := behindTags(text, i); end > i {
		return end, '<'
	}
	if i > marks && marks > name && text[marks-1] == ']' {
		return i, signIfAny(text[i:], ']')
	}
	rest := text[min(i, len(text)):]
	for _, arrow := range [...]string{"->", "<- ", "→", "⇒", "➜", "➔", "⟶", "=>", "：", "＝"} {
		if strings.HasPrefix(rest, arrow) {
			return i + len(arrow), signOf(arrow)
		}
	}
	switch {
	case strings.HasPrefix(rest, "::"):
	case strings.HasPrefix(rest, ":="), strings.HasPrefix(rest, "=="):
		return i + 2, '='
	case strings.HasPrefix(rest, "="), strings.HasPrefix(rest, ":"):
		return i + 1, rest[0]
	case i > marks && (strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "– ") || strings.HasPrefix(rest, "— ")):
		return i + strings.IndexByte(rest, ' '), '-'
	}
	return i, 0
}

// signIfAny keeps a sign that follows a bracket: [Password] = x.
func signIfAny(rest string, bracket byte) byte {
	if rest != "" && (rest[0] == '=' || rest[0] == ':') {
		return 0
	}
	return bracket
}

// behindTags returns where the text begins behind the tags that end here: of
// <th>Password</th><td>x</td>, <b>Password:</b> x.
func behindTags(text string, i int) int {
	if !strings.HasPrefix(text[i:], "</") {
		return 0
	}
	end := tagEnd(text[i:])
	if end == 0 {
		return 0
	}
	i += end
	for range 2 {
		i += leadingSpace(text[i:min(len(text), i+16)])
		if i >= len(text) || text[i] != '<' {
			break
		}
		next := strings.IndexByte(text[i:min(len(text), i+maxSegment)], '>')
		if next < 0 || strings.HasPrefix(text[i:], "</") || text[i+next-1] == '/' || strings.HasPrefix(text[i:], "<input") {
			return 0
		}
		i += next + 1
	}
	return i
}

func signOf(arrow string) byte {
	if arrow == "=>" || arrow == "＝" {
		return '='
	}
	return ':'
}

// maxBetween is how many words may stand between a name and its sign.
const maxBetween = 3

// farSign finds the sign behind a few words: "Password of the proxy: x". Only
// what people call a password is spoken of so, and never "Password policy: x".
func (v *vocabulary) farSign(text string, n secretName) (end int, sign byte) {
	if n.class < likely {
		return 0, 0
	}
	i, bracket := n.to, false
	for range maxBetween + 1 {
		if end, sign := signAt(text, i); sign == ':' || sign == '=' && (text[i] == ' ' || bracket) {
			if bracket && n.class == sure { // as good as the name alone
				return end, sign
			}
			l := literal{text, n.word, sign}
			from, to := l.at(end)
			if value := text[from:to]; from < to && (mixed(value) && len(value) >= 6 || inQuotes(text, from, to)) {
				return end, sign
			}
			return 0, 0
		}
		space := leadingSpace(text[i:min(len(text), i+8)])
		if space == 0 || strings.ContainsAny(text[i:i+space], "\r\n") {
			return 0, 0
		}
		word := i + space
		if closing := v.bracket(text[word:min(len(text), word+maxBracket)]); closing != 0 { // Password (SQL):
			if closing < 0 {
				return 0, 0
			}
			bracket = i == n.to
			i = word + closing
			continue
		}
		i, bracket = word, false
		for i < len(text) && i < word+24 {
			c, size := utf8.DecodeRuneInString(text[i:])
			if !unicode.IsLetter(c) && c != '\'' && c != '’' && (i == word || !unicode.IsDigit(c) && !strings.ContainsRune("@._\\-", c)) {
				break
			}
			i += size
		}
		if i == word || v.says(text[word:i]) || strings.ContainsAny(text[word:i], "0123456789") && !strings.ContainsAny(text[word:i], `@_\`) {
			return 0, 0
		}
	}
	return 0, 0
}

// maxBracket is the length of what stands in brackets between a name and its sign.
const maxBracket = 32

// bracket returns where the bracket ends that a text begins with: (SQL), [sa]. It
// is 0 for none, -1 if what is in it makes the name another thing: (minimum length).
func (v *vocabulary) bracket(text string) int {
	if text == "" || text[0] != '(' && text[0] != '[' {
		return 0
	}
	end := strings.IndexAny(text[1:], "()[]\r\n\"'=<>") + 1
	if end < 2 || text[end] != ')' && text[end] != ']' {
		return -1
	}
	for _, word := range strings.Fields(text[1:end]) {
		if folded := foldedWord(strings.Trim(word, ".,;:!?")); v.states[folded] || v.about[folded] {
			return -1
		}
	}
	return end + 1
}

// says reports whether a word behind a name says something about the secret,
// so that what follows is not the secret.
func (v *vocabulary) says(word string) bool {
	folded := foldedWord(word)
	return v.states[folded] || v.about[folded] || v.sentences[folded] && !v.belongs[folded]
}

// asks reports whether a name is that of a function which is given a name:
// getPassword("name").
func (v *vocabulary) asks(name string) bool {
	folded := strings.ToLower(strings.TrimLeft(name, "_"))
	if strings.HasSuffix(folded, "credential") { // a user comes first
		return true
	}
	for _, verb := range v.getters {
		if strings.HasPrefix(folded, verb) {
			return true
		}
	}
	return false
}

// open reports whether a text ends with the name of a secret and a sign, and only
// wants the secret.
func (v *vocabulary) open(text string) bool {
	const marks = " \t\r\n\"'\u00a0\u202f"
	tail := text[max(0, len(text)-openTail):]
	tail = strings.TrimRight(tail, marks+"{")
	name := strings.TrimRight(tail, "=:>：＝")
	if name == tail {
		return false
	}
	name = strings.TrimRight(name, marks+"])")
	if name == "" {
		return false
	}
	_, size := utf8.DecodeLastRuneInString(name)
	return v.around(name, len(name)-size).class != noSecret
}
