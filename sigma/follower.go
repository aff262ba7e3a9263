package sigma

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A follower follows the correlations of a set over hits in the order of time.
// Its memory is bounded: it keeps maxGroups groups of each correlation, and lets
// go of those that have been quiet longest; in a group it keeps no more times or
// values than the condition needs to be decided.
type follower struct {
	set    *Set
	groups []map[string]*group // by correlation
}

const (
	maxGroups = 10000  // groups of a correlation that are followed at once
	maxValues = 100000 // what a condition may count up to; Compile refuses more
)

// A group is what has happened to one combination of group-by values.
type group struct {
	last   time.Time
	times  ring        // EventCount: the last ones
	values values      // ValueCount: those seen last
	seen   []time.Time // Temporal: when each rule last hit
	starts []time.Time // TemporalOrdered: the latest start of a run of the first i+1 rules
}

func newFollower(s *Set) *follower {
	c := &follower{set: s, groups: make([]map[string]*group, len(s.correlations))}
	for i := range c.groups {
		c.groups[i] = make(map[string]*group)
	}
	return c
}

// add takes the next hit and appends the correlations that it completes, those
// of correlations included, each once. A hit that is earlier than one before it
// in its group is taken as if it were of the same time. A hit of another set may
// complete nothing.
func (c *follower) add(completed []*Rule, h Hit) []*Rule {
	if !c.set.knows(h) {
		return completed
	}
	own := c.set.correlations[h.correlation]
	g := c.group(h)
	if h.time.Before(g.last) {
		h.time = g.last
	}
	g.last = h.time
	if !own.step(g, h) {
		return completed
	}
	if c.set.Reports(own.rule) && !slices.Contains(completed, own.rule) {
		completed = append(completed, own.rule)
	}
	values := strings.SplitAfter(h.group, "\x00")
	for _, p := range own.parents {
		up := Hit{correlation: p.correlation, rule: p.rule, time: h.time}
		for _, i := range p.group {
			if i < len(values) {
				up.group += values[i]
			}
		}
		completed = c.add(completed, up)
	}
	return completed
}

func (c *follower) group(h Hit) *group {
	groups := c.groups[h.correlation]
	g := groups[h.group]
	if g != nil {
		return g
	}
	if len(groups) >= maxGroups {
		letGo(groups)
	}
	g = &group{last: h.time}
	groups[h.group] = g
	return g
}

// letGo drops the tenth of the groups that have been quiet longest.
func letGo(groups map[string]*group) {
	type aged struct {
		key  string
		last time.Time
	}
	var all []aged
	for key, g := range groups {
		all = append(all, aged{key, g.last})
	}
	slices.SortFunc(all, func(a, b aged) int { return cmp.Or(a.last.Compare(b.last), cmp.Compare(a.key, b.key)) })
	for _, a := range all[:len(all)/10+1] {
		delete(groups, a.key)
	}
}

// step takes a hit into a group and reports whether the condition holds now.
func (c *correlation) step(g *group, h Hit) bool {
	switch c.Type {
	case ast.EventCount:
		return c.countEvents(g, h)
	case ast.ValueCount:
		return c.countValues(g, h)
	case ast.Temporal:
		return c.together(g, h)
	}
	return c.inOrder(g, h)
}

func (c *correlation) countEvents(g *group, h Hit) bool {
	g.times.add(h.time, c.needed())
	return c.holds(int64(g.times.since(h.time.Add(-c.Timespan))))
}

func (c *correlation) countValues(g *group, h Hit) bool {
	g.values.add(h.value, h.time, c.needed())
	g.values.forget(h.time.Add(-c.Timespan))
	return c.holds(int64(len(g.values.known)))
}

// needed is how many things have to be known to decide the condition: one more
// than the largest bound, for beyond that the answer does not change.
func (c *correlation) needed() int {
	n := int64(1)
	for _, b := range c.Condition {
		n = max(n, b.N+1)
	}
	return int(min(n, maxValues))
}

// together counts the rules that hit within the timespan.
func (c *correlation) together(g *group, h Hit) bool {
	if g.seen == nil {
		g.seen = make([]time.Time, len(c.Rules))
	}
	g.seen[h.rule] = h.time
	oldest := h.time.Add(-c.Timespan)
	var n int64
	for _, at := range g.seen {
		if !at.IsZero() && !at.Before(oldest) {
			n++
		}
	}
	if len(c.Condition) == 0 {
		return n == int64(len(c.Rules))
	}
	return c.holds(n)
}

// inOrder keeps, for each rule, the latest time at which a run of hits of all
// rules up to it began: a later start is never worse than an earlier one.
func (c *correlation) inOrder(g *group, h Hit) bool {
	if g.starts == nil {
		g.starts = make([]time.Time, len(c.Rules))
	}
	start := h.time
	if h.rule > 0 {
		start = g.starts[h.rule-1]
	}
	if start.IsZero() || start.Before(h.time.Add(-c.Timespan)) {
		return false
	}
	g.starts[h.rule] = start
	n := int64(h.rule + 1)
	if len(c.Condition) == 0 {
		return n == int64(len(c.Rules))
	}
	return c.holds(n)
}

// holds reports whether all bounds of the condition do.
func (c *correlation) holds(n int64) bool {
	for _, b := range c.Condition {
		var ok bool
		switch b.Op {
		case ast.Greater:
			ok = n > b.N
		case ast.GreaterEqual:
			ok = n >= b.N
		case ast.Less:
			ok = n < b.N
		case ast.LessEqual:
			ok = n <= b.N
		case ast.Equal:
			ok = n == b.N
		case ast.NotEqual:
			ok = n != b.N
		}
		if !ok {
			return false
		}
	}
	return true
}
