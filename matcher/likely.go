package matcher

import (
	"bytes"
	"cmp"
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
	texts map[string][]beginning // by the first keyLen bytes
	codes []beginning            // error codes, sorted
}

// A beginning is a text, folded, that a signature looks for, or a sample of it.
type beginning struct {
	text      string
	signature int
	kind      kindOfBeginning
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

// beginningsOf takes the literal texts and error codes of the rules that were
// written for gwlogs, and their samples.
func beginningsOf(signatures []*Signature) *beginnings {
	b := &beginnings{texts: make(map[string][]beginning)}
	code := regexp.MustCompile(`ErrorCode=(?:UserError|SystemError)?(\w{6,80})`)
	for i, s := range signatures {
		if !s.own || s.Rank == 0 || s.Rule.Detection == nil {
			continue
		}
		for _, text := range dataTexts(s) {
			b.add(text, i, lookedFor)
		}
		for _, sample := range s.Positive {
			b.addSample(sample, i, positive)
			for _, text := range sampleTexts(sample) {
				if m := code.FindStringSubmatch(text); m != nil {
					b.codes = append(b.codes, beginning{strings.ToLower(m[1]), i, lookedFor})
				}
			}
		}
		for _, sample := range s.Negative {
			b.addSample(sample, i, negative)
		}
	}
	slices.SortFunc(b.codes, func(x, y beginning) int {
		return cmp.Or(cmp.Compare(x.text, y.text), cmp.Compare(x.signature, y.signature))
	})
	return b
}

func (b *beginnings) addSample(s Sample, signature int, kind kindOfBeginning) {
	for _, text := range sampleTexts(s) {
		b.add(text, signature, kind)
	}
}

// sampleTexts are the texts of a sample that is one event.
func sampleTexts(s Sample) []string {
	if len(s) != 1 {
		return nil
	}
	return s[0].Data
}

func (b *beginnings) add(text string, signature int, kind kindOfBeginning) {
	folded := strings.ToLower(string(appendNormal(nil, []byte(text))))
	if len(folded) < keyLen || strings.HasPrefix(folded, "errorcode=") {
		return
	}
	if kind == lookedFor && folded[0] < utf8.RuneSelf && !strings.Contains(folded, " ") {
		return // a code or a name: many begin alike
	}
	all := b.texts[folded[:keyLen]]
	if e := (beginning{folded, signature, kind}); !slices.Contains(all, e) {
		b.texts[folded[:keyLen]] = append(all, e)
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
		if b.texts[rest[:keyLen]] == nil || !decides(rest) {
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
	for _, e := range b.texts[rest[:keyLen]] {
		if e.kind == negative && len(e.text) > len(rest) && strings.HasPrefix(e.text, rest) {
			out = append(out, e.signature)
		}
	}
	for _, e := range b.texts[rest[:keyLen]] {
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
