package sigma

import (
	"time"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A Hit is a match that a correlation wants to know about: what Matcher.Hits
// hands to Correlator.Add. It keeps nothing of the event but what is counted.
type Hit struct {
	correlation int // index among the set's correlations
	rule        int // index in ast.Correlation.Rules
	time        time.Time
	group       string // the values of the group-by fields, folded, a 0 byte behind each and none in them
	value       string // of ast.ValueCount: the value, folded
}

// knows reports whether there is the correlation, and the rule in it.
func (s *Set) knows(h Hit) bool {
	return h.correlation >= 0 && h.correlation < len(s.correlations) &&
		h.rule >= 0 && h.rule < len(s.correlations[h.correlation].Rules)
}

// CompletedBy returns the correlations that a hit like this may complete, and
// that are results of their own.
func (s *Set) CompletedBy(h Hit) []*Rule {
	if !s.knows(h) {
		return nil
	}
	c := s.correlations[h.correlation]
	if c.Type == ast.TemporalOrdered && h.rule != len(c.Rules)-1 {
		return nil
	}
	var rules []*Rule
	if s.Reports(c.rule) {
		rules = append(rules, c.rule)
	}
	for _, p := range c.parents {
		rules = append(rules, s.CompletedBy(Hit{correlation: p.correlation, rule: p.rule})...)
	}
	return rules
}

// Hits appends a Hit for each correlation that the match of the current event
// by rule counts for. An event without a group-by field counts for none. See
// Thin.
func (m *Matcher) Hits(dst []Hit, rule *Rule, at time.Time) []Hit {
	for _, part := range m.set.serves[rule] {
		if part.system {
			m.addSystem()
		}
		c := m.set.correlations[part.correlation]
		if !m.groupOf(part.fields) || m.thinned(c, part, at) {
			continue
		}
		if m.lastGroup != string(m.group) { // most are of one computer: they share its name
			m.lastGroup = string(m.group)
		}
		h := Hit{correlation: part.correlation, rule: part.rule, time: at, group: m.lastGroup}
		if c.Type == ast.ValueCount {
			text, ok := m.value(part.counted)
			if !ok {
				continue
			}
			h.value = string(text)
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

func (m *Matcher) thinned(c *correlation, part service, at time.Time) bool {
	if m.thin == 0 || c.Type != ast.TemporalOrdered || part.rule == len(c.Rules)-1 || len(c.Condition) > 0 {
		return false
	}
	key := recentKey{part.correlation, part.rule}
	recent := m.recent[key]
	if last, ok := recent[string(m.group)]; ok && at.Sub(last).Abs() < c.Timespan/time.Duration(m.thin) {
		return true
	}
	if recent == nil || len(recent) >= maxGroups {
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
