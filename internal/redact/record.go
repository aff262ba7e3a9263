package redact

import (
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// recordState is what a Redactor knows of the record whose values it is given.
type recordState struct {
	rec       *evtx.Record      // until it was looked at for secrets that are split
	split     map[string]string // raw values that are part of a secret, and what they become
	endpoints bool              // an event about addresses that the firewall has to let through
	data      []evtx.Data
	texts     []string // of data; empty for what is no text
	hits      []bool   // whether they may hold a secret
}

// endpointEvent is the event that lists addresses which a firewall blocked.
// They are what the log is sent for: they stay.
const endpointEvent = 401

// Begin takes the record whose values are redacted next. They are looked at
// together as soon as one of them may hold a secret: it may begin there and go
// on in the next. A name may be one value and the secret the next ("Password"
// and "x"), and a key may be cut in two.
func (r *Redactor) Begin(rec *evtx.Record) {
	if r.mode == None {
		return
	}
	s := &r.record
	clear(s.split)
	s.rec = rec
	s.endpoints = r.mode == Identities && rec.EventID() == endpointEvent
}

// joinSplit looks for secrets that go on over several values of the record, or
// stand in another one than their name.
func (r *Redactor) joinSplit() {
	s := &r.record
	if s.rec == nil {
		return
	}
	s.data = s.rec.AppendData(s.data[:0])
	s.rec = nil
	if len(s.data) < 2 {
		return // with what?
	}
	s.texts, s.hits = s.texts[:0], s.hits[:0]
	for _, d := range s.data {
		text, hits := "", false
		if isString(d.Value) {
			text = strings.TrimRight(d.Value.String(), "\x00")
			r.scratch = append(r.scratch[:0], text...)
			hits = r.hitsIn(r.scratch)
		}
		s.texts, s.hits = append(s.texts, text), append(s.hits, hits)
	}
	r.namesAndValues()
	r.labelledData()
	r.arguments()
	r.cutSecrets()
	r.keyLines()
}

func isString(v evtx.Value) bool { return v.Type == evtx.TypeString || v.Type == evtx.TypeEvtXML }

// replaceValue notes what becomes of a value.
func (r *Redactor) replaceValue(i int, rule *Rule, text string) {
	s := &r.record
	if s.split == nil {
		s.split = make(map[string]string)
	}
	key := string(trimNUL(s.data[i].Value.Raw))
	if _, ok := s.split[key]; !ok {
		r.count(rule, 1)
	}
	s.split[key] = text
}

// next returns the next value that is a text, -1 if there is none before another type.
func (s *recordState) next(i int) int {
	for i++; i < len(s.data) && isString(s.data[i].Value); i++ {
		if strings.TrimSpace(s.texts[i]) != "" {
			return i
		}
	}
	return -1
}

// namesAndValues: a value that is the name of a secret, and the next one.
func (r *Redactor) namesAndValues() {
	s := &r.record
	for i, text := range s.texts {
		if !s.hits[i] {
			continue
		}
		n, ok := r.words.bare(text)
		if !ok {
			continue
		}
		at := s.next(i)
		for labels := 0; at >= 0 && labels < 4; labels++ { // Value x, Old value y
			if !r.words.valueLabel[foldedName(s.texts[at])] {
				break
			}
			if at = s.next(at); at >= 0 {
				r.takeValue(n, at)
				at = s.next(at)
			}
		}
		if at >= 0 && isScheme(s.texts[at]) && s.next(at) >= 0 {
			at = s.next(at)
		}
		if at >= 0 {
			r.takeValue(n, at)
		}
	}
}

// isScheme: one of the words that stand in front of a token in a header.
func isScheme(text string) bool {
	return slices.Contains([]string{"basic", "bearer", "negotiate", "ntlm", "token", "digest", "sharedkey"}, strings.ToLower(strings.TrimSpace(text)))
}

// takeValue redacts a value that stands behind the name of a secret, if it is one.
func (r *Redactor) takeValue(n secretName, at int) {
	value := strings.TrimSpace(r.record.texts[at])
	if _, isName := r.words.bare(value); isName && !mixed(value) || letters(value) || r.words.nameLabel[foldedName(value)] {
		return
	}
	if n.class == sure && digits(value) && len(value) < 6 || strings.ContainsAny(value, "\r\n") && n.class < sure {
		return
	}
	if r.words.secret(n, value, place{sign: '=', quoted: true}) && !strings.Contains(value, "[redacted:") {
		rule := r.namedRule()
		r.replaceValue(at, rule, rule.mark())
	}
}

// labelledData: values whose names say that one is the name of a secret and
// another its value: PropertyName and PropertyValue.
func (r *Redactor) labelledData() {
	s := &r.record
	for i, d := range s.data {
		if d.Name == "" || !s.hits[i] || !r.words.nameLabel[foldedName(d.Name)] {
			continue
		}
		n, ok := r.words.bare(s.texts[i])
		if !ok {
			continue
		}
		for k, other := range s.data {
			if k != i && s.texts[k] != "" && r.words.valueLabel[foldedName(other.Name)] && r.words.secret(n, s.texts[k], place{sign: '=', quoted: true}) {
				rule := r.namedRule()
				r.replaceValue(k, rule, rule.mark())
			}
		}
	}
}

// arguments: the values are those of a command line, each an argument.
func (r *Redactor) arguments() {
	s := &r.record
	options := 0
	for _, text := range s.texts {
		if len(text) > 1 && len(text) < 32 && (text[0] == '-' || text[0] == '/') && isName(strings.TrimLeft(text, "-/")) {
			options++
		}
	}
	if options == 0 {
		return
	}
	var line []byte
	begin := make([]int, len(s.texts)+1)
	for i, text := range s.texts {
		begin[i] = len(line)
		line = append(append(line, text...), ' ')
	}
	begin[len(s.texts)] = len(line)
	for _, span := range r.secretSpans(string(line)) {
		for i, text := range s.texts {
			if text != "" && i > 0 && span.from <= begin[i] && begin[i]+len(text) <= span.to && span.start < begin[i] {
				r.replaceValue(i, span.rule, span.rule.mark())
			}
		}
	}
}

// maxJoined is how many values a secret may go on over: the lines of a key file.
const maxJoined = 200

// openTail is how much of the end of a text tells that it only wants the secret.
const openTail = 80

// cutSecrets follows secrets from one value into the next.
func (r *Redactor) cutSecrets() {
	s := &r.record
	for i := 0; i+1 < len(s.data); i++ {
		if s.hits[i] || r.expr.pemBegins.MatchString(s.texts[i]) {
			i = r.follow(i)
		}
	}
}

// follow follows a secret from value i into the next ones, and returns the last
// that it reaches.
func (r *Redactor) follow(i int) int {
	s := &r.record
	text, last := s.texts[i], i
	if s.next(i) < 0 || strings.IndexByte(".!?)> ", text[len(text)-1]) >= 0 {
		return i // it ends here
	}
	for at := i; at-i <= maxJoined; {
		if at = s.next(at); at < 0 {
			break
		}
		own := s.texts[at]
		c := r.continued(text, own)
		if c.n == 0 {
			break
		}
		rest := ""
		if c.n < len(own) {
			rest = r.text(own[c.n:], false)
		}
		r.replaceValue(at, c.rule, own[:c.from]+c.rule.mark()+rest)
		if c.head >= 0 && at == s.next(i) {
			r.replaceValue(i, c.rule, r.text(text[:c.head], false)+c.rule.mark())
		}
		last = at
		if c.n < len(own) {
			break
		}
		text += own
		if c.rule.Name == "private-key" {
			text += "\n"
		}
	}
	return last
}

// A continuation is how much of a value belongs to a secret of the one before.
type continuation struct {
	from, n int // of the value
	head    int // where the secret begins in the value before; -1 if that is known there
	rule    *Rule
}

// continued returns what of the next value belongs to a secret that the text
// before it ends with, or ends in the middle of.
func (r *Redactor) continued(text, next string) continuation {
	none := continuation{head: -1}
	if r.expr.pemBegins.MatchString(text[max(0, len(text)-openTail):]) {
		if n := keyText(next); n > 0 {
			return continuation{n: n, head: -1, rule: r.ruleNamed("private-key")}
		}
		return none
	}
	spans := r.secretSpans(text)
	open := span{}
	if len(spans) > 0 {
		open = spans[len(spans)-1]
	}
	if open.rule == nil || open.to < len(text) {
		return r.crossing(text, next)
	}
	n := 0
	switch {
	case open.rule.Name == "private-key":
		n = keyText(next)
	case quoteOpen(text[open.start:open.from]):
		n = strings.IndexAny(next, `"'`)
		if n < 0 && !strings.ContainsAny(next, " \t") && looksRandom(next) {
			n = len(next)
		}
	case open.rule.joins && !strings.HasSuffix(text, "="):
		n = keyRun(next)
	case open.rule.Name == namedRule:
		if m := r.expr.listGoesOn.FindStringSubmatchIndex(next); m != nil {
			n = m[3]
		} else if word := firstWord(next); looksRandom(word) {
			n = len(word)
		}
	}
	if n <= 0 {
		return none
	}
	return continuation{n: n, head: -1, rule: open.rule}
}

// crossing finds a secret that is one only together: its name, or itself, is cut.
func (r *Redactor) crossing(text, next string) continuation {
	none := continuation{head: -1}
	tail := max(0, len(text)-maxLooked)
	if r.scratch = append(r.scratch[:0], text[max(tail, len(text)-2*openTail):]...); !r.hitsIn(r.scratch) {
		return none
	}
	cut := len(text) - tail
	head := next[:min(len(next), 2*maxLooked)]
	wants := r.words.open(text)
	for _, s := range r.secretSpans(text[tail:] + head) {
		switch {
		case s.to <= cut || s.start >= cut:
		case wants && s.from >= cut-2 && s.from <= cut+1:
			return continuation{n: s.to - cut, head: -1, rule: s.rule}
		case s.from < cut && s.rule.joins:
			return continuation{n: s.to - cut, head: tail + s.from, rule: s.rule}
		case s.from >= cut && s.start < cut && s.from-s.start < longestName && len(r.secretSpans(head[:s.to-cut])) == 0 && isName(text[len(text)-1:]) && isName(next):
			return continuation{from: s.from - cut, n: s.to - cut, head: -1, rule: s.rule}
		}
	}
	return none
}

func quoteOpen(before string) bool {
	return strings.HasSuffix(before, `"`) || strings.HasSuffix(before, `'`)
}

// keyText returns how much of the start of a text is the inside of a private key.
func keyText(text string) int {
	if end := strings.Index(text, "-----END"); end >= 0 {
		return end
	}
	if strings.HasPrefix(text, "Proc-Type:") || strings.HasPrefix(text, "DEK-Info:") || strings.Trim(text, " \r\n\t") == "" {
		return len(text)
	}
	return len(text) - len(strings.TrimLeft(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n \\"))
}

// keyRun returns how much of the start of a text is the rest of a key: of the
// characters of base64, and not a word of a sentence.
func keyRun(text string) int {
	n := strings.IndexFunc(text, func(c rune) bool {
		return !(c < 0x80 && (isBase64(byte(c)) || strings.ContainsRune("=_-.@#%", c)))
	})
	if n < 0 {
		n = len(text)
	}
	word := text[:n]
	digit, upper := strings.ContainsAny(word, "0123456789"), strings.IndexFunc(word, func(c rune) bool { return 'A' <= c && c <= 'Z' }) > 0
	if strings.HasSuffix(word, "=") || digit && upper || len(word) >= 20 && (digit || upper) {
		return n
	}
	return 0
}

// keyLines redacts the lines of a private key, each a value, of which only the
// last line is left.
func (r *Redactor) keyLines() {
	s := &r.record
	for i, text := range s.texts {
		if !r.expr.pemEnds.MatchString(text) {
			continue
		}
		rule := r.ruleNamed("private-key")
		for k := i - 1; k >= 0 && i-k <= maxJoined && isKeyLine(s.texts[k]); k-- {
			r.replaceValue(k, rule, rule.mark())
		}
	}
}

// The length of a line of a private key.
const (
	leastKeyLine = 40
	mostKeyLine  = 80
)

// isKeyLine reports whether a text is a line of base64.
func isKeyLine(text string) bool {
	text = strings.TrimRight(text, "\r\n \x00")
	return len(text) >= leastKeyLine && len(text) <= mostKeyLine && strings.IndexFunc(text, func(c rune) bool { return c >= 0x80 || !isBase64(byte(c)) && c != '=' }) < 0
}

// ruleNamed returns the first rule of a name.
func (r *Redactor) ruleNamed(name string) *Rule {
	for _, rule := range r.secrets {
		if rule.Name == name {
			return rule
		}
	}
	return &Rule{Name: name, parts: []part{{}}} // switched off
}

// namedRule is what a value is counted under whose name says that it is a secret.
const namedRule = "password"

func (r *Redactor) namedRule() *Rule { return r.ruleNamed(namedRule) }

// firstWord is what stands in front of the first space or mark.
func firstWord(text string) string {
	if end := strings.IndexAny(text, " \t\r\n;,\"'&<"); end >= 0 {
		return text[:end]
	}
	return text
}
