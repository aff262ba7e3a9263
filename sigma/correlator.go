package sigma

import (
	"cmp"
	"container/list"
	"slices"
	"sort"
	"strings"
	"time"
)

// A Correlator follows the correlations of a set over a stream of hits, in
// the order of time. Its memory is bounded: it keeps MaxGroups groups of each
// correlation, and lets go of those that have been quiet longest; in a group it
// keeps no more times or values than the condition needs to be decided.
type Correlator struct {
	set    *Set
	groups []map[string]*group // by correlation
}

const (
	MaxGroups = 10000  // groups of a correlation that are followed at once
	MaxValues = 100000 // what a condition may count up to; Compile refuses more
)

// A group is what has happened to one combination of group-by values.
type group struct {
	last   time.Time
	times  ring        // EventCount: the last ones
	values values      // ValueCount: those seen last
	seen   []time.Time // Temporal: when each rule last hit
	starts []time.Time // TemporalOrdered: the latest start of a run of the first i+1 rules
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
// before it in its group is taken as if it were of the same time. A hit that
// Hits cannot have made, or of another set, completes nothing.
func (c *Correlator) Add(h Hit) []*Rule {
	if !c.set.knows(h) {
		return nil
	}
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
			if i < len(values) {
				up.Group += values[i]
			}
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

func (c *Correlation) countEvents(g *group, h Hit) bool {
	g.times.add(h.Time, c.needed())
	return c.holds(int64(g.times.since(h.Time.Add(-c.Timespan))))
}

func (c *Correlation) countValues(g *group, h Hit) bool {
	g.values.add(h.Value, h.Time, c.needed())
	g.values.forget(h.Time.Add(-c.Timespan))
	return c.holds(int64(len(g.values.known)))
}

// needed is how many things have to be known to decide the condition: one more
// than the largest bound, for beyond that the answer does not change.
func (c *Correlation) needed() int {
	n := int64(1)
	for _, b := range c.Condition {
		n = max(n, b.N+1)
	}
	return int(min(n, MaxValues))
}

// A ring is the last times of a sequence that does not go backwards.
type ring struct {
	times []time.Time
	first int // the earliest
}

// add takes a time, in place of the earliest if there are n.
func (r *ring) add(at time.Time, n int) {
	if len(r.times) < n {
		r.times = append(r.times, at)
		return
	}
	r.times[r.first] = at
	r.first = (r.first + 1) % n
}

// since counts the times that are not before oldest.
func (r *ring) since(oldest time.Time) int {
	n := len(r.times)
	return n - sort.Search(n, func(i int) bool { return !r.times[(r.first+i)%n].Before(oldest) })
}

// values are different values, in the order in which they were last seen.
type values struct {
	known map[string]*list.Element
	order *list.List // of seenValue
}

type seenValue struct {
	value string
	at    time.Time
}

// add takes a value, in place of the one seen longest ago if there are n.
func (v *values) add(value string, at time.Time, n int) {
	if v.known == nil {
		v.known, v.order = make(map[string]*list.Element), list.New()
	}
	if e := v.known[value]; e != nil {
		e.Value = seenValue{value, at}
		v.order.MoveToBack(e)
		return
	}
	if len(v.known) >= n {
		v.drop(v.order.Front())
	}
	v.known[value] = v.order.PushBack(seenValue{value, at})
}

// forget drops the values that were last seen before oldest.
func (v *values) forget(oldest time.Time) {
	for e := v.order.Front(); e != nil && e.Value.(seenValue).at.Before(oldest); e = v.order.Front() {
		v.drop(e)
	}
}

func (v *values) drop(e *list.Element) {
	delete(v.known, v.order.Remove(e).(seenValue).value)
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
