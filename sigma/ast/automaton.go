package ast

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// An automaton says of most texts that an expression does not match them, in one
// step a byte: a tenth of the time that package regexp takes to find that out,
// which tries the expression at every place. It walks the instructions that the
// compiler of regexp makes, all at once: a state is the set of those that wait for
// the next character, at every place where a match may have begun, and what the
// character before was, for \b and ^. States are made when a text first leads to
// them, and kept; what is known is read without a lock. It finds no places: where
// it does not refuse, the expression is tried as ever. FuzzAutomaton holds it
// against package regexp.
type automaton struct {
	prog   *syntax.Prog
	class  [utf8.RuneSelf]uint8 // of the characters of ASCII: which of them no instruction tells apart
	starts []rune               // of the ranges of the other characters that no instruction tells apart, sorted
	of     []uint8              // the class of each range
	narrow bool                 // there are too many: a text beyond ASCII is not refused
	like   []rune               // a character of each class
	words  bool                 // there is a \b, a ^ or a $: the character before counts
	begin  *automatonState

	mu    sync.Mutex
	made  map[string]*automatonState
	stack []uint32
	seen  []bool
}

// An automatonState is what the text so far has left to wait for.
type automatonState struct {
	waits  []uint32 // instructions, sorted; a match may begin here too
	before rune     // one like the character before; -1: none
	next   []atomic.Pointer[automatonState]
}

const (
	maxStates  = 400 // beyond them a text is not refused: this bounds the memory, and what a hostile text costs
	maxClasses = 128
	maxRanges  = 64
	maxInsts   = 4000
)

// newAutomaton returns nil for an expression that is too large for one.
func newAutomaton(expr string) *automaton {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil || len(prog.Inst) > maxInsts {
		return nil
	}
	a := &automaton{prog: prog, made: make(map[string]*automatonState), seen: make([]bool, len(prog.Inst))}
	for i := range prog.Inst {
		a.words = a.words || prog.Inst[i].Op == syntax.InstEmptyWidth
	}
	if !a.classify() {
		return nil
	}
	a.begin = a.state(nil, -1)
	return a
}

// classify finds the classes of characters.
func (a *automaton) classify() bool {
	known := make(map[string]uint8)
	classOf := func(c rune) uint8 {
		var sign []byte
		for i := range a.prog.Inst {
			if in := &a.prog.Inst[i]; takes(in, c) {
				sign = binary.AppendUvarint(sign, uint64(i))
			}
		}
		sign = append(sign, 0xff)
		if a.words {
			sign = utf8.AppendRune(sign, likeBefore(c))
		}
		k, ok := known[string(sign)]
		if !ok && len(known) < maxClasses {
			k = uint8(len(known))
			known[string(sign)] = k
			a.like = append(a.like, c)
		}
		return k
	}
	for c := range a.class {
		a.class[c] = classOf(rune(c))
	}
	a.starts = a.ranges()
	if a.narrow = len(a.starts) > maxRanges; a.narrow {
		a.starts = nil
	}
	for _, c := range a.starts {
		a.of = append(a.of, classOf(c))
	}
	return len(known) < maxClasses
}

// ranges returns where the ranges beyond ASCII begin.
func (a *automaton) ranges() []rune {
	all := []rune{utf8.RuneSelf}
	add := func(from, to rune) {
		for _, c := range [...]rune{from, to + 1} {
			if c > utf8.RuneSelf && c <= unicode.MaxRune {
				all = append(all, c)
			}
		}
	}
	for i := range a.prog.Inst {
		in := &a.prog.Inst[i]
		switch {
		case in.Op != syntax.InstRune && in.Op != syntax.InstRune1:
		case len(in.Rune) == 1:
			c := in.Rune[0]
			add(c, c)
			if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
				for f := unicode.SimpleFold(c); f != c; f = unicode.SimpleFold(f) {
					add(f, f)
				}
			}
		default:
			for k := 0; k+1 < len(in.Rune); k += 2 {
				add(in.Rune[k], in.Rune[k+1])
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// takes reports whether an instruction goes on behind a character.
func takes(in *syntax.Inst, c rune) bool {
	switch in.Op {
	case syntax.InstRune, syntax.InstRune1:
		return in.MatchRune(c)
	case syntax.InstRuneAny:
		return true
	case syntax.InstRuneAnyNotNL:
		return c != '\n'
	}
	return false
}

// likeBefore is one of the characters that \b, ^ and $ do not tell from c.
func likeBefore(c rune) rune {
	switch {
	case c == '\n' || c == -1:
		return c
	case syntax.IsWordChar(c):
		return 'a'
	}
	return ' '
}

// state returns the state of a set of instructions, nil if there are too many.
func (a *automaton) state(waits []uint32, before rune) *automatonState {
	if !a.words && before >= 0 {
		before = ' '
	}
	slices.Sort(waits)
	var key []byte
	for _, i := range waits {
		key = binary.AppendUvarint(key, uint64(i))
	}
	key = binary.AppendVarint(key, int64(before))
	s := a.made[string(key)]
	if s == nil && len(a.made) < maxStates {
		s = &automatonState{waits: slices.Clone(waits), before: before, next: make([]atomic.Pointer[automatonState], len(a.like)+1)}
		a.made[string(key)] = s
	}
	return s
}

// matched is where a match leads, the state behind every other.
var matched = new(automatonState)

// step finds where a class leads from a state, nil if there is no room for another state.
// The class behind all others is the end of the text.
func (a *automaton) step(s *automatonState, class int) *automatonState {
	c := rune(-1)
	if class < len(a.like) {
		c = a.like[class]
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if next := s.next[class].Load(); next != nil {
		return next
	}
	next := a.after(s, c)
	if next != nil {
		s.next[class].Store(next)
	}
	return next
}

func (a *automaton) after(s *automatonState, c rune) *automatonState {
	context := syntax.EmptyOpContext(s.before, c)
	clear(a.seen)
	stack := append(append(a.stack[:0], s.waits...), uint32(a.prog.Start))
	var waits []uint32
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if a.seen[i] {
			continue
		}
		a.seen[i] = true
		switch in := &a.prog.Inst[i]; in.Op {
		case syntax.InstMatch:
			return matched
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, in.Out, in.Arg)
		case syntax.InstCapture, syntax.InstNop:
			stack = append(stack, in.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(in.Arg)&^context == 0 {
				stack = append(stack, in.Out)
			}
		default:
			if c >= 0 && takes(in, c) && !slices.Contains(waits, in.Out) {
				waits = append(waits, in.Out)
			}
		}
	}
	a.stack = stack
	return a.state(waits, likeBefore(c))
}

// refuses reports whether the expression certainly does not match a text.
func (a *automaton) refuses(text string) bool {
	s := a.begin
	for i := 0; i < len(text); {
		var class int
		if b := text[i]; b < utf8.RuneSelf {
			class = int(a.class[b])
			i++
		} else {
			if a.narrow {
				return false
			}
			c, n := utf8.DecodeRuneInString(text[i:])
			k, found := slices.BinarySearch(a.starts, c)
			if !found {
				k--
			}
			class = int(a.of[k])
			i += n
		}
		next := s.next[class].Load()
		if next == nil {
			if next = a.step(s, class); next == nil {
				return false
			}
		}
		if next == matched {
			return false
		}
		s = next
	}
	next := s.next[len(a.like)].Load()
	if next == nil {
		next = a.step(s, len(a.like))
	}
	return next != nil && next != matched
}
