package redact

import (
	"encoding/binary"
	"sync"
	"unicode/utf8"
)

// A ruleSet is the rules, and what finds the places where they may match. It is
// made once and shared.
type ruleSet struct {
	words      *vocabulary
	folds      *folds
	expr       *expressions
	secrets    []*Rule
	identities []*Rule
	search     *search
	byWord     [][]int    // the rules for secrets that a word triggers
	namesWord  []bool     // words of the vocabulary, whose finders have forms
	everywhere []int      // rules for secrets without a trigger
	keyWord    [256]uint8 // see keyWordBytes

	nameSearch *search // for the triggers of identities
	byName     [][]int // the rules for identities that a word triggers
}

// A ruleHit is a hit that a rule wants to look at.
type ruleHit struct {
	hit
	forms forms
}

// A house is what all rule sets are made of: the mechanisms and the built-in
// rules. Nothing of it is changed after it is made.
type house struct {
	*mechanisms
	expr  *expressions
	rules []*Rule
	set   *ruleSet // of the built-in rules alone
}

// loadHouse makes it when it is first needed: in a run, all Redactors share one.
var loadHouse = sync.OnceValues(func() (*house, error) {
	m, err := newMechanisms()
	if err != nil {
		return nil, err
	}
	h := &house{mechanisms: m, expr: newExpressions()}
	if h.rules, err = builtinRules(m); err != nil {
		return nil, err
	}
	h.set = h.ruleSet(h.rules)
	return h, nil
})

func newRuleSet(extra *RuleFile) (*ruleSet, error) {
	h, err := loadHouse()
	switch {
	case err != nil:
		return nil, err
	case extra == nil:
		return h.set, nil
	}
	all, err := extra.apply(h.mechanisms, h.rules)
	if err != nil {
		return nil, err
	}
	return h.ruleSet(all), nil
}

func (h *house) ruleSet(rules []*Rule) *ruleSet {
	set := &ruleSet{words: h.words, folds: h.folds, expr: h.expr, keyWord: keyWordBytes()}
	for _, rule := range rules {
		if rule.Secret() {
			set.secrets = append(set.secrets, rule)
		} else {
			set.identities = append(set.identities, rule)
		}
	}
	set.index()
	return set
}

// index makes the search for the triggers of the rules for secrets.
func (set *ruleSet) index() {
	var words []string
	at := make(map[string]int)
	add := func(word string, rule int, name bool) {
		i, ok := at[word]
		if !ok {
			i = len(words)
			at[word] = i
			words, set.byWord, set.namesWord = append(words, word), append(set.byWord, nil), append(set.namesWord, false)
		}
		set.byWord[i] = append(set.byWord[i], rule)
		set.namesWord[i] = set.namesWord[i] || name
	}
	for i, rule := range set.secrets {
		switch {
		case rule.find != nil:
			for _, word := range set.words.triggers {
				add(word, i, true)
			}
		case len(rule.triggers) == 0:
			set.everywhere = append(set.everywhere, i)
		}
		for _, word := range rule.triggers {
			add(word, i, false)
		}
	}
	set.search = newSearch(set.folds, words, false)
	set.indexNames()
}

// indexNames makes the search for the triggers of the rules for identities.
func (set *ruleSet) indexNames() {
	var words []string
	at := make(map[string]int)
	for i, rule := range set.identities {
		for _, word := range rule.triggers {
			k, ok := at[word]
			if !ok {
				k = len(words)
				at[word] = k
				words, set.byName = append(words, word), append(set.byName, nil)
			}
			set.byName[k] = append(set.byName[k], i)
		}
	}
	set.nameSearch = newSearch(set.folds, words, true)
}

// anyForm is the form of a hit that is no name.
const anyForm forms = 1 << 7

// wanted reports whether a rule wants to look at a hit: 0 if none does.
func (set *ruleSet) wanted(text []byte, h hit) (f forms) {
	if set.namesWord[h.word] {
		f = set.words.formsOf(text, h.from, h.to)
	}
	for _, i := range set.byWord[h.word] {
		rule := set.secrets[i]
		if rule.find == nil && (rule.near == nil || rule.near(text, h.from, h.to)) {
			return f | anyForm
		}
	}
	return f
}

// look reports whether a text may hold a secret: whether there is a hit, and
// whether escapes may hide one.
func (set *ruleSet) look(text []byte) (hits, hides bool) {
	hits = len(set.everywhere) > 0
	f := set.search.find(text, func(h hit) bool {
		hits = hits || set.wanted(text, h) != 0
		return !hits
	})
	return hits, f.hides
}

// appendNarrow appends UTF-16LE as UTF-8.
func appendNarrow(dst, wide []byte) []byte {
	for len(wide) >= 8 { // four characters of ASCII at a time
		four := binary.LittleEndian.Uint64(wide)
		if four&0xff80ff80ff80ff80 != 0 {
			break
		}
		dst = append(dst, byte(four), byte(four>>16), byte(four>>32), byte(four>>48))
		wide = wide[8:]
	}
	for ; len(wide) >= 2; wide = wide[2:] {
		c := rune(wide[0]) | rune(wide[1])<<8
		if c < utf8.RuneSelf {
			dst = append(dst, byte(c))
			continue
		}
		if 0xd800 <= c && c < 0xdc00 && len(wide) >= 4 && wide[3]&0xfc == 0xdc {
			c = 0x10000 + (c&0x3ff)<<10 + (rune(wide[2])|rune(wide[3])<<8)&0x3ff
			wide = wide[2:]
		}
		dst = utf8.AppendRune(dst, c)
	}
	return dst
}

// hitsIn reports whether there is a hit in a text.
func (set *ruleSet) hitsIn(text []byte) bool {
	hits, _ := set.look(text)
	return hits
}
