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
	doubts  map[Suspect]int // what was left that looks like a secret
	watch   func(Finding)   // nil if nobody looks
	steps   int             // bytes that rules have looked at: what a text costs, for tests
	opaque  int             // binary values that are not text, or not all of them
	events  int             // what was counted and doubted, together
	quiet   quiet           // values that have nothing
	learned quiet           // values that Learn has taken
	record  recordState
	eager   *atomic.Bool // the name of a secret may stand in a template, which is seen once: look at every record
	hits    []ruleHit
	raw     []byte               // the text they are in
	scratch []byte               // another text
	runs    []run                // of text in a binary value
	done    []int                // up to where each rule with a finder was tried
	windows []window             // where each rule with a pattern is to be tried next
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
		counts: make(map[string]int), doubts: make(map[Suspect]int), named: make(map[string]nameClass),
		eager: new(atomic.Bool), quiet: newQuiet(), learned: newQuiet(), known: &Rule{Name: "known-name", parts: []part{{0, Other}}},
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
	f.counts, f.doubts, f.named = make(map[string]int), make(map[Suspect]int), make(map[string]nameClass)
	f.record, f.hits, f.raw, f.scratch, f.runs, f.done, f.windows, f.found, f.opaque = recordState{}, nil, nil, nil, nil, nil, nil, nil, 0
	f.quiet, f.learned = r.quiet.fresh(), r.learned.fresh()
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
	all := sortedCounts(r.counts)
	clear(r.counts)
	return all
}

func sortedCounts[K ~string](counts map[K]int) []Count {
	var all []Count
	for name, n := range counts {
		all = append(all, Count{string(name), n})
	}
	slices.SortFunc(all, func(a, b Count) int { return strings.Compare(a.Rule, b.Rule) })
	return all
}

// count notes that a rule applied.
func (r *Redactor) count(rule *Rule, n int) { r.countNamed(rule.Name, n) }

func (r *Redactor) countNamed(rule string, n int) {
	r.counts[rule] += n
	r.events++
}

// TakeOpaque returns how many binary values were not all text since the last
// call: what else is in them was not looked into.
func (r *Redactor) TakeOpaque() int {
	n := r.opaque
	r.opaque = 0
	return n
}

// Text redacts a text of any kind.
func (r *Redactor) Text(text string) string {
	if r.mode == None {
		return text
	}
	text = r.text(text, false)
	r.note(text)
	return text
}

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
