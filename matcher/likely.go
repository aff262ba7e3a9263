package matcher

import (
	"bytes"
	"cmp"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// Tables, tickets and portals cut texts off. What is left of one may still
// decide: it ends with the beginning of what only one signature looks for.
// beginnings finds that one. It is asked for short texts in which no rule
// finds more than that something failed, and what it says is marked as likely.
type beginnings struct {
	all   []beginning
	first []int32     // by hash of the first keyLen bytes: index in all and one; 0 for none
	next  []int32     // by index in all: likewise, of the next with that hash
	codes []beginning // error codes, sorted
}

// A beginning is a text, folded, that a signature looks for, or a sample of it.
type beginning struct {
	text      string
	signature int
	kind      kindOfBeginning
}

// A claim is what a signature adds to the beginnings.
type claim struct {
	texts []claimedText
	codes []string // error codes, folded
}

type claimedText struct {
	text string // folded
	kind kindOfBeginning
}

type kindOfBeginning int

const (
	lookedFor kindOfBeginning = iota
	positive                  // a sample
	negative                  // a sample that is not of the signature
)

const (
	keyLen     = 6   // bytes
	leastRunes = 20  // of a beginning that decides; half as many where a character says as much as a word
	leastCode  = 6   // of an error code
	maxCutText = 400 // bytes of a text that may have been cut off
	wrapRank   = 50  // signatures below only say that something failed
)

// claimOf takes the literal texts and error codes of a rule that was written for
// gwlogs, and its samples.
func claimOf(s *Signature) *claim {
	c := new(claim)
	if !s.own || s.Rank == 0 || s.Rule.Detection == nil {
		return c
	}
	code := regexp.MustCompile(`ErrorCode=(?:UserError|SystemError)?(\w{6,80})`)
	for _, text := range dataTexts(s) {
		c.add(text, lookedFor)
	}
	for _, sample := range s.Positive {
		for _, text := range sampleTexts(sample) {
			c.add(text, positive)
			if m := code.FindStringSubmatch(text); m != nil {
				c.codes = append(c.codes, strings.ToLower(m[1]))
			}
		}
	}
	for _, sample := range s.Negative {
		for _, text := range sampleTexts(sample) {
			c.add(text, negative)
		}
	}
	return c
}

// beginningsOf gathers the claims of signatures.
func beginningsOf(signatures []*Signature) *beginnings {
	b := new(beginnings)
	for i, s := range signatures {
		c := s.claim
		if c == nil {
			c = claimOf(s)
		}
		for _, t := range c.texts {
			b.all = append(b.all, beginning{t.text, i, t.kind})
		}
		for _, code := range c.codes {
			b.codes = append(b.codes, beginning{code, i, lookedFor})
		}
	}
	slices.SortFunc(b.codes, func(x, y beginning) int {
		return cmp.Or(cmp.Compare(x.text, y.text), cmp.Compare(x.signature, y.signature))
	})
	size := 256
	for size < 4*len(b.all) {
		size *= 2
	}
	b.first, b.next = make([]int32, size), make([]int32, len(b.all))
	for i := range b.all {
		h := b.hash(b.all[i].text)
		b.next[i], b.first[h] = b.first[h], int32(i+1)
	}
	return b
}

// hash is one of the first keyLen bytes.
func (b *beginnings) hash(text string) int {
	h := uint32(2166136261)
	for i := range keyLen {
		h = (h ^ uint32(text[i])) * 16777619
	}
	return int(h) & (len(b.first) - 1)
}

// like yields the texts that begin with the same keyLen bytes.
func (b *beginnings) like(text string) iter.Seq[*beginning] {
	return func(yield func(*beginning) bool) {
		for i := b.first[b.hash(text)]; i > 0; i = b.next[i-1] {
			if e := &b.all[i-1]; e.text[:keyLen] == text[:keyLen] && !yield(e) {
				return
			}
		}
	}
}

// knows reports whether there is such a text.
func (b *beginnings) knows(text string) bool {
	for range b.like(text) {
		return true
	}
	return false
}

// sampleTexts are the texts of a sample that is one event.
func sampleTexts(s Sample) []string {
	if len(s) != 1 {
		return nil
	}
	return s[0].Data
}

func (c *claim) add(text string, kind kindOfBeginning) {
	folded := strings.ToLower(string(appendNormal(nil, []byte(text))))
	if len(folded) < keyLen || strings.HasPrefix(folded, "errorcode=") {
		return
	}
	if kind == lookedFor && folded[0] < utf8.RuneSelf && !strings.Contains(folded, " ") {
		return // a code or a name: many begin alike
	}
	if t := (claimedText{folded, kind}); !slices.Contains(c.texts, t) {
		c.texts = append(c.texts, t)
	}
}

// dataTexts are the literal texts that a rule looks for in the event's text.
func dataTexts(s *Signature) (texts []string) {
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.And:
			for _, term := range e.Terms {
				walk(term)
			}
		case *ast.Or:
			for _, term := range e.Terms {
				walk(term)
			}
		case *ast.Ref:
			walk(e.Search.Expr)
		case *ast.Test:
			if e.Field != dataField || e.Negate || e.All {
				return // of several texts, one alone does not decide
			}
			for _, v := range e.Values {
				for _, p := range v.Patterns {
					for _, piece := range p {
						texts = append(texts, piece.Literal)
					}
				}
			}
		}
	}
	for _, c := range s.Rule.Detection.Conditions {
		walk(c.Expr)
	}
	return texts
}

// find returns the signature that a text, normalised, most likely belonged to,
// or noSignature. signatures are those that it knows the numbers of. Samples
// count only where nothing was found in the text: they say more than it takes.
func (b *beginnings) find(signatures []*Signature, text []byte, nothing bool) int {
	folded := bytes.ToLower(text)
	for _, mark := range []string{" …", "…", "..."} {
		folded = bytes.TrimSuffix(folded, []byte(mark))
	}
	if len(folded) > maxCutText {
		return noSignature
	}
	if s := b.findCode(folded); s != noSignature {
		return s
	}
	whole := string(folded)
	for i := 0; i+keyLen <= len(whole); i++ {
		rest := whole[i:]
		if !b.knows(rest) || !decides(rest) {
			continue
		}
		sampled := nothing && startsSentence(folded[:i])
		if s, ok := b.findText(signatures, rest, sampled); ok {
			return s // the longest: later ones are parts of it
		}
	}
	return noSignature
}

// startsSentence reports whether a sentence may begin behind a text.
func startsSentence(before []byte) bool {
	return len(before) == 0 || bytes.HasSuffix(before, []byte(": ")) || bytes.HasSuffix(before, []byte(". "))
}

// findText returns the signature one of whose texts begins with rest, which
// ends before it. Where several do, what is left decides for the one that
// claims least, if there is one.
func (b *beginnings) findText(signatures []*Signature, rest string, sampled bool) (signature int, ok bool) {
	best, several := noSignature, false
	var out []int
	for e := range b.like(rest) {
		if e.kind == negative && len(e.text) > len(rest) && strings.HasPrefix(e.text, rest) {
			out = append(out, e.signature)
		}
	}
	for e := range b.like(rest) {
		if len(e.text) <= len(rest) || !strings.HasPrefix(e.text, rest) || slices.Contains(out, e.signature) ||
			e.kind == negative || e.kind == positive && !sampled {
			continue
		}
		ok = true
		switch {
		case best == noSignature || signatures[e.signature].Rank < signatures[best].Rank:
			best, several = e.signature, false
		case e.signature != best && signatures[e.signature].Rank == signatures[best].Rank:
			several = true
		}
	}
	if several {
		return noSignature, true
	}
	return best, ok
}

// decides reports whether a beginning is long enough.
func decides(text string) bool {
	n, wide := 0, 0
	for _, r := range text {
		n++
		if r >= 0x2e80 { // Chinese, Japanese, Korean
			wide++
		}
	}
	return n+wide >= leastRunes
}

// findCode returns the signature of the error code that the text ends in.
func (b *beginnings) findCode(folded []byte) int {
	i := bytes.LastIndex(folded, []byte("errorcode"))
	if i < 0 {
		return noSignature
	}
	code := strings.TrimLeft(string(folded[i+len("errorcode"):]), ` =:'"`)
	code = strings.TrimPrefix(strings.TrimPrefix(code, "usererror"), "systemerror")
	if len(code) < leastCode || strings.ContainsAny(code, ` ,;'".`) {
		return noSignature
	}
	at, _ := slices.BinarySearchFunc(b.codes, code, func(e beginning, code string) int { return cmp.Compare(e.text, code) })
	if at == len(b.codes) || !strings.HasPrefix(b.codes[at].text, code) {
		return noSignature
	}
	first := b.codes[at]
	for _, e := range b.codes[at:] {
		if !strings.HasPrefix(e.text, code) {
			break
		}
		if e.signature != first.signature && !strings.HasPrefix(e.text, first.text) {
			return noSignature
		}
	}
	return first.signature // the shortest: it says least
}
