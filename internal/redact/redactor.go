package redact

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

// A Mode is how much is taken out.
type Mode string

// The modes.
const (
	Secrets    Mode = "secrets"    // what gives access: keys, passwords, tokens
	Identities Mode = "identities" // and names of people and machines, as tokens
	None       Mode = "none"
)

// Modes lists them, the default first.
func Modes() []Mode { return []Mode{Secrets, Identities, None} }

// Options are what a Redactor does.
type Options struct {
	Mode  Mode
	Extra *RuleFile // rules that are added or switched off; nil for none

	// Of mode Identities alone:
	Tokens *Tokens
	Names  *Names // what was learned in a first pass; nil for nothing
}

// A Redactor redacts values and texts, and counts what it does. It belongs to
// one goroutine.
type Redactor struct {
	*ruleSet
	mode   Mode
	tokens *Tokens
	names  *Names

	counts  map[string]int
	opaque  int // binary values that are not text, or not all of them
	record  recordState
	eager   *atomic.Bool // the name of a secret may stand in a template, which is seen once: look at every record
	hits    []ruleHit
	raw     []byte               // the text they are in
	scratch []byte               // another text
	done    []int                // up to where each rule was tried
	found   []match              // by a finder
	named   map[string]nameClass // of names of data, which repeat
	known   *Rule                // what names are counted under that were learned elsewhere
}

// New returns a Redactor. An unknown mode, and a rule that switches off what is
// not there, are errors.
func New(o Options) (*Redactor, error) {
	if !slices.Contains(Modes(), o.Mode) {
		return nil, fmt.Errorf("unknown mode %q of redaction", o.Mode)
	}
	r := &Redactor{
		mode: o.Mode, tokens: o.Tokens, names: o.Names,
		counts: make(map[string]int), named: make(map[string]nameClass),
		eager: new(atomic.Bool), known: &Rule{Name: "known-name", parts: []part{{0, Other}}},
	}
	if o.Mode == None {
		return r, nil
	}
	var err error
	if r.ruleSet, err = newRuleSet(o.Extra); err != nil {
		return nil, err
	}
	if r.tokens == nil && o.Mode == Identities {
		return nil, fmt.Errorf("mode %s needs a key for its tokens", Identities)
	}
	return r, nil
}

// Fork returns a Redactor that does the same, for another goroutine. It counts
// on its own.
func (r *Redactor) Fork() *Redactor {
	f := *r
	f.counts, f.named = make(map[string]int), make(map[string]nameClass)
	f.record, f.hits, f.raw, f.scratch, f.done, f.found, f.opaque = recordState{}, nil, nil, nil, nil, nil, 0
	return &f
}

// Mode returns what the Redactor takes out.
func (r *Redactor) Mode() Mode { return r.mode }

// Count is how often a rule applied.
type Count struct {
	Rule  string
	Count int
}

// TakeCounts returns how often each rule has applied since the last call, by name.
func (r *Redactor) TakeCounts() []Count {
	var all []Count
	for rule, n := range r.counts {
		all = append(all, Count{rule, n})
	}
	slices.SortFunc(all, func(a, b Count) int { return strings.Compare(a.Rule, b.Rule) })
	clear(r.counts)
	return all
}

// count notes that a rule applied.
func (r *Redactor) count(rule *Rule, n int) { r.counts[rule.Name] += n }

// TakeOpaque returns how many binary values were not all text since the last
// call: what else is in them was not looked into.
func (r *Redactor) TakeOpaque() int {
	n := r.opaque
	r.opaque = 0
	return n
}

// Text redacts a text of any kind.
func (r *Redactor) Text(text string) string { return r.text(text, false) }

// text leaves addresses in their places if endpoints.
func (r *Redactor) text(text string, endpoints bool) string {
	if r.mode == None || text == "" {
		return text
	}
	// What is left may read as something else than before, so that it is looked
	// at again: redacting what is redacted changes nothing.
	rounds := maxRounds
	if len(text) > longText {
		rounds = 1 // or a hostile text takes too long
	}
	for range rounds {
		spans := r.spans(text, endpoints)
		if len(spans) == 0 {
			break
		}
		for _, s := range spans {
			r.count(s.rule, 1)
		}
		text = replace(text, spans)
	}
	return text
}

// maxRounds is how often a text is looked at; real ones take two.
const maxRounds = 8

// longText is the length from which a text is looked at once.
const longText = 16 << 10

// spans finds all that goes, in the order of the text.
func (r *Redactor) spans(text string, endpoints bool) []span {
	secrets := r.secretSpans(text)
	if r.mode != Identities {
		return secrets
	}
	return r.identitySpans(text, secrets, endpoints)
}

// secretSpans finds the secrets of a text, in all its views.
func (r *Redactor) secretSpans(text string) []span {
	var found []span
	v := view{text: joinLines(text)}
	for {
		seen := r.searchText(v.text)
		if seen.odd || seen.escape && strings.IndexByte(v.text, 0x1b) >= 0 {
			if plain, ok := v.plain(); ok {
				v = plain
				seen = r.searchText(v.text)
			}
		}
		found = r.around(found, &v)
		if !seen.escape || v.level == maxLevels {
			break
		}
		next, ok := v.decode()
		if !ok {
			break
		}
		v = next
	}
	found = disjoint(hull(found))
	for i := range found {
		found[i].with = found[i].rule.mark()
	}
	return found
}

// searchText searches a text for the triggers of all rules, and keeps the hits.
func (r *Redactor) searchText(text string) seen {
	r.raw, r.hits = append(r.raw[:0], text...), r.hits[:0]
	return r.search.find(r.raw, func(h hit) bool {
		if f := r.wanted(r.raw, h); f != 0 && !inMark(text, h.from) {
			if r.namesWord[h.word] {
				h.from = lastWord(text, h.from, h.to)
			}
			r.hits = append(r.hits, ruleHit{h, f})
		}
		return true
	})
}

// lastWord returns where the last word of a part of a text begins.
func lastWord(text string, from, to int) int {
	for i, c := range text[from : to-1] {
		if c == ' ' || c == '\'' || c == '’' || c == '\u00a0' || c == '\u202f' {
			if next := from + i + utf8.RuneLen(c); next < to {
				from, text = next, text[:to]
				return lastWord(text, from, to)
			}
		}
	}
	return from
}

// around tries the rules around their hits.
func (r *Redactor) around(found []span, v *view) []span {
	for _, i := range r.everywhere {
		found = r.secrets[i].match(found, v, i, 0, len(v.text))
	}
	if len(r.hits) == 0 {
		return found
	}
	if r.done == nil {
		r.done = make([]int, len(r.secrets))
	}
	clear(r.done) // up to here a rule was tried
	for _, h := range r.hits {
		for _, i := range r.byWord[h.word] {
			rule := r.secrets[i]
			switch {
			case h.from < r.done[i]:
			case rule.find != nil:
				if rule.forms&h.forms != 0 {
					found = r.findAt(found, v, i, h.hit)
				}
			case rule.near == nil || rule.near(r.raw, h.from, h.to):
				from := max(r.done[i], h.from-rule.before)
				if rule.start != nil {
					from = rule.start(v.text, h.from)
				}
				found, r.done[i] = rule.matchAround(found, v, i, from, h.from)
			}
		}
	}
	return found
}

// findAt appends what a finder finds at a hit.
func (r *Redactor) findAt(found []span, v *view, order int, at hit) []span {
	rule := r.secrets[order]
	r.found = rule.find(r.found[:0], v.text, at)
	for _, m := range r.found {
		from, to := m.from, m.to
		closed := inQuotes(v.text, from, to)
		if !closed {
			to -= escapeEnd(v.text[from:to], v.text[to:])
		}
		if from < to && !marked(v.text[from:to]) {
			found = append(found, span{from: v.at(from), to: v.at(to), start: v.at(m.start), order: order, rule: rule, own: v.text[from:to], level: v.level, closed: closed})
			r.done[order] = max(r.done[order], to)
		}
	}
	return found
}

// matchAround tries the rule from a place on for as long as it matches up to
// the end of what it sees, and returns where the next hit may be.
func (r *Rule) matchAround(found []span, v *view, order, from, at int) ([]span, int) {
	for from > 0 && !utf8.RuneStart(v.text[from]) {
		from--
	}
	for size := r.behind; ; size *= 8 {
		to := min(len(v.text), at+size)
		if r.whole {
			to = len(v.text)
		}
		for to < len(v.text) && !utf8.RuneStart(v.text[to]) {
			to++
		}
		before := len(found)
		found = r.match(found, v, order, from, to)
		open := to < len(v.text) && r.unfinished(found[before:], v, to)
		if !open {
			end := at + 1
			for _, s := range found[before:] {
				end = max(end, s.next)
			}
			if r.value != nil { // what ends in front of here was tried
				end = max(end, to-matchBehind/2)
			}
			return found, end
		}
		found = found[:before]
	}
}

// unfinished reports whether a match comes near the end of what was seen.
func (r *Rule) unfinished(found []span, v *view, to int) bool {
	if r.value != nil {
		return false // it saw all of the text
	}
	for _, s := range found {
		if s.next+48 >= to {
			return true
		}
	}
	return false
}

// match appends what the rule finds in a view. The search goes on behind what
// goes, not behind the match: its end may begin the next.
func (r *Rule) match(found []span, v *view, order, pos, end int) []span {
	text := v.text[:end]
	for pos < len(text) {
		m := r.pattern.FindStringSubmatchIndex(text[pos:])
		if m == nil {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += pos
			}
		}
		next := m[1]
		seen, parts := text, r.parts
		if r.value != nil {
			if end < len(v.text) && m[1]+8 > end {
				break // a later hit sees the end of the name
			}
			from, to := r.value(v.text, m)
			seen, m, parts = v.text, []int{m[0], m[1], from, to}, []part{{group: 1}}
			next = max(next, to)
		}
		if (r.value == nil || m[2] < m[3]) && r.accepts(seen, m) {
			for _, p := range parts {
				from, to := m[2*p.group], m[2*p.group+1]
				if from >= 0 && p.kind == "" {
					to -= escapeEnd(seen[from:to], seen[to:])
				}
				if from < 0 || from >= to || marked(seen[from:to]) || !r.takes(seen, m[0], from, to) {
					continue
				}
				if r.value == nil {
					next = min(next, max(to, pos+1))
				}
				found = append(found, span{from: v.at(from), to: v.at(to), start: v.at(m[0]), order: order, rule: r, kind: p.kind, own: seen[from:to], next: next,
					level: v.level, closed: r.value != nil && inQuotes(seen, from, to)})
			}
		}
		if pos = max(next, pos+1); r.start != nil {
			break
		}
	}
	return found
}

// accepts reports whether a match passes all tests of the rule.
func (r *Rule) accepts(text string, m []int) bool {
	if r.beside != nil && !r.beside.MatchString(text[max(0, m[0]-matchBefore):min(len(text), m[1]+matchBefore)]) {
		return false
	}
	for _, accept := range r.accept {
		if !accept(text, m) {
			return false
		}
	}
	return true
}

// takes reports whether a part of a match passes the rule's tests of it.
func (r *Rule) takes(text string, start, from, to int) bool {
	for _, test := range r.tests {
		if !test(text, start, from, to) {
			return false
		}
	}
	return true
}

// escapeEnd is how much at the end of a secret belongs to the escape of the
// quotation mark behind it: \" and &quot; lose their last character to the
// text that follows.
func escapeEnd(secret, behind string) int {
	switch {
	case behind == "":
		return 0
	case behind[0] == '"' || behind[0] == '\'':
		return len(secret) - len(strings.TrimRight(secret, `\`))
	case behind[0] == ';':
		if at := strings.LastIndexByte(secret, '&'); at >= 0 && len(secret)-at <= 8 {
			if n, _ := unescapeEntity(secret[at:] + ";"); n > 0 {
				return len(secret) - at
			}
		}
	}
	return 0
}

// inQuotes reports whether quotation marks stand around a part of a text.
func inQuotes(text string, from, to int) bool {
	return from > 0 && to < len(text) && text[from-1] == text[to] && (text[to] == '"' || text[to] == '\'') && closes(text, to) &&
		(to-from-len(strings.TrimRight(text[from:to], `\`)))%2 == 0
}

// inMark reports whether a place is inside of what stands for a secret: its
// name is one of a secret, but nothing belongs to it.
func inMark(text string, at int) bool {
	before := text[max(0, at-maxNameRest-len("[redacted:")):at]
	open := strings.LastIndex(before, "[redacted:")
	return open >= 0 && marked(text[at-len(before)+open:]) && !strings.Contains(before[open:], "]")
}
