package redact

import (
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// mechanisms are what rules are made with: the parts that are code, by the names
// that rules call them.
type mechanisms struct {
	words   *vocabulary
	folds   *folds
	finders map[string]mechanism
	nears   map[string]near
	onlys   map[string]only
	tests   map[string]test
	values  map[string]valueOf
	starts  map[string]starter
	idTests map[string]accepter // of identities
}

// A mechanism finds secrets around the names of the vocabulary.
type mechanism struct {
	find  finder
	forms forms // that it looks at
}

func newMechanisms() (*mechanisms, error) {
	v, err := newVocabulary()
	if err != nil {
		return nil, err
	}
	return &mechanisms{
		words: v, folds: newFolds(),
		finders: map[string]mechanism{
			"assignment": {v.assignment, withSign},
			"element":    {v.element, inTag},
			"pair":       {pairs{v}.find, labelled},
			"option":     {v.option, asOption},
			"sentence":   {spoken{v}.find, inSentence},
			"table":      {tables{v}.find, inTable},
		},
		nears: nears(),
		onlys: map[string]only{"hex-run": hexRun},
		tests: tests(),
		values: map[string]valueOf{
			"value":       behindSign,
			"argument":    behindOption,
			"pem-body":    pemBody,
			"key-lines":   keyLines,
			"user-info":   userInfo,
			"element":     elementText,
			"to-line-end": toLineEnd,
		},
		starts:  map[string]starter{"pem-lines": pemStart},
		idTests: identityTests(),
	}, nil
}

// toLineEnd is the rest of the line.
func toLineEnd(text string, m []int) (from, to int) {
	from = m[1]
	to = min(len(text), from+8*maxLooked)
	if end := strings.IndexAny(text[from:to], "\r\n"); end >= 0 {
		to = from + end
	}
	return from, from + len(strings.TrimRight(text[from:to], " \t\"'"))
}

// known looks a name up that a rule has, and lists those there are if it is none.
func known[T any](what, name string, all map[string]T) (T, error) {
	if v, ok := all[name]; ok {
		return v, nil
	}
	var none T
	return none, fmt.Errorf("%s: there is no %q, but %s", what, name, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
}

// make makes a rule of what a file says of it.
func (m *mechanisms) make(s *ruleSpec) (*Rule, error) {
	r := &Rule{
		Name: s.Name, triggers: s.Triggers, before: matchBefore, behind: matchBehind, whole: s.Whole,
		joins: s.Joins, first: s.First, keepsKey: s.Endpoints, samples: s.Samples, spec: s,
	}
	if s.Before > 0 {
		r.before = s.Before
	}
	if s.Behind > 0 {
		r.behind = s.Behind
	}
	for _, fill := range []func(r *Rule, s *ruleSpec) error{m.fillPattern, m.fillValue, m.fillConditions} {
		if err := fill(r, s); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// fillPattern settles how the rule finds.
func (m *mechanisms) fillPattern(r *Rule, s *ruleSpec) error {
	if s.Find != "" {
		if s.Pattern != "" || s.Take != "" || len(s.Triggers) > 0 {
			return fmt.Errorf("find: %s needs no pattern, triggers or take", s.Find)
		}
		f, err := known("find", s.Find, m.finders)
		if err != nil {
			return err
		}
		r.find, r.forms, r.parts = f.find, f.forms, []part{{}}
		return nil
	}
	pattern, groups, err := newPattern(s.Pattern)
	if err != nil {
		return err
	}
	r.pattern, r.named = pattern, matchesNames(s.Pattern)
	r.parts, r.label = partsOf(groups)
	for _, p := range r.parts {
		if p.kind != "" && !slices.Contains(Kinds(), p.kind) {
			return fmt.Errorf("group %q is no kind of identity: use secret, or one of %s", p.kind, kindNames())
		}
		if (p.kind == "") != r.Secret() {
			return fmt.Errorf("secrets and identities need a rule each")
		}
	}
	return nil
}

func (m *mechanisms) fillValue(r *Rule, s *ruleSpec) (err error) {
	switch {
	case s.Option != "":
		option, _, err := newPattern(s.Option)
		if err != nil {
			return fmt.Errorf("option: %w", err)
		}
		r.value = commandOption(option, s.Triggers)
	case s.Take != "":
		if r.value, err = known("take", s.Take, m.values); err != nil {
			return err
		}
	}
	if r.value != nil {
		r.parts = []part{{group: 1}}
	}
	if s.Start != "" {
		r.start, err = known("start", s.Start, m.starts)
	}
	return err
}

func (m *mechanisms) fillConditions(r *Rule, s *ruleSpec) (err error) {
	if s.Near != "" {
		if r.near, err = known("near", s.Near, m.nears); err != nil {
			return err
		}
	}
	if s.Only != "" {
		if r.only, err = known("only", s.Only, m.onlys); err != nil {
			return err
		}
	}
	if s.Beside != "" {
		if r.beside, _, err = newPattern(s.Beside); err != nil {
			return fmt.Errorf("beside: %w", err)
		}
	}
	if s.Unless != "" {
		unless, _, err := newPattern(s.Unless)
		if err != nil {
			return fmt.Errorf("unless: %w", err)
		}
		r.accept = append(r.accept, func(text string, at []int) bool { return unless.FindStringSubmatchIndex(text[at[0]:at[1]]) == nil })
	}
	if r.label > 0 {
		r.accept = append(r.accept, func(text string, at []int) bool {
			return at[2*r.label] < 0 || m.words.classOf(text[at[2*r.label]:at[2*r.label+1]]) != noSecret
		})
	}
	for _, name := range s.Accept {
		if id, ok := m.idTests[name]; ok {
			r.accept = append(r.accept, id)
			continue
		}
		t, err := known("accept", name, m.tests)
		if err != nil {
			return err
		}
		r.tests = append(r.tests, func(text string, start, from, to int) bool { return t(m.words, text, start, from, to) })
	}
	return nil
}

// newPattern reads a pattern of a rule, and returns the names of its groups. It is
// compiled when it is first needed: most rules have nothing to do in a run.
func newPattern(pattern string) (re *ast.Regexp, groups []string, err error) {
	switch {
	case pattern == "":
		return nil, nil, fmt.Errorf("has no pattern")
	case len(pattern) > maxPattern:
		return nil, nil, fmt.Errorf("the pattern is longer than %d bytes", maxPattern)
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, nil, err
	}
	if matchesEmpty(parsed) {
		return nil, nil, fmt.Errorf("the pattern matches nothing at all, and so everywhere")
	}
	return &ast.Regexp{Expr: pattern}, parsed.CapNames(), nil
}

// matchesEmpty reports whether an expression matches an empty text.
func matchesEmpty(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune) == 0
	case syntax.OpNoMatch, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpWordBoundary:
		return false
	case syntax.OpCapture, syntax.OpPlus:
		return matchesEmpty(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min == 0 || matchesEmpty(re.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !matchesEmpty(sub) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(re.Sub, matchesEmpty)
	}
	return true // OpStar, OpQuest, the ends of a text
}
