package sigma

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Correlator follows the correlations of a set over a stream of hits, in
// the order of time. Its memory is bounded: it keeps MaxGroups groups of each
// correlation, and lets go of those that have been quiet longest; in a group it
// keeps no more times than the condition asks for, and MaxValues values.
type Correlator struct {
	set    *Set
	groups []map[string]*group // by correlation
}

const (
	MaxGroups = 10000  // groups of a correlation that are followed at once
	MaxValues = 100000 // values, or times, of a group that are counted
)

// A group is what has happened to one combination of group-by values.
type group struct {
	last   time.Time
	times  []time.Time          // EventCount: within the timespan, as many as are needed
	values map[string]time.Time // ValueCount: when each was last seen
	seen   []time.Time          // Temporal: when each rule last hit
	starts []time.Time          // TemporalOrdered: the latest start of a run of the first i+1 rules
}

// Correlator returns a new Correlator.
func (s *Set) Correlator() *Correlator {
	c := &Correlator{set: s, groups: make([]map[string]*group, len(s.correlations))}
	for i := range c.groups {
		c.groups[i] = make(map[string]*group)
	}
	return c
}

// Add takes the next hit and returns the correlations that it completes, those
// of correlations included. A correlation is completed by every hit at which its
// condition holds, not by the first alone. A hit that is earlier than one
// before it is taken as if it were of the same time.
func (c *Correlator) Add(h Hit) []*Rule {
	own := c.set.correlations[h.Correlation]
	g := c.group(h)
	if h.Time.Before(g.last) {
		h.Time = g.last
	}
	g.last = h.Time
	if !own.c.step(g, h) {
		return nil
	}
	var completed []*Rule
	if c.set.Reports(own.rule) {
		completed = append(completed, own.rule)
	}
	values := strings.SplitAfter(h.Group, "\x00")
	for _, p := range own.parents {
		up := Hit{Correlation: p.correlation, Rule: p.rule, Time: h.Time}
		for _, i := range p.group {
			up.Group += values[i]
		}
		completed = append(completed, c.Add(up)...)
	}
	return completed
}

func (c *Correlator) group(h Hit) *group {
	groups := c.groups[h.Correlation]
	g := groups[h.Group]
	if g != nil {
		return g
	}
	if len(groups) >= MaxGroups {
		letGo(groups)
	}
	g = &group{last: h.Time}
	groups[h.Group] = g
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
func (c *Correlation) step(g *group, h Hit) bool {
	switch c.Type {
	case EventCount:
		return c.countEvents(g, h)
	case ValueCount:
		return c.countValues(g, h)
	case Temporal:
		return c.together(g, h)
	}
	return c.inOrder(g, h)
}

// countEvents keeps one time more than the largest bound: more events do not
// change the answer.
func (c *Correlation) countEvents(g *group, h Hit) bool {
	keep := int64(1)
	for _, b := range c.Condition {
		keep = max(keep, b.N+1)
	}
	keep = min(keep, MaxValues)
	oldest := h.Time.Add(-c.Timespan)
	first, _ := slices.BinarySearchFunc(g.times, oldest, time.Time.Compare)
	g.times = append(slices.Delete(g.times, 0, first), h.Time)
	if extra := len(g.times) - int(keep); extra > 0 {
		g.times = slices.Delete(g.times, 0, extra)
	}
	return c.holds(int64(len(g.times)))
}

func (c *Correlation) countValues(g *group, h Hit) bool {
	if g.values == nil {
		g.values = make(map[string]time.Time)
	}
	oldest := h.Time.Add(-c.Timespan)
	for value, at := range g.values {
		if at.Before(oldest) {
			delete(g.values, value)
		}
	}
	if _, known := g.values[h.Value]; known || len(g.values) < MaxValues {
		g.values[h.Value] = h.Time
	}
	return c.holds(int64(len(g.values)))
}

// together counts the rules that hit within the timespan.
func (c *Correlation) together(g *group, h Hit) bool {
	if g.seen == nil {
		g.seen = make([]time.Time, len(c.Rules))
	}
	g.seen[h.Rule] = h.Time
	oldest := h.Time.Add(-c.Timespan)
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
func (c *Correlation) inOrder(g *group, h Hit) bool {
	if g.starts == nil {
		g.starts = make([]time.Time, len(c.Rules))
	}
	start := h.Time
	if h.Rule > 0 {
		start = g.starts[h.Rule-1]
	}
	if start.IsZero() || start.Before(h.Time.Add(-c.Timespan)) {
		return false
	}
	g.starts[h.Rule] = start
	n := int64(h.Rule + 1)
	if len(c.Condition) == 0 {
		return n == int64(len(c.Rules))
	}
	return c.holds(n)
}

// holds reports whether all bounds of the condition do.
func (c *Correlation) holds(n int64) bool {
	for _, b := range c.Condition {
		var ok bool
		switch b.Op {
		case Greater:
			ok = n > b.N
		case GreaterEqual:
			ok = n >= b.N
		case Less:
			ok = n < b.N
		case LessEqual:
			ok = n <= b.N
		case Equal:
			ok = n == b.N
		case NotEqual:
			ok = n != b.N
		}
		if !ok {
			return false
		}
	}
	return true
}
