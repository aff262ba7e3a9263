package sigma

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// Literals are the quick way through many rules. A rule that can only match
// an event with one of certain texts in it names these texts; all texts of all
// rules are searched together, in two passes over the event's values: one for
// the texts that are long enough to be met at every fourth place, and one for
// the few others. Beside these there are the texts of tests that ask for nothing
// but them (test.searched), whose answer the search is.
type literals struct {
	texts []literal
	known map[string]int

	long, short *grams
}

// A literal is a folded text and the programs that need it, or another.
type literal struct {
	text     string
	program  int // the first; noProgram for none
	programs []int
	test     *test // the first that holds for a field with this text in it: nothing is left to compare
	tests    []*test
}

// noProgram is for a text that only tests ask for.
const noProgram = -1

// Grams find texts. They take four bytes at every place, or at every second to
// fourth where all texts are long enough (stride), and look them up in a bitmap
// that fits the cache. Of each text as many neighbouring groups of four are in
// the bitmap as the stride is wide, the rarest that it has, so that one of them
// is met wherever the text stands; only there the text is compared. Most events
// have none, and no rule is evaluated for them.
type grams struct {
	list   []gram  // those of one bucket are a chain
	first  []int32 // by the low bits of the hash: index in list and one; 0 for none
	bits   []uint64
	stride int
}

// A gram says that a literal may begin off bytes before the four bytes.
type gram struct {
	key          uint32
	literal, off int32
	next         int32 // in the chain: index in list and one; 0 for none
}

const (
	gramLen  = 4
	gramBits = 16 // of the bitmap's index: 8 KiB; more texts make it larger
)

func newLiterals() *literals { return &literals{known: make(map[string]int)} }

// add adds a text that a program needs; noProgram for one that only tests ask for.
func (l *literals) add(text string, program int) {
	i, ok := l.known[text]
	switch {
	case !ok:
		l.known[text] = len(l.texts)
		l.texts = append(l.texts, literal{text: text, program: program})
	case program == noProgram:
	case l.texts[i].program == noProgram:
		l.texts[i].program = program
	default:
		l.texts[i].programs = append(l.texts[i].programs, program)
	}
}

// settle notes that a test holds when the text is found in its field, if it is searched for.
func (l *literals) settle(text string, t *test) {
	i, ok := l.known[text]
	if !ok {
		return
	}
	switch found := &l.texts[i]; {
	case found.test == nil:
		found.test = t
	case found.test != t:
		found.tests = append(found.tests, t)
	}
}

// maxStride: wider ones would need texts longer than rules have.
const maxStride = 4

// finish builds the tables.
func (l *literals) finish() {
	common := newCommonness(l.texts)
	l.long = newGrams(l.texts, common, gramLen+maxStride-1, 1<<30)
	l.short = newGrams(l.texts, common, gramLen, gramLen+maxStride-2)
}

// newGrams builds the table of the texts of at least and at most so many bytes.
func newGrams(texts []literal, common *commonness, least, most int) *grams {
	g := &grams{stride: maxStride}
	count := 0
	for _, t := range texts {
		if n := len(t.text); least <= n && n <= most {
			g.stride = min(g.stride, n-gramLen+1)
			count++
		}
	}
	if count == 0 {
		return g
	}
	words := 1 << (gramBits - 6)
	for words < 4*count {
		words *= 2
	}
	g.bits, g.first, g.list = make([]uint64, words), make([]int32, words*8), make([]gram, 0, count*g.stride)
	for i, t := range texts {
		if len(t.text) < least || len(t.text) > most {
			continue
		}
		first := common.rarest(t.text, g.stride)
		for off := first; off < first+g.stride; off++ {
			key := gramAt(t.text, off)
			h := hash(key, uint32(words*64-1))
			g.bits[h>>6] |= 1 << (h & 63)
			head := &g.first[h&uint32(len(g.first)-1)]
			g.list = append(g.list, gram{key, int32(i), int32(off), *head})
			*head = int32(len(g.list))
		}
	}
	return g
}

// hash is where a group of four is in the bitmap, whose size is mask and one.
func hash(key, mask uint32) uint32 { return key * 0x9e3779b1 >> 7 & mask }

// search calls found for each literal that occurs in the folded text, as often
// as it does.
func (l *literals) search(text []byte, found func(*literal)) {
	l.long.search(l.texts, text, found)
	l.short.search(l.texts, text, found)
}

func (g *grams) search(texts []literal, text []byte, found func(*literal)) {
	if len(g.list) == 0 {
		return
	}
	bits, mask := g.bits, uint32(len(g.bits)*64-1)
	for i := 0; i+gramLen <= len(text); i += g.stride {
		key := binary.LittleEndian.Uint32(text[i:])
		if h := hash(key, mask); bits[h>>6]&(1<<(h&63)) != 0 {
			g.verify(texts, text, i, key, h, found)
		}
	}
}

// verify compares the literals whose gram is at i.
func (g *grams) verify(texts []literal, text []byte, i int, key, h uint32, found func(*literal)) {
	for n := g.first[h&uint32(len(g.first)-1)]; n > 0; {
		at := &g.list[n-1]
		n = at.next
		if at.key != key {
			continue
		}
		t := &texts[at.literal]
		if from := i - int(at.off); from >= 0 && len(text)-from >= len(t.text) && string(text[from:from+len(t.text)]) == t.text {
			found(t)
		}
	}
}

// commonness counts how many of the literals have four bytes, roughly: what
// is in many is in many events as well.
type commonness struct {
	counts [1 << 14]uint8
	rarity [256]int8
}

// looked is how much of a long text is looked at.
const looked = 40 // bytes

func newCommonness(texts []literal) *commonness {
	c := new(commonness)
	for b := range c.rarity {
		c.rarity[b] = rarity(byte(b))
	}
	for _, t := range texts {
		for i := 0; i+gramLen <= min(len(t.text), looked); i++ {
			if n := c.at(gramAt(t.text, i)); *n < 16 {
				*n++
			}
		}
	}
	return c
}

func (c *commonness) at(key uint32) *uint8 { return &c.counts[hash(key, uint32(len(c.counts)-1))] }

func gramAt(text string, i int) uint32 {
	return uint32(text[i]) | uint32(text[i+1])<<8 | uint32(text[i+2])<<16 | uint32(text[i+3])<<24
}

// rarest returns where the n groups of four, one behind the other, of a text
// are that other texts are least likely to have.
func (c *commonness) rarest(text string, n int) int {
	var scores [looked]int
	sum, best, at := 0, 1<<30, 0
	for i := 0; i+gramLen <= min(len(text), looked); i++ {
		r := c.rarity[text[i]] + c.rarity[text[i+1]] + c.rarity[text[i+2]] + c.rarity[text[i+3]]
		scores[i] = 4*int(*c.at(gramAt(text, i))) - int(r)
		sum += scores[i]
		if i >= n {
			sum -= scores[i-n]
		}
		if i >= n-1 && sum < best {
			best, at = sum, i-n+1
		}
	}
	return at
}

// rarity is small for the bytes that texts and paths are full of.
func rarity(b byte) int8 {
	switch b {
	case ' ', 0:
		return 0
	case 'e', 't', 'a', 'o', 'i', 'n', 'r', 's':
		return 1
	case 'l', 'c', 'd', 'u', '.', '\\', '-', 'm', 'p', 'h':
		return 2
	}
	if 'a' <= b && b <= 'z' {
		return 4
	}
	return 5
}

// neededLiterals returns texts, folded, one of which some value of the event
// must have in it for e to hold; ok is false if there are none to be had.
func neededLiterals(e ast.Expr) (texts []string, ok bool) {
	switch e := e.(type) {
	case *ast.And:
		for _, term := range e.Terms {
			t, tok := neededLiterals(term)
			if tok && (!ok || better(t, texts)) {
				texts, ok = t, true
			}
		}
		return texts, ok
	case *ast.Or:
		for _, term := range e.Terms {
			t, ok := neededLiterals(term)
			if !ok {
				return nil, false
			}
			texts = append(texts, t...)
		}
		return texts, len(texts) > 0
	case *ast.Ref:
		return neededLiterals(e.Search.Expr)
	case *ast.Test:
		return neededInTest(e)
	}
	return nil, false
}

// better prefers few and long texts.
func better(a, b []string) bool { return weakness(a) < weakness(b) }

func weakness(texts []string) float64 {
	sum := 0.0
	for _, t := range texts {
		sum += 1 / float64(len(t)*len(t))
	}
	return sum
}

func neededInTest(t *ast.Test) (texts []string, ok bool) {
	switch t.Field {
	case fieldChannel, fieldProvider, fieldEventID: // these are not searched
		return nil, false
	}
	if t.Negate || t.Part != ast.TimeWhole {
		return nil, false
	}
	for _, v := range t.Values {
		needed, ok := neededInValue(t, &v)
		switch {
		case t.All && ok && (len(texts) == 0 || better(needed, texts)):
			texts = needed // any one of them is needed: the best
		case t.All:
		case !ok:
			return nil, false
		default:
			texts = append(texts, needed...)
		}
	}
	return texts, len(texts) > 0
}

func neededInValue(t *ast.Test, v *ast.Value) ([]string, bool) {
	switch {
	case t.Op == ast.OpRegexp:
		return neededInRegexp(v.Regexp.String())
	case t.Op > ast.OpEndsWith, v.Kind == ast.Null, v.Kind == ast.Number && t.Op == ast.OpEqual, len(v.Patterns) == 0:
		return nil, false
	}
	var texts []string
	for _, p := range v.Patterns {
		longest := ""
		for _, piece := range p {
			if text := foldString(piece.Literal); len(text) > len(longest) {
				longest = text
			}
		}
		if len(longest) < gramLen {
			return nil, false
		}
		texts = append(texts, longest)
	}
	return texts, true
}

// neededInRegexp returns texts, folded, one of which every match of the
// expression has in it; ok is false if there are none to be had.
func neededInRegexp(expr string) (texts []string, ok bool) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, false
	}
	return neededInSyntax(re)
}

func neededInSyntax(re *syntax.Regexp) (texts []string, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		text := foldString(string(re.Rune))
		return []string{text}, len(text) >= gramLen
	case syntax.OpCapture, syntax.OpPlus:
		return neededInSyntax(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return neededInSyntax(re.Sub[0])
		}
	case syntax.OpConcat:
		return neededInConcat(re.Sub)
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			t, ok := neededInSyntax(sub)
			if !ok {
				return nil, false
			}
			texts = append(texts, t...)
		}
		return texts, len(texts) > 0
	}
	return nil, false
}

// neededInConcat looks at the parts one by one, and at neighbouring ones that
// are certain texts together: the parser makes Odbc(?:Failed|Exception) of
// OdbcFailed|OdbcException, and Exception alone would be everywhere.
func neededInConcat(subs []*syntax.Regexp) (texts []string, ok bool) {
	take := func(t []string) {
		if !slices.ContainsFunc(t, func(text string) bool { return len(text) < gramLen }) && (!ok || better(t, texts)) {
			texts, ok = t, true
		}
	}
	run := []string{""}
	for _, sub := range subs {
		if t, tok := neededInSyntax(sub); tok {
			take(t)
		}
		if t, tok := certainTexts(sub); tok && len(run)*len(t) <= maxCertain {
			run = product(run, t)
			continue
		}
		take(run)
		run = []string{""}
	}
	take(run)
	return texts, ok
}

const maxCertain = 64

// certainTexts returns the texts, folded, that an expression matches, if these
// are few; ok is false otherwise.
func certainTexts(re *syntax.Regexp) (texts []string, ok bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpWordBoundary:
		return []string{""}, true
	case syntax.OpLiteral:
		return []string{foldString(string(re.Rune))}, true
	case syntax.OpCharClass:
		return fewCharacters(re.Rune)
	case syntax.OpCapture:
		return certainTexts(re.Sub[0])
	case syntax.OpConcat:
		texts = []string{""}
		for _, sub := range re.Sub {
			t, ok := certainTexts(sub)
			if !ok || len(texts)*len(t) > maxCertain {
				return nil, false
			}
			texts = product(texts, t)
		}
		return texts, true
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			t, ok := certainTexts(sub)
			if !ok || len(texts)+len(t) > maxCertain {
				return nil, false
			}
			texts = append(texts, t...)
		}
		return texts, true
	}
	return nil, false
}

// maxCharacters is how many characters of a class are told apart: the parser
// makes 132[67] of 1326|1327.
const maxCharacters = 10

// fewCharacters returns the characters of a class, folded, if these are few.
func fewCharacters(ranges []rune) (texts []string, ok bool) {
	n := 0
	for i := 0; i < len(ranges); i += 2 {
		if n += int(ranges[i+1]-ranges[i]) + 1; n > 2*maxCharacters {
			return nil, false
		}
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if text := foldString(string(c)); !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	return texts, 0 < len(texts) && len(texts) <= maxCharacters
}

// product returns each of a followed by each of b.
func product(a, b []string) []string {
	all := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}
