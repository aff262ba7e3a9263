package redact

import (
	"bytes"
	"unicode/utf8"
)

// A near looks at what stands around a trigger, from from to to, before a
// regular expression has to: it refuses where the rule cannot match.
type near func(text []byte, from, to int) bool

// An only looks at a whole text for a rule without triggers.
type only func(text string) bool

// forms are the ways in which a value may stand to a name, as bits.
type forms uint8

const (
	withSign   forms = 1 << iota // name = value
	inTag                        // <name>value</name>
	labelled                     // "Key":"name","Value":"value"
	asOption                     // -name value
	inSentence                   // the name "value"
	inTable                      // in a column, a row, or on the next line
)

// maxNameRest is how many bytes of a name may stand around its trigger.
const maxNameRest = 24

// formsOf returns the forms that are possible around a trigger of a name,
// cheaply: it may name some that are not there.
func (v *vocabulary) formsOf(text []byte, from, to int) (f forms) {
	if to > from && !isNameByte(text[to-1]) {
		to-- // the sign that makes a short word long enough for the search
	}
	end := nameEnd(text, to)
	if end < 0 || end > to && !v.goesOn(text[to:end]) {
		return 0
	}
	begin, before := nameBegin(text, from)
	if end == len(text) {
		if end <= longestName && (begin == 0 || before != '\\' && before != '.' && before != '/') {
			return inTable
		}
		return 0
	}
	i, spaces, marks := end, 0, 0
	for limit := min(len(text), end+32); i < limit; i++ {
		b := text[i]
		if b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0xa0 || b == 0xc2 || b == '.' && i+1 < len(text) && (text[i+1] == '.' || text[i-1] == '.') {
			spaces++
		} else if b == '"' || b == '\'' || b == ']' || b == ')' || b == '\\' || b == '*' {
			marks++
		} else if (b == 'n' || b == 'r' || b == 't') && text[i-1] == '\\' {
			spaces++
		} else {
			break
		}
	}
	sign := byte(0)
	if i < len(text) {
		sign = text[i]
	}
	switch b := text[end]; {
	case b == '"' || b == '\'':
		f |= labelled | asOption&optionForm(text, begin) | inTable
	case b == '>':
		f |= inTag
	case b == '<':
		f |= labelled | withSign
	case b == ',' || b == ';' || b == '|':
		f |= inTable | optionForm(text, begin)
	case b == '(':
		f |= withSign | inSentence
	case b == '\t' || b == '\r' || b == '\n':
		f |= inTable | optionForm(text, begin)
	case b == ' ' || b >= 0x80:
		f |= optionForm(text, begin) | v.behindSpace(text, end)
		if before == '/' {
			f |= inSentence // user/pass
		}
		if before == '<' || before == ':' {
			f |= inTag
		}
		if end+1 < len(text) && (text[end+1] == ' ' || text[end+1] == '|') || b == ' ' && underlined(text, end) {
			f |= inTable
		}
	case b == ']':
		f |= labelled | withSign
	case b == ':' && credentials(text, end):
		f |= inSentence // user / password
	case leavesScript(text, end):
		f |= inSentence
	case b == '&' || b == '%' || b == '\\':
		if isEscape(text[end:]) || b == '\\' && end+1 < len(text) && (text[end+1] == 't' || text[end+1] == 'r' || text[end+1] == 'n') {
			f |= withSign // or anything
		}
	}
	switch {
	case sign == '=' || sign == ':' || sign >= 0x80 || (sign == '-' || sign == '<') && spaces > 0:
		f |= withSign
	case sign == 0 && marks == 0:
		f |= inTable
	}
	if before == '"' || before == '\'' || before == '=' || before == '>' || before == ':' {
		f |= labelled
	}
	return f
}

// goesOn reports whether a name may end with this behind its trigger.
func (v *vocabulary) goesOn(rest []byte) bool {
	var buf [2 * maxNameRest]byte
	out := buf[:0]
	for _, b := range rest {
		if b >= utf8.RuneSelf {
			out = appendFolded(out[:0], string(rest), isPlain)
			break
		}
		if b != '_' && b != '-' {
			out = append(out, lower(b))
		}
	}
	for len(out) > 0 && '0' <= out[len(out)-1] && out[len(out)-1] <= '9' {
		out = out[:len(out)-1]
	}
	if len(out) == 0 || v.rests[string(out)] {
		return true
	}
	for _, tail := range v.tails {
		if bytes.HasSuffix(out, []byte(tail)) && (len(out) == len(tail) || v.rests[string(out[:len(out)-len(tail)])]) {
			return true
		}
	}
	return out[len(out)-1] == 's' && v.rests[string(out[:len(out)-1])]
}

// nameEnd returns where the name around a trigger ends, -1 if it is too long for one.
func nameEnd(text []byte, to int) int {
	for limit := to + maxNameRest; to < len(text); {
		b := text[to]
		if leavesScript(text, to) {
			return to
		}
		if b >= utf8.RuneSelf {
			c, n := utf8.DecodeRune(text[to:])
			if !nameRune(c) {
				return to
			}
			to += n
		} else if !isNameByte(b) {
			return to
		} else {
			to++
		}
		if to > limit {
			return -1
		}
	}
	return to
}

// nameBegin returns where the name around a trigger begins, and what stands in
// front of it: a sign or a mark, also with a space between.
func nameBegin(text []byte, from int) (begin int, before byte) {
	for n := 0; from > 0 && n < 2*maxNameRest && isNameByte(text[from-1]); n++ {
		from--
	}
	i := from
	for i > 0 && text[i-1] == ' ' && from-i < 2 {
		i--
	}
	if i > 0 {
		before = text[i-1]
	}
	return from, before
}

// optionForm: - or / in front of a name.
func optionForm(text []byte, begin int) forms {
	if begin > 0 && text[begin-1] == '/' || begin < len(text) && text[begin] == '-' {
		return asOption
	}
	return 0
}

// behindSpace returns the forms that go on with a space behind the name.
func (v *vocabulary) behindSpace(text []byte, end int) (f forms) {
	i := end
	for i < len(text) && (isSpace(text[i]) || text[i] >= 0x80) && i < end+8 {
		if b := text[i]; b == '"' || b == '\'' || b >= 0x80 && b != 0xc2 && b != 0xa0 {
			f |= inSentence
		}
		i++
	}
	if credentials(text, end) {
		f |= inSentence
	}
	digit, word := false, true
	begin, spoken := end+1, 0
	for limit := min(len(text), i+72); i < limit; i++ {
		switch b := text[i]; {
		case '0' <= b && b <= '9' || b >= 0x80:
			digit = digit || word
		case b == '=' || b == ':':
			f |= withSign
			if spoken < maxSpoken {
				f |= v.sentenceForm(text[begin:i])
			}
			i = limit
		case b == ' ' || b == '"' || b == '\'':
			if spoken < maxSpoken {
				f |= v.sentenceForm(text[begin:i])
			}
			begin, word = i+1, false
			spoken++
		case b == '\r' || b == '\n' || b == ';' || b == '<' || b == '>':
			i = limit
		}
	}
	if digit {
		f |= inSentence | inTable
	}
	return f
}

// credentials reports whether a name ends so.
func credentials(text []byte, end int) bool {
	for _, name := range [...]string{"creds", "credentials", "credential", "zugangsdaten", "anmeldedaten", "identifiants", "credenciales", "credenziali", "inloggegevens"} {
		if end >= len(name) && bytes.EqualFold(text[end-len(name):end], []byte(name)) {
			return true
		}
	}
	return false
}

// maxSpoken is how many words may stand between a name and "is".
const maxSpoken = 7

// sentenceForm: "is" and "to", in all languages.
func (v *vocabulary) sentenceForm(word []byte) forms {
	var low [8]byte
	if len(word) == 0 || len(word) > len(low) {
		return 0
	}
	for i, b := range word {
		low[i] = lower(b)
	}
	if v.copulas[string(low[:len(word)])] || v.becomes[string(low[:len(word)])] || string(low[:len(word)]) == "from" {
		return inSentence
	}
	return 0
}

// underlined reports whether the line behind the one of i begins with a dash.
func underlined(text []byte, i int) bool {
	line := text[i:min(len(text), i+maxLooked)]
	end := bytes.IndexByte(line, '\n')
	return end >= 0 && end+2 < len(line) && line[end+1] == '-' && line[end+2] == '-'
}

// isNameByte: letters, digits, and what names are made of several words with;
// bytes beyond ASCII too, as not all names are English.
func isNameByte(b byte) bool {
	return 'a' <= lower(b) && lower(b) <= 'z' || '0' <= b && b <= '9' || b == '_' || b == '-' || b >= 0x80
}

func isSpace(b byte) bool {
	return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == '"' || b == '\''
}

func isHex(b byte) bool { return '0' <= b && b <= '9' || 'a' <= lower(b) && lower(b) <= 'f' }

func isBase64(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '+' || b == '/'
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// nears are what rules can ask of the surroundings of a trigger, by name.
func nears() map[string]near {
	return map[string]near{
		"at-sign":    atBehind,
		"long-word":  tokenBehind,
		"space":      spaceBehind,
		"word-start": wordStart,
		"user-slash": slashBehind,
		"line-start": lineStart,
		"sign":       signNext,
		"run-soon":   runSoon,
		"groups":     groupsSoon,

		"sign-soon":    signSoon,
		"digit-soon":   digitSoon,
		"capital-soon": capitalSoon,
		"digit-next":   digitNext,
		"double":       doubled,
		"account":      accountHere,
		"port":         portHere,
		"address":      addressHere,
		"hardware":     hardwareHere,
		"rdn":          rdnHere,
	}
}

// atBehind: user information of a URL, which ends with @ before a slash, but
// for one in a password.
func atBehind(text []byte, _, to int) bool {
	colon, digits, slash := false, false, false
	for limit := min(len(text), to+maxLooked); to < limit; to++ {
		switch b := text[to]; {
		case b == ':' && !colon:
			colon, digits = true, true
		case b == '@':
			return true
		case b == '/':
			if !colon || digits && slash {
				return false
			}
			slash = true
		case b == ' ', b == '\t', b == '\r', b == '\n', b == '"', b == '<', b == '>':
			return false
		case (b < '0' || b > '9') && !slash:
			digits = false
		}
	}
	return to == len(text) && colon && !digits // it may go on in the next value
}

// tokenBehind: a word of at least 12 characters, mostly after a space.
func tokenBehind(text []byte, _, to int) bool {
	for to < len(text) && (isSpace(text[to]) || text[to] == ':') {
		to++
	}
	n := 0
	for ; to < len(text) && n < 12; to++ {
		if b := text[to]; !isBase64(b) && b != '=' && b != '.' && b != '_' && b != ':' && b != '~' && b != '-' {
			break
		}
		n++
	}
	return n >= 12
}

// wordStart: no letter or digit in front.
func wordStart(text []byte, from, _ int) bool {
	return from == 0 || !isBase64(text[from-1]) || text[from-1] == '/' || text[from-1] == '+'
}

// lineStart: the beginning of a line or a command.
func lineStart(text []byte, from, _ int) bool {
	for from > 0 && text[from-1] == ' ' {
		from--
	}
	return from == 0 || bytes.IndexByte([]byte("\n;>:\"'"), text[from-1]) >= 0
}

// slashBehind: a slash and an @ behind it, soon.
func slashBehind(text []byte, _, to int) bool {
	slash := false
	for limit := min(len(text), to+maxLooked/4); to < limit; to++ {
		switch text[to] {
		case '/':
			slash = true
		case '@':
			return slash
		case '\r', '\n':
			return false
		}
	}
	return false
}

// spaceBehind: a word that ends here.
func spaceBehind(text []byte, _, to int) bool {
	return to < len(text) && isSpace(text[to])
}

// runSoon: a word of at least 24 letters and digits within some words.
func runSoon(text []byte, from, _ int) bool {
	limit, run := min(len(text), from+240), 0
	for ; from < limit; from++ {
		if !isBase64(text[from]) {
			run = 0
		} else if run++; run >= 24 {
			return true
		}
	}
	return false
}

// groupsSoon: two groups of five capitals and digits with a hyphen between.
func groupsSoon(text []byte, from, _ int) bool {
	limit, run, groups := min(len(text), from+160), 0, 0
	for ; from < limit; from++ {
		switch b := text[from]; {
		case 'A' <= b && b <= 'Z' || '2' <= b && b <= '9':
			run++
		case b == '-' && run == 5:
			if groups++; groups == 2 {
				return true
			}
			run = 0
		default:
			run, groups = 0, 0
		}
	}
	return false
}

// signNext: = or : right behind, quotation marks and spaces aside.
func signNext(text []byte, _, to int) bool {
	for limit := min(len(text), to+8); to < limit; to++ {
		switch {
		case text[to] == '=' || text[to] == ':' || text[to] == ',':
			return true
		case !isSpace(text[to]) && text[to] != '\\':
			return false
		}
	}
	return false
}
