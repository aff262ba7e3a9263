package redact

import (
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// recordState is what a Redactor knows of the record whose values it is given.
type recordState struct {
	rec       *evtx.Record      // until it was looked at for secrets that are split
	split     map[string]string // raw values that continue a secret, and what they become
	endpoints bool              // an event about addresses that the firewall has to let through
	data      []evtx.Data
}

// endpointEvent is the event that lists addresses which a firewall blocked.
// They are what the log is sent for: they stay.
const endpointEvent = 401

// Begin takes the record whose values are redacted next. They are looked at
// together as soon as one of them may hold a secret: it may begin there and go
// on in the next. A name may be the end of one and the secret the next
// ("Password=" and "x"), and a key may be cut in two.
func (r *Redactor) Begin(rec *evtx.Record) {
	if r.mode == None {
		return
	}
	s := &r.record
	clear(s.split)
	s.rec = rec
	s.endpoints = r.mode == Identities && rec.EventID() == endpointEvent
}

// joinSplit looks for secrets that go on over several values of the record.
func (r *Redactor) joinSplit() {
	s := &r.record
	if s.rec == nil {
		return
	}
	s.data = s.rec.AppendData(s.data[:0])
	s.rec = nil
	for i := 0; i+1 < len(s.data); i++ {
		v := s.data[i].Value
		if v.Type != evtx.TypeString && v.Type != evtx.TypeEvtXML {
			continue
		}
		if found, _ := r.find.find(v.Raw, 2, nil); found {
			i = r.join(s.data, i)
		}
	}
}

// openTail is how much of the end of a text tells that it only wants the secret.
const openTail = 80

// maxJoined is how many values a secret may go on over: the lines of a key file.
const maxJoined = 200

// join follows a secret from value i into the next ones, and returns the last
// that it reaches.
func (r *Redactor) join(data []evtx.Data, i int) int {
	text := data[i].Value.String()
	last := i
	for next := i + 1; next < len(data) && next <= i+maxJoined; next++ {
		v := data[next].Value
		if v.Type != evtx.TypeString && v.Type != evtx.TypeEvtXML {
			break
		}
		own := strings.TrimRight(v.String(), "\x00")
		if own == "" {
			continue
		}
		n, rule := r.continued(text, own)
		if n == 0 {
			break
		}
		if r.record.split == nil {
			r.record.split = make(map[string]string)
		}
		rest := ""
		if n < len(own) {
			rest = r.text(own[n:], false)
		}
		r.counts[rule.Name]++
		r.record.split[string(trimNUL(v.Raw))] = rule.mark() + rest
		last = next
		if n < len(own) {
			break
		}
		text += own
		if rule.Name == "private-key" {
			text += "\n"
		}
	}
	return last
}

// continued returns how much of the next value belongs to a secret that the
// text before it ends with.
func (r *Redactor) continued(text, next string) (int, *Rule) {
	if r.expr.secretNames.open(text[max(0, len(text)-openTail):]) {
		for _, s := range r.secretSpans(text + next) {
			if s.to > len(text) && s.from >= len(text)-2 && s.from <= len(text)+1 {
				return s.to - len(text), s.rule
			}
		}
	}
	spans := r.secretSpans(text)
	if len(spans) == 0 {
		return 0, nil
	}
	open := spans[len(spans)-1]
	if open.to < len(text) {
		return 0, nil
	}
	n := 0
	switch {
	case open.rule.Name == "private-key":
		n = len(next)
		if end := strings.Index(next, "-----END"); end >= 0 {
			n = end
		}
	case open.rule.joins && !strings.HasSuffix(text, "="):
		n = keyRun(next)
	case quoteOpen(text[open.start:open.from]):
		n = strings.IndexAny(next, `"'`)
	case open.rule.Name == namedRule:
		if m := r.expr.listGoesOn.FindStringSubmatchIndex(next); m != nil {
			n = m[3]
		}
	}
	return max(0, n), open.rule
}

func quoteOpen(before string) bool {
	return strings.HasSuffix(before, `"`) || strings.HasSuffix(before, `'`)
}

// keyRun returns how much of the start of a text is the rest of a key: of the
// characters of base64, and not a word of a sentence.
func keyRun(text string) int {
	n := strings.IndexFunc(text, func(c rune) bool {
		return !(c < 0x80 && (isBase64(byte(c)) || strings.ContainsRune("=_-.@#", c)))
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
