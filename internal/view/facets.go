package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/words"
)

type facetsParams struct {
	Filter Filter   `json:"filter"`
	Fields []string `json:"fields"`
	Limit  int      `json:"limit"`
	Lang   string   `json:"lang"`
}

type facetsResult struct {
	Version int                `json:"version"`
	Total   int                `json:"total"`
	Matched int                `json:"matched"`
	Facets  map[string][]facet `json:"facets"`
	More    map[string]int     `json:"more"` // values that found no room
}

type facet struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

const (
	maxFacets      = 20
	usualLimit     = 50
	maxLimit       = 1000
	maxFacetValues = 20000 // of a named value: those beyond are not told apart
)

// facets counts the values of fields in the events that a filter wants. The conditions of a field itself do not count for it, so that
// one can see what else there is to choose.
func (e *Engine) facets(ctx context.Context, p *facetsParams) (any, error) {
	if len(p.Fields) > maxFacets {
		return nil, &Error{Message: fmt.Sprintf("at most %d facets at a time", maxFacets)}
	}
	limit := min(cmp.Or(max(p.Limit, 0), usualLimit), maxLimit)
	r, err := e.result(ctx, &p.Filter)
	if err != nil {
		return nil, err
	}
	f, err := p.Filter.check()
	if err != nil {
		return nil, err
	}
	scans, err := e.scans(ctx, r.s, f)
	if err != nil {
		return nil, err
	}
	q, err := r.s.compile(f, scans)
	if err != nil {
		return nil, err
	}
	out := &facetsResult{Version: r.s.version, Total: r.s.n, Matched: len(r.events), Facets: make(map[string][]facet), More: make(map[string]int)}
	w := words.In(e.lang(p.Lang))
	var counts []*counter
	for _, asked := range p.Fields {
		field := fieldName(asked)
		if name, ok := dataName(field); ok {
			values, more, err := e.dataFacet(ctx, q, name, limit)
			if err != nil {
				return nil, err
			}
			out.Facets[asked], out.More[asked] = values, more
			continue
		}
		c, err := r.s.newCounter(asked, field)
		if err != nil {
			return nil, err
		}
		counts = append(counts, c)
	}
	q.count(counts)
	for _, c := range counts {
		out.Facets[c.asked], out.More[c.asked] = c.facets(e, r.s, w, limit)
	}
	return out, nil
}

// A counter counts the values of a field, as the index has them.
type counter struct {
	asked, field string
	own          []bool // the tests of the query that are its own

	small []int          // by level, id, origin, log or verdict
	large map[uint32]int // by process
}

func (s *snapshot) newCounter(asked, field string) (*counter, error) {
	c := &counter{asked: asked, field: field}
	switch field {
	case "level":
		c.small = make([]int, 256)
	case "id":
		c.small = make([]int, 1<<16)
	case "provider", "channel", "computer", "user":
		c.small = make([]int, len(s.origins))
	case "source":
		c.small = make([]int, len(s.logs))
	case "finding", "shape":
		c.small = make([]int, len(s.kinds))
	case "process":
		c.large = make(map[uint32]int)
	default:
		return nil, &Error{Message: fmt.Sprintf("%q has no facets", asked), Hint: "level, id, provider, channel, computer, user, source, process, finding, shape, or data.NAME"}
	}
	return c, nil
}

// own are the tests that are a field's own, by their index: they do not count for its facet.
func (q *query) own(field string) []bool {
	own := make([]bool, len(q.tests))
	for i := range q.tests {
		own[i] = q.tests[i].field == field
	}
	return own
}

// fails returns the first test that an event fails, and whether it fails others too; -1 for none.
func (q *query) fails(n int, x *entry) (first int, more bool) {
	first = -1
	for i := range q.tests {
		if q.tests[i].holds(n, x) {
			continue
		}
		if first >= 0 {
			return first, true
		}
		first = i
	}
	return first, false
}

// count goes through all events once for all counters.
func (q *query) count(counters []*counter) {
	for _, c := range counters {
		c.own = q.own(c.field)
	}
	s := q.x
	for n := range s.n {
		x := s.at(n)
		first, more := q.fails(n, x)
		for _, c := range counters {
			if first < 0 || c.own[first] && (!more || q.matchBut(c.own, n, x)) {
				c.add(s, n, x)
			}
		}
	}
}

// matchBut reports whether an event is wanted by all tests but these.
func (q *query) matchBut(own []bool, n int, x *entry) bool {
	for i := range q.tests {
		if !own[i] && !q.tests[i].holds(n, x) {
			return false
		}
	}
	return true
}

func (c *counter) add(s *snapshot, n int, x *entry) {
	switch c.field {
	case "level":
		c.small[shownLevel(x.level)]++
	case "id":
		c.small[x.id]++
	case "source":
		c.small[x.log]++
	case "process":
		c.large[x.process]++
	case "finding", "shape":
		if n < len(s.verdictOf) {
			c.small[s.verdictOf[n]]++
		}
	default:
		c.small[x.origin]++
	}
}

// facets are the values, the most frequent first.
func (c *counter) facets(e *Engine, s *snapshot, w *words.Words, limit int) ([]facet, int) {
	byValue := make(map[string]int)
	for i, n := range c.small {
		if n == 0 {
			continue
		}
		for _, v := range c.valuesOf(s, i) {
			byValue[v] += n
		}
	}
	for v, n := range c.large {
		byValue[number(v)] += n
	}
	return mostFrequent(byValue, limit, func(v string) string { return e.label(s, w, c.field, v) })
}

// valuesOf are what is counted in a place, as a condition has it.
func (c *counter) valuesOf(s *snapshot, i int) []string {
	switch c.field {
	case "level", "id":
		return []string{number(uint16(i))}
	case "source":
		return []string{s.logs[i].source}
	case "finding":
		return s.kinds[i].findings
	case "shape":
		if g := s.kinds[i].group; g != 0 {
			return []string{shapeName(g)}
		}
		return nil
	}
	return []string{s.origins[i].name(c.field)}
}

// mostFrequent are values by their count, and how many found no room.
func mostFrequent(counts map[string]int, limit int, label func(string) string) ([]facet, int) {
	all := make([]facet, 0, len(counts))
	for v, n := range counts {
		all = append(all, facet{Value: v, Count: n})
	}
	slices.SortFunc(all, func(a, b facet) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value)) })
	more := max(0, len(all)-limit)
	all = all[:len(all)-more]
	for i := range all {
		all[i].Label = label(all[i].Value)
	}
	return all, more
}

// label is what people call a value.
func (e *Engine) label(s *snapshot, w *words.Words, field, value string) string {
	switch field {
	case "level":
		if level, ok := parseLevel(value); ok {
			return levelName(w, uint8(level))
		}
	case "finding":
		if signature := e.signature(value); signature != nil {
			return signature.In(w.Lang()).Title
		}
	case "shape":
		return e.groupText(value)
	case "user":
		if name := wellKnownUser(value); name != "" {
			return name + " (" + value + ")"
		}
	}
	return value
}

// wellKnownUser is the name of an account that is the same on every computer (MS-DTYP 2.4.2.4); empty for others.
func wellKnownUser(sid string) string {
	switch sid {
	case "S-1-5-18":
		return "SYSTEM"
	case "S-1-5-19":
		return "LOCAL SERVICE"
	case "S-1-5-20":
		return "NETWORK SERVICE"
	case "S-1-5-7":
		return "ANONYMOUS LOGON"
	}
	return ""
}

// valueCounts are what one goroutine has seen of a named value.
type valueCounts struct {
	places []evtx.Place
	texts  []string
	known  map[string]string
	text   []byte
}

// dataFacet counts the values of a name in the events that a query wants: the logs are read for it.
func (e *Engine) dataFacet(ctx context.Context, q *query, name string, limit int) ([]facet, int, error) {
	if err := e.wait(ctx); err != nil {
		return nil, 0, err
	}
	s := q.x
	own := q.own("data." + name)
	logs := make(map[*eventlog.Log]uint32, len(s.logs))
	for i, l := range s.logs {
		logs[l.log] = uint32(i)
	}
	counts := make(map[string]int)
	more := 0
	_, err := eventlog.Run(ctx, e.pass(s), eventlog.Consumer[*valueCounts]{
		New: func() *valueCounts { return &valueCounts{known: make(map[string]string)} },
		Visit: func(b *valueCounts, rec *evtx.Record) (bool, error) {
			for n, v := range rec.All() {
				if strings.EqualFold(n, name) {
					b.add(rec.Place(), v)
					break
				}
			}
			return false, nil
		},
		Flush: func(b *valueCounts, in *eventlog.Reading) error {
			for i, place := range b.places {
				n := s.find(logs[in.Log], place)
				if n < 0 || !q.matchBut(own, n, s.at(n)) {
					continue
				}
				if _, ok := counts[b.texts[i]]; !ok && len(counts) >= maxFacetValues {
					more++
					continue
				}
				counts[b.texts[i]]++
			}
			b.places, b.texts = b.places[:0], b.texts[:0]
			e.pause()
			return nil
		},
	})
	if err != nil {
		return nil, 0, err
	}
	values, beyond := mostFrequent(counts, limit, func(v string) string { return oneLine([]byte(v), maxCell) })
	return values, beyond + more, nil
}

func (b *valueCounts) add(place evtx.Place, v evtx.Value) {
	b.text = v.AppendText(b.text[:0])
	if len(b.text) > maxCell {
		return // nobody chooses such
	}
	text, ok := b.known[string(b.text)]
	if !ok {
		text = string(b.text)
		if len(b.known) >= maxFacetValues {
			clear(b.known)
		}
		b.known[text] = text
	}
	b.places, b.texts = append(b.places, place), append(b.texts, text)
}
