package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/evtx"
)

// Names are identities that were seen where it is certain what they are, the
// computer of an event for one. They are looked for as words everywhere else.
// The zero value is empty. It belongs to one goroutine.
type Names struct {
	words   map[string]Kind // lower case
	domains map[string]bool // names with a dot
	starts  []uint64        // bits: the first two bytes of words and domains, see mayHave
}

const maxNames = 100_000

// Merge adds the names of other.
func (n *Names) Merge(other *Names) {
	for word, kind := range other.words {
		n.add(kind, word)
	}
}

// add takes a name. What is too short or too common to be looked for is left out.
// Of two kinds that share a name, the one whose word comes first in the alphabet
// stays, whatever order they came in.
func (n *Names) add(kind Kind, name string) {
	name = strings.ToLower(strings.Trim(name, ". "))
	if len(name) < leastName(kind) || commonName(name) || tokenOf(name) || marked(name) || strings.Trim(name, "0123456789.:-") == "" {
		return
	}
	if n.words == nil {
		n.words, n.domains = make(map[string]Kind), make(map[string]bool)
	}
	if have, ok := n.words[name]; ok && have <= kind || len(n.words) >= maxNames {
		return
	}
	n.words[name] = kind
	if n.starts == nil {
		n.starts = make([]uint64, 1<<16/64)
	}
	start := startOf(name)
	n.starts[start>>6] |= 1 << (start & 63)
	if kind == Domain && strings.Contains(name, ".") {
		n.domains[name] = true
	}
}

func startOf(word string) int { return int(lower(word[0]))<<8 | int(lower(word[1])) }

// mayHave reports whether a word, or a part of it between dots, hyphens and
// underlines, may be the beginning of a name: most words of a text are not, and
// that costs a look at two of their letters. Of letters that are not ASCII the
// other case is not known here.
func (n *Names) mayHave(word string) bool {
	part := true
	for i := 0; i+1 < len(word); i++ {
		if part {
			start := startOf(word[i:])
			if word[i] >= utf8.RuneSelf || word[i+1] >= utf8.RuneSelf || n.starts[start>>6]&(1<<(start&63)) != 0 {
				return true
			}
		}
		part = word[i] == '.' || word[i] == '_' || word[i] == '-'
	}
	return false
}

func leastName(kind Kind) int {
	switch kind {
	case Machine, User:
		return 3
	case Domain:
		return 4
	}
	return 5
}

// host takes a machine and its domain. A short name that could be a word
// ("proxy") is looked for elsewhere only if it is sure to be the name of a
// computer of the logs.
func (n *Names) host(name string, sure bool) {
	short, domain, _ := strings.Cut(name, ".")
	if sure || strings.ContainsAny(short, "0123456789-_") {
		n.add(Machine, short)
	}
	if strings.Contains(domain, ".") {
		n.add(Domain, domain)
	}
}

// Learn takes the identities of a record. The Redactor is of mode Identities, and
// one that learns: it takes a text once, so that n is to be merged with what it has
// learned before.
func (r *Redactor) Learn(n *Names, rec *evtx.Record) {
	n.host(rec.Computer(), true)
	s := &r.record
	s.data = rec.AppendData(s.data[:0])
	endpoints := rec.EventID() == endpointEvent
	for _, d := range s.data {
		switch d.Value.Type {
		case evtx.TypeString, evtx.TypeEvtXML, evtx.TypeAnsiString:
			kind := r.classOf(d.Name).kind
			once := kind == "" && !endpoints && d.Value.Type == evtx.TypeString
			if once { // what was learned from it is among the names
				hash, known, _ := r.learned.find(d.Value.Raw)
				if known {
					continue
				}
				r.learned.add(hash, false)
			}
			text := strings.TrimRight(d.Value.String(), "\x00")
			if kind != "" && r.isName(kind, text) {
				n.learn(kind, text)
			}
			r.LearnText(n, text, endpoints)
		}
	}
}

// LearnText takes the identities of a text.
func (r *Redactor) LearnText(n *Names, text string, endpoints bool) {
	for _, s := range r.identitySpans(text, r.secretSpans(text), endpoints) {
		n.learn(s.kind, s.own)
	}
}

func (n *Names) learn(kind Kind, text string) {
	switch kind {
	case Machine:
		n.host(text, false)
	case User, Domain, Factory, Storage, Namespace, Group, Certificate:
		n.add(kind, text)
	}
}

// words calls visit for each word of a text that could be a name, dots inside
// included.
func words(text string, visit func(from, to int)) {
	start := -1
	for i := 0; i < len(text); {
		c, n := rune(text[i]), 1
		var named bool
		if c < utf8.RuneSelf {
			named = isNameByte(text[i]) || c == '$' || c == '.' && start >= 0
		} else {
			c, n = utf8.DecodeRuneInString(text[i:])
			named = unicode.IsLetter(c) || unicode.IsDigit(c)
		}
		if named {
			if start < 0 {
				start = i
			}
		} else if start >= 0 {
			visit(start, i)
			start = -1
		}
		i += n
	}
	if start >= 0 {
		visit(start, len(text))
	}
}
