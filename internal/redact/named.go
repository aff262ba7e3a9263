package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// secretNames know what a secret is called when it stands beside its name, in
// connection strings, JSON, XML and headers. A name is compared without what
// divides its words, and without accents.
type secretNames map[string]bool

const longestName = 48

func newSecretNames() secretNames {
	s := make(secretNames)
	add := func(front, back string) {
		for _, f := range strings.Fields(front) {
			for _, b := range strings.Fields(back) {
				s[strings.ReplaceAll(f+b, "+", "")] = true
			}
		}
	}
	add(`password passwd passphrase passwort passcode kennwort motdepasse motsdepasse contrasena contrasea senha pwd secret secretvalue
		clientsecret sharedaccesssignature sastoken sasuri sasurl credential credentials hmacsha256`, "+")
	add(`sharedaccess access account storage shared serviceprincipal api auth authorization authentication encryption decryption validation private
		gateway primary secondary subscription license node registration sas backup cosmos master function functions client signing secret`, "key")
	add("access refresh id auth security session bearer sas personalaccess wrapaccess api device registration join jwt oauth oauth2 csrf xsrf login", "token")
	add("zugriffs konto speicher authentifizierungs registrierungs gateway api node knoten", "schlussel schluessel schlssel")
	for _, key := range []string{"cle", "cles", "cl"} { // without é in ANSI
		for _, of := range []string{"d", "de", "dela", "del", "du"} {
			add(key+of, "acces accs authentification compte stockage passerelle chiffrement accespartage accespartagee accspartag comptepartage")
		}
	}
	return s
}

// nameTriggers occur in every one of newSecretNames. Of what stands before accès
// in French, the last byte of an apostrophe is enough.
func nameTriggers() []string {
	return []string{
		"pass", "kennwort", "contrase", "senha", "pwd", "key", "signature", "secret", "token", "sasur", "sas_ur", "credential", "hmacsha256", "ssel",
		"authentification", "passerelle", " compte", "stockage", "chiffrement", "'acc", "e acc", "\x19acc", "\x99acc", "partag",
	}
}

// A name is where one of secretNames stands in a text.
type name struct {
	word     int // where the word begins that ends the name
	from, to int // all of it, also of several words
	plain    string
}

// around returns the name that has the byte at in it.
func (s secretNames) around(text string, at int) (n name, ok bool) {
	n.to = at
	if !isNameByte(text[at]) {
		n.to++
	}
	for n.to < len(text) && n.to-at < longestName {
		c, size := utf8.DecodeRuneInString(text[n.to:])
		if !nameRune(c) {
			break
		}
		n.to += size
	}
	if rest := text[n.to:]; len(rest) > 1 && rest[0] == ' ' && (rest[1] == '1' || rest[1] == '2') && !(len(rest) > 2 && isNameByte(rest[2])) {
		n.to += 2
	}
	n.from, n.word = at, -1
	for n.from > 0 && at-n.from < longestName {
		c, size := utf8.DecodeLastRuneInString(text[:n.from])
		inner := c == ' ' || c == '\'' || c == '’'
		if !nameRune(c) && !inner || inner && n.from < len(text) && (text[n.from] == ' ' || text[n.from] == '\'') {
			break
		}
		if inner && n.word < 0 && n.from <= at {
			n.word = n.from
		}
		n.from -= size
	}
	if n.word < 0 {
		n.word = n.from
	}
	n.plain = plainName(text[n.from:n.to])
	return n, s.ends(n.plain)
}

// ends reports whether a plain name is one of a secret, or of several.
func (s secretNames) ends(plain string) bool {
	if s.suffix(plain) {
		return true
	}
	short := strings.TrimRight(plain, "0123456789")
	return len(short) < len(plain) && len(plain)-len(short) <= 2 && s.suffix(short) || s.suffix(strings.TrimSuffix(short, "s"))
}

func (s secretNames) suffix(plain string) bool {
	for k := 3; k <= len(plain) && k <= longestName; k++ {
		if s[plain[len(plain)-k:]] {
			return true
		}
	}
	return false
}

func nameRune(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_' || c == '-' || c == utf8.RuneError
}

// plainName is a name in lower case, of letters and digits alone.
func plainName(text string) string {
	return strings.Map(func(c rune) rune {
		switch c = unicode.ToLower(c); c {
		case 'é', 'è', 'ê':
			return 'e'
		case 'ü':
			return 'u'
		case 'ñ':
			return 'n'
		case ' ', '_', '-', '\'', '’', utf8.RuneError:
			return -1
		}
		return c
	}, text)
}

// A finder finds the secret that belongs to the name around at, and where the
// match begins; from is to if there is none.
type finder func(text string, at int) (start, from, to int)

// assignment: name = value, name: value.
func (s secretNames) assignment(text string, at int) (start, from, to int) {
	n, ok := s.around(text, at)
	if !ok {
		return
	}
	end, sign := signAt(text, n.to)
	if sign == 0 {
		return
	}
	l := literal{text, n.word, sign}
	from, to = l.at(end)
	return n.word, from, to
}

// signAt returns where the sign behind a name ends.
func signAt(text string, i int) (end int, sign byte) {
	for marks := 0; marks < 2 && i < len(text); marks++ {
		c, size := utf8.DecodeRuneInString(text[i:])
		if !strings.ContainsRune("\"'”’»])", c) || c == utf8.RuneError {
			break
		}
		i += size
	}
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
	rest := text[min(i, len(text)):]
	switch {
	case strings.HasPrefix(rest, "::"):
	case strings.HasPrefix(rest, "=>"), strings.HasPrefix(rest, ":="), strings.HasPrefix(rest, "=="):
		return i + 2, '='
	case strings.HasPrefix(rest, "="), strings.HasPrefix(rest, ":"):
		return i + 1, rest[0]
	}
	return i, 0
}

// element: <name>value</name>.
func (s secretNames) element(text string, at int) (start, from, to int) {
	n, ok := s.around(text, at)
	tag := -1
	if ok {
		tag = tagStart([]byte(text[max(0, at-8*maxNameRest):at+1]), at-max(0, at-8*maxNameRest), 1)
	}
	if tag < 0 {
		return
	}
	start = max(0, at-8*maxNameRest) + tag
	if end := openTag(text, n.to); end > 0 {
		from, to = elementText(text, []int{start, end})
	}
	return start, from, to
}

// openTag returns where the opening tag ends that i is in.
func openTag(text string, i int) int {
	rest := text[i:min(len(text), i+2*maxLooked)]
	end := strings.IndexAny(rest, "<>")
	if end < 0 || rest[end] == '<' || end > 0 && (rest[end-1] == '/' || !isSpace(rest[0])) {
		return 0
	}
	return i + end + 1
}

// open reports whether a text ends with a name and a sign, and only wants the secret.
func (s secretNames) open(tail string) bool {
	const marks = " \t\r\n\"'\u00a0\u202f"
	tail = strings.TrimRight(tail, marks+"{")
	name := strings.TrimRight(tail, "=:>")
	if name == tail {
		return false
	}
	name = strings.TrimRight(name, marks+"])")
	if name == "" {
		return false
	}
	_, size := utf8.DecodeLastRuneInString(name)
	_, ok := s.around(name, len(name)-size)
	return ok
}

// pairs are a name and a value that are called so.
type pairs struct {
	secretNames
	before, rest, reverse *regexp.Regexp
}

func newPairs(s secretNames) *pairs {
	return &pairs{s,
		regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:key|name|property|parameter|parametername|header|n|id)["']?\s*[=:]\s*["'][^"'<>=:]*$`),
		regexp.MustCompile(`(?i)^(?:[\s,]+["']?[\w:.-]+["']?\s*[=:]\s*(?:"[^"]*"|'[^']*'|[^\s,"'<>{}]+)){0,4}?[\s,]+["']?value["']?\s*[=:]`),
		regexp.MustCompile(`(?i)\bvalue["']?\s*[=:]\s*(?:"((?:[^"\\]|\\.)+)"|'([^']+)')[\s,]+["']?$`),
	}
}

// find: name="name" value="value" in any order, and <x name="name">value</x>.
func (p *pairs) find(text string, at int) (start, from, to int) {
	n, ok := p.around(text, at)
	if !ok && !p.header(&n) || n.to >= len(text) || text[n.to] != '"' && text[n.to] != '\'' {
		return
	}
	low := max(0, n.word-2*longestName)
	m := p.before.FindStringIndex(text[low:n.word])
	if m == nil {
		return
	}
	start = low + m[0]
	rest := text[n.to+1 : min(len(text), n.to+1+maxLooked)]
	if r := p.rest.FindStringIndex(rest); r != nil {
		end := n.to + 1 + r[1]
		l := literal{text, start, text[end-1]}
		from, to = l.at(end)
		return start, from, to
	}
	if end := openTag(text, n.to+1); end > 0 {
		from, to = elementText(text, []int{start, end})
		return start, from, to
	}
	front := strings.TrimRight(text[max(0, start-maxLooked):start+1], "\"' ,\t\r\n")
	if len(front) == 0 || start == 0 {
		return start, 0, 0
	}
	base := max(0, start-maxLooked)
	if r := p.reverse.FindStringSubmatchIndex(text[base : start+1]); r != nil {
		from, to = secretPart(r)
		return base + r[0], base + from, base + to
	}
	return start, 0, 0
}

// header reports whether the name is that of a header which holds secrets.
func (p *pairs) header(n *name) bool {
	return strings.HasSuffix(n.plain, "authorization") || strings.HasSuffix(n.plain, "cookie")
}

// option: -name value, and "-name","value".
func (s secretNames) option(text string, at int) (start, from, to int) {
	n, ok := s.around(text, at)
	if !ok {
		return
	}
	start = n.word
	for start < at && text[start] == '-' {
		start++
	}
	if start == 0 || text[start-1] != '-' && text[start-1] != '/' {
		return
	}
	if dash := strings.TrimRight(text[max(0, start-2):start], "-/"); dash != "" && !isSpace(dash[len(dash)-1]) && dash[len(dash)-1] != '`' {
		return
	}
	end := n.to
	if end < len(text) && (text[end] == '"' || text[end] == '\'') {
		end++
	}
	gap := leadingSpace(text[end:min(len(text), end+maxLooked)])
	switch {
	case end+gap < len(text) && text[end+gap] == ',':
		end += gap + 1
	case gap > 0:
		end += gap
	default:
		return
	}
	l := literal{text, n.word, 0}
	from, to = l.at(end)
	return n.word, from, to
}

// inSentence: the password is "value".
func (s secretNames) inSentence() finder {
	quoted := regexp.MustCompile(`(?i)^\s+(?:(?:is|was|ist|lautet|est)\s*:?\s+)?["'“„‘«][\s\pZ]*([^\s\pZ"'”“’»,;]{3,})[\s\pZ]*["'”“’»]`)
	bare := regexp.MustCompile(`(?i)^\s+(?:is|was|ist|lautet|est)\s*:?\s+([^\s"'<>]{6,})`)
	return func(text string, at int) (start, from, to int) {
		n, ok := s.around(text, at)
		if !ok || strings.Contains(n.plain, "key") || strings.Contains(n.plain, "token") || strings.Contains(n.plain, "credential") {
			return
		}
		rest := text[n.to:min(len(text), n.to+maxLooked)]
		if m := quoted.FindStringSubmatchIndex(rest); m != nil {
			return n.word, n.to + m[2], n.to + m[3]
		}
		if m := bare.FindStringSubmatchIndex(rest); m != nil && mixed(rest, m) {
			return n.word, n.to + m[2], n.to + m[3]
		}
		return
	}
}
