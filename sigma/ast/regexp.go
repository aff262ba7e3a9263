package ast

import (
	"regexp"
	"sync"
	"sync/atomic"
)

// A Regexp is a regular expression (RE2, as package regexp has it) that is
// compiled when it is first needed: most rules of a catalogue are never tried.
// It serves any number of goroutines, and is not to be copied.
type Regexp struct {
	Expr string // with its flags: "(?i)failed"

	once     sync.Once
	compiled *regexp.Regexp

	analyze sync.Once
	begins  *textSet // see Start; nil if they are not known
	follow  []*textSet

	tries     atomic.Int32 // see FindStringSubmatchIndex
	anchoring sync.Once
	anchor    *anchor    // nil where the texts that a match begins with are not known
	automaton *automaton // nil where it would be too large

	coring sync.Once
	core   *core // see FindAllSubmatchIndex; nil where there is none
}

// NewRegexp compiles an expression. The error is that of package regexp.
func NewRegexp(expr string) (*Regexp, error) {
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, err
	}
	return RegexpOf(re), nil
}

// RegexpOf returns an expression that is compiled already.
func RegexpOf(compiled *regexp.Regexp) *Regexp {
	r := &Regexp{Expr: compiled.String()}
	r.once.Do(func() { r.compiled = compiled })
	return r
}

// Compiled returns the expression compiled. One that cannot be, which NewRegexp
// has never seen, matches nothing.
func (r *Regexp) Compiled() *regexp.Regexp {
	r.once.Do(func() {
		re, err := regexp.Compile(r.Expr)
		if err != nil {
			re = regexp.MustCompile(`[^\x{0}-\x{10ffff}]`)
		}
		r.compiled = re
	})
	return r.compiled
}

// String returns the expression.
func (r *Regexp) String() string { return r.Expr }
