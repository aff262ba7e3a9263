package sigma

import (
	"fmt"
	"slices"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A correlation is a compiled ast.Correlation.
type correlation struct {
	*ast.Correlation
	rule    *Rule
	index   int
	of      []*Rule   // by ast.Correlation.Rules
	parents []service // correlations of this correlation
}

// A service is the part that a rule plays in a correlation.
type service struct {
	correlation int
	rule        int   // in Correlation.Rules
	fields      []int // of the group-by values
	counted     int   // of ValueCount: the field
	system      bool  // some of these are given by Begin
	group       []int // of a correlation: which of its group-by values these are
}

// correlate finds the rules of the correlations.
func (s *Set) correlate(o *Options) error {
	byName := make(map[string]*Rule)
	for _, r := range s.rules {
		for _, name := range []string{r.Name, r.ID} {
			if name == "" {
				continue
			}
			if other := byName[name]; other != nil && other != r {
				reason := fmt.Sprintf("%s is the name or id of another rule too, in %s:%d", name, other.File, other.Pos.Line)
				return &Error{File: r.File, Pos: r.Pos, Reason: reason}
			}
			byName[name] = r
		}
	}
	s.serves, s.silent = make(map[*Rule][]service), make(map[*Rule]bool)
	index := make(map[*Rule]*correlation)
	for _, r := range s.rules {
		if r.Correlation != nil {
			c := &correlation{Correlation: r.Correlation, rule: r, index: len(s.correlations), of: make([]*Rule, len(r.Correlation.Rules))}
			index[r] = c
			s.correlations = append(s.correlations, c)
		}
	}
	for _, c := range s.correlations {
		if err := s.refer(c, byName, index, o); err != nil {
			return err
		}
		if err := c.countable(); err != nil {
			return err
		}
	}
	generated := make(map[*Rule]bool)
	for _, c := range s.correlations {
		for _, r := range c.of {
			s.silent[r] = true
			generated[r] = generated[r] || c.Generate
		}
	}
	for r := range generated {
		s.silent[r] = !generated[r]
	}
	return s.acyclic()
}

// refer resolves the rules of one correlation and the fields it groups by.
func (s *Set) refer(c *correlation, byName map[string]*Rule, index map[*Rule]*correlation, o *Options) error {
	// From the last to the first: of a rule that stands twice in a sequence one
	// event must not be both.
	for i := range slices.Backward(c.Rules) {
		ref := c.Rules[i]
		r := byName[ref.Name]
		if r == nil {
			return &Error{File: c.rule.File, Pos: ref.Pos, Reason: fmt.Sprintf("correlation: there is no rule %q", ref.Name)}
		}
		c.of[i] = r
		part := service{correlation: c.index, rule: i}
		child := index[r]
		if child == nil {
			form := o.form(r)
			for _, name := range c.GroupBy {
				name = c.alias(name, r)
				part.fields, part.system = append(part.fields, s.field(name, form)), part.system || isSystem(name)
			}
			if c.Field != "" {
				name := c.alias(c.Field, r)
				part.counted, part.system = s.field(name, form), part.system || isSystem(name)
			}
			s.serves[r] = append(s.serves[r], part)
			continue
		}
		for _, name := range c.GroupBy {
			name = c.alias(name, r)
			at := slices.Index(child.GroupBy, name)
			if at < 0 {
				return &Error{File: c.rule.File, Pos: ref.Pos, Reason: fmt.Sprintf("correlation: %s does not group by %q", ref.Name, name)}
			}
			part.group = append(part.group, at)
		}
		if c.Type == ast.ValueCount {
			return &Error{File: c.rule.File, Pos: ref.Pos, Reason: "correlation: value_count needs rules with fields, not a correlation"}
		}
		child.parents = append(child.parents, part)
	}
	return nil
}

// countable refuses what a Correlator would have to keep too much for.
func (c *correlation) countable() error {
	for _, b := range c.Condition {
		if b.N >= maxValues {
			return &Error{File: c.rule.File, Pos: b.Pos, Reason: fmt.Sprintf("correlation: no more than %d are counted", maxValues-1)}
		}
	}
	return nil
}

// alias returns what a rule calls a group-by field.
func (c *correlation) alias(name string, r *Rule) string {
	for _, a := range c.Aliases {
		if a.Name != name {
			continue
		}
		for _, f := range a.Fields {
			if f.Rule == r.Name || f.Rule == r.ID {
				return f.Field
			}
		}
	}
	return name
}

// Groups reports whether the field is looked at, in this form, by correlations
// alone. Its value may be given after Match, before Hits: then only for events
// that match.
func (s *Set) Groups(field string, form Form) bool {
	i, ok := s.fields[form][field]
	return ok && i >= s.detected && !s.keywords[form]
}

// maxWays is in how many ways a correlation may count for others, directly and
// through others: each of its completions goes all of them.
const maxWays = 1000

// acyclic refuses correlations that refer to themselves, or in too many ways to
// one another.
func (s *Set) acyclic() error {
	const onTheWay = -1
	ways := make([]int, len(s.correlations)) // 0: not visited
	var visit func(c *correlation) error
	visit = func(c *correlation) error {
		switch n := ways[c.index]; {
		case n == onTheWay:
			return &Error{File: c.rule.File, Pos: c.Pos, Reason: "correlation refers to itself"}
		case n > 0:
			return nil
		}
		ways[c.index] = onTheWay
		n := 1
		for _, p := range c.parents {
			if err := visit(s.correlations[p.correlation]); err != nil {
				return err
			}
			if n += ways[p.correlation]; n > maxWays {
				return &Error{File: c.rule.File, Pos: c.Pos, Reason: fmt.Sprintf("correlation counts for others in more than %d ways", maxWays)}
			}
		}
		ways[c.index] = n
		return nil
	}
	for _, c := range s.correlations {
		if err := visit(c); err != nil {
			return err
		}
	}
	return nil
}

// Reports reports whether a match of the rule is a result of its own: all but
// those that correlations refer to and that none of them generates.
func (s *Set) Reports(r *Rule) bool { return !s.silent[r] }
