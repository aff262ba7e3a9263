package sigma

import (
	"fmt"
	"slices"
	"time"
)

// A correlation is a compiled Correlation.
type correlation struct {
	rule    *Rule
	index   int
	c       *Correlation
	parents []service // correlations of this correlation
}

// A service is the part that a rule plays in a correlation.
type service struct {
	correlation int
	rule        int   // in Correlation.Rules
	fields      []int // of the group-by values
	counted     int   // of ValueCount: the field
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
				return &Error{File: r.File, Pos: r.Pos, Reason: fmt.Sprintf("%s is the name or id of another rule too, in %s:%d", name, other.File, other.Pos.Line)}
			}
			byName[name] = r
		}
	}
	s.serves, s.silent = make(map[*Rule][]service), make(map[*Rule]bool)
	index := make(map[*Rule]*correlation)
	for _, r := range s.rules {
		if r.Correlation != nil {
			c := &correlation{rule: r, c: r.Correlation, index: len(s.correlations)}
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
		for i := range c.c.Rules {
			r := c.c.Rules[i].Rule
			s.silent[r] = true
			generated[r] = generated[r] || c.c.Generate
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
	for i := range slices.Backward(c.c.Rules) {
		ref := &c.c.Rules[i]
		r := byName[ref.Name]
		if r == nil {
			return &Error{File: c.rule.File, Pos: ref.Pos, Reason: fmt.Sprintf("correlation: there is no rule %q", ref.Name)}
		}
		ref.Rule = r
		part := service{correlation: c.index, rule: i}
		child := index[r]
		if child == nil {
			form := o.form(r)
			for _, name := range c.c.GroupBy {
				part.fields = append(part.fields, s.field(c.c.alias(name, r), form))
			}
			if c.c.Field != "" {
				part.counted = s.field(c.c.alias(c.c.Field, r), form)
			}
			s.serves[r] = append(s.serves[r], part)
			continue
		}
		for _, name := range c.c.GroupBy {
			name = c.c.alias(name, r)
			at := slices.Index(child.c.GroupBy, name)
			if at < 0 {
				return &Error{File: c.rule.File, Pos: ref.Pos, Reason: fmt.Sprintf("correlation: %s does not group by %q", ref.Name, name)}
			}
			part.group = append(part.group, at)
		}
		if c.c.Type == ValueCount {
			return &Error{File: c.rule.File, Pos: ref.Pos, Reason: "correlation: value_count needs rules with fields, not a correlation"}
		}
		child.parents = append(child.parents, part)
	}
	return nil
}

// countable refuses what a Correlator would have to keep too much for.
func (c *correlation) countable() error {
	for _, b := range c.c.Condition {
		if b.N >= MaxValues {
			return &Error{File: c.rule.File, Pos: b.Pos, Reason: fmt.Sprintf("correlation: no more than %d are counted", MaxValues-1)}
		}
	}
	return nil
}

// alias returns what a rule calls a group-by field.
func (c *Correlation) alias(name string, r *Rule) string {
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
			return &Error{File: c.rule.File, Pos: c.c.Pos, Reason: "correlation refers to itself"}
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
				return &Error{File: c.rule.File, Pos: c.c.Pos, Reason: fmt.Sprintf("correlation counts for others in more than %d ways", maxWays)}
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

// A Hit is a match that a correlation wants to know about.
type Hit struct {
	Correlation int // index among the set's correlations
	Rule        int // index in Correlation.Rules
	Time        time.Time
	Group       string // the values of the group-by fields, folded, a 0 byte behind each and none in them
	Value       string // of ValueCount: the value, folded
}

// knows reports whether there is the correlation, and the rule in it.
func (s *Set) knows(h Hit) bool {
	return h.Correlation >= 0 && h.Correlation < len(s.correlations) &&
		h.Rule >= 0 && h.Rule < len(s.correlations[h.Correlation].c.Rules)
}

// CompletedBy returns the correlations that a hit like this may complete, and
// that are results of their own.
func (s *Set) CompletedBy(h Hit) []*Rule {
	if !s.knows(h) {
		return nil
	}
	c := s.correlations[h.Correlation]
	if c.c.Type == TemporalOrdered && h.Rule != len(c.c.Rules)-1 {
		return nil
	}
	var rules []*Rule
	if s.Reports(c.rule) {
		rules = append(rules, c.rule)
	}
	for _, p := range c.parents {
		rules = append(rules, s.CompletedBy(Hit{Correlation: p.correlation, Rule: p.rule})...)
	}
	return rules
}

// Hits appends a Hit for each correlation that the match of the current event
// by rule counts for. An event without a group-by field counts for none. See
// Thin.
func (m *Matcher) Hits(dst []Hit, rule *Rule, at time.Time) []Hit {
	for _, part := range m.set.serves[rule] {
		c := m.set.correlations[part.correlation].c
		if !m.groupOf(part.fields) || m.thinned(c, part, at) {
			continue
		}
		h := Hit{Correlation: part.correlation, Rule: part.rule, Time: at, Group: string(m.group)}
		if c.Type == ValueCount {
			text, ok := m.value(part.counted)
			if !ok {
				continue
			}
			h.Value = string(text)
		}
		dst = append(dst, h)
	}
	return dst
}

// groupOf puts the values of the fields into m.group.
func (m *Matcher) groupOf(fields []int) bool {
	m.group = m.group[:0]
	for _, field := range fields {
		text, ok := m.value(field)
		if !ok {
			return false
		}
		from := len(m.group)
		m.group = append(m.group, text...)
		for i, b := range m.group[from:] {
			if b == 0 { // that would end the value
				m.group[from+i] = ' '
			}
		}
		m.group = append(m.group, 0)
	}
	return true
}

// Thin makes Hits leave out a hit that can only begin or continue a
// TemporalOrdered correlation, and lies within the timespan's nth part of one
// that it has given before: a heartbeat every minute says no more than one an
// hour. A sequence that fills its timespan to within that part may be missed.
func (m *Matcher) Thin(n int) {
	m.thin, m.recent = n, make(map[recentKey]map[string]time.Time)
}

// A recentKey is a rule in a correlation.
type recentKey struct{ correlation, rule int }

func (m *Matcher) thinned(c *Correlation, part service, at time.Time) bool {
	if m.thin == 0 || c.Type != TemporalOrdered || part.rule == len(c.Rules)-1 || len(c.Condition) > 0 {
		return false
	}
	key := recentKey{part.correlation, part.rule}
	recent := m.recent[key]
	if last, ok := recent[string(m.group)]; ok && at.Sub(last).Abs() < c.Timespan/time.Duration(m.thin) {
		return true
	}
	if recent == nil || len(recent) >= MaxGroups {
		recent = make(map[string]time.Time)
		m.recent[key] = recent
	}
	recent[string(m.group)] = at
	return false
}

// value returns the first value of a field, folded.
func (m *Matcher) value(field int) ([]byte, bool) {
	i := m.first(field)
	if i < 0 {
		return nil, false
	}
	return m.text(i, false), true
}
