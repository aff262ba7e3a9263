package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

type timelineParams struct {
	Filter  Filter `json:"filter"`
	From    string `json:"from"`
	To      string `json:"to"`
	Buckets int    `json:"buckets"`
	By      string `json:"by"`
	Lang    string `json:"lang"`
}

type timelineResult struct {
	Version int      `json:"version"`
	From    string   `json:"from"`
	To      string   `json:"to"`
	Step    float64  `json:"step_seconds"`
	Series  []series `json:"series"`
	Gaps    []gap    `json:"gaps"`
	Marks   []mark   `json:"marks"`
}

type series struct {
	Key    string `json:"key"` // as a condition has it; empty for all others together
	Label  string `json:"label"`
	Counts []int  `json:"counts"`
	Total  int    `json:"total"`
}

type gap struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Kind   string `json:"kind"`
	Source string `json:"source"`
	Text   string `json:"text"`
}

type mark struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	First    string `json:"first"`
	Last     string `json:"last"`
}

const (
	maxBuckets = 2000
	maxSeries  = 12  // those beyond are counted together
	maxGaps    = 500 // that are shown
)

func (e *Engine) timeline(ctx context.Context, p *timelineParams) (any, error) {
	field := cmp.Or(p.By, "level")
	if !slices.Contains([]string{"level", "provider", "id", "computer", "channel", "source", "finding"}, field) {
		return nil, &Error{Message: fmt.Sprintf("no timeline by %q", p.By), Hint: "by level, provider, id or computer"}
	}
	r, err := e.result(ctx, &p.Filter)
	if err != nil {
		return nil, err
	}
	from, err := parseTicks(p.From, false)
	if err != nil {
		return nil, err
	}
	to, err := parseTicks(p.To, true)
	if err != nil {
		return nil, err
	}
	first, last := r.extent()
	from, to = cmp.Or(from, first), cmp.Or(to, last)
	w := words.In(e.lang(p.Lang))
	out := &timelineResult{Version: r.s.version, Series: []series{}, Gaps: []gap{}, Marks: []mark{}}
	if from == 0 || to < from {
		return out, nil
	}
	out.From, out.To = textOf(from), textOf(to)
	wanted := min(cmp.Or(max(p.Buckets, 0), 200), maxBuckets)
	step := max((to-from)/uint64(wanted)+1, 1)
	out.Step = float64(step) / 10_000_000
	out.Series = e.seriesOf(r, field, from, to, step, w)
	out.Gaps = e.gaps(from, to, w)
	out.Marks = e.marks(from, to, w.Lang())
	return out, nil
}

// extent is the time of the first and of the last event of all, but for those without a time.
func (r *result) extent() (first, last uint64) {
	for _, n := range r.sorted {
		if first = r.s.at(int(n)).time; first > 0 {
			return first, r.s.at(int(r.sorted[len(r.sorted)-1])).time
		}
	}
	return 0, 0
}

// seriesOf counts the events of each value of a field in each bucket.
func (e *Engine) seriesOf(r *result, field string, from, to, step uint64, w *words.Words) []series {
	buckets := int((to-from)/step) + 1
	counts := make(map[string]*series)
	keys := r.s.keysOf(field)
	for _, n := range r.events {
		x := r.s.at(int(n))
		if x.time < from || x.time > to {
			continue
		}
		for _, key := range keys(int(n), x) {
			c := counts[key]
			if c == nil {
				if len(counts) >= 4*maxFacetValues {
					key = ""
					c = counts[key]
				}
				if c == nil {
					c = &series{Key: key, Label: e.label(r.s, w, field, key), Counts: make([]int, buckets)}
					counts[key] = c
				}
			}
			c.Counts[(x.time-from)/step]++
			c.Total++
		}
	}
	all := make([]series, 0, len(counts))
	for _, c := range counts {
		all = append(all, *c)
	}
	if field == "level" {
		slices.SortFunc(all, func(a, b series) int { return strings.Compare(a.Key, b.Key) })
		return all
	}
	slices.SortFunc(all, func(a, b series) int { return cmp.Or(cmp.Compare(b.Total, a.Total), strings.Compare(a.Key, b.Key)) })
	if len(all) <= maxSeries {
		return all
	}
	rest := series{Label: w.Say("viewer.others"), Counts: make([]int, buckets)}
	for _, s := range all[maxSeries:] {
		rest.Total += s.Total
		for i, n := range s.Counts {
			rest.Counts[i] += n
		}
	}
	return append(all[:maxSeries:maxSeries], rest)
}

// keysOf are the values of a field that an event has, as conditions have them.
func (s *snapshot) keysOf(field string) func(n int, x *entry) []string {
	one := make([]string, 1)
	known := make(map[uint32]string)
	key := func(of uint32, make func() string) []string {
		text, ok := known[of]
		if !ok {
			text = make()
			known[of] = text
		}
		one[0] = text
		return one
	}
	switch field {
	case "level":
		return func(_ int, x *entry) []string {
			level := shownLevel(x.level)
			return key(uint32(level), func() string { return number(level) })
		}
	case "id":
		return func(_ int, x *entry) []string { return key(uint32(x.id), func() string { return number(x.id) }) }
	case "source":
		return func(_ int, x *entry) []string { return key(x.log, func() string { return s.logs[x.log].source }) }
	case "finding":
		return func(n int, _ *entry) []string { return s.of(n).findings }
	}
	return func(_ int, x *entry) []string {
		return key(x.origin, func() string { return s.origins[x.origin].name(field) })
	}
}

// gaps are what the logs show of events that are not in them: in the time from one to another.
func (e *Engine) gaps(from, to uint64, w *words.Words) []gap {
	all := []gap{}
	for _, l := range e.endedLogs() {
		in := integrityOf(l)
		add := func(kind string, a, b *time.Time, text string) {
			if a == nil && b == nil {
				return
			}
			a, b = cmp.Or(a, b), cmp.Or(b, a)
			if ticksOf(*b) < from || ticksOf(*a) > to {
				return
			}
			all = append(all, gap{textOf(ticksOf(*a)), textOf(ticksOf(*b)), kind, l.source, text})
		}
		for _, c := range in.Cleared {
			add("cleared", c.Time, c.Time, w.Say("viewer.gap-cleared", "channel", words.Clip(c.Channel, 200), "user", words.Clip(c.User, 200)))
		}
		for _, g := range in.Gaps {
			add("gap", g.From, g.To, w.Say("viewer.gap-missing", "n", g.Missing))
		}
		for _, g := range in.Silences {
			add("silence", g.From, g.To, w.Say("viewer.gap-silence"))
		}
		for _, g := range in.ClockSetBack {
			add("clock", g.To, g.From, w.Say("viewer.gap-clock"))
		}
	}
	slices.SortStableFunc(all, func(a, b gap) int { return strings.Compare(a.From, b.From) })
	return all[:min(len(all), maxGaps)]
}

// marks are the findings, by when they were first seen.
func (e *Engine) marks(from, to uint64, lang string) []mark {
	e.mu.RLock()
	a := e.analysis
	e.mu.RUnlock()
	all := []mark{}
	if a == nil {
		return all
	}
	for i := range a.Findings {
		f := &a.Findings[i]
		first, last := ticksOf(f.First), ticksOf(f.Last)
		if last < from || first > to || first == 0 {
			continue
		}
		all = append(all, mark{f.Signature.Name, f.Text(lang).Title, f.Signature.Rule.Level.String(), textOf(first), textOf(last)})
	}
	return all
}
