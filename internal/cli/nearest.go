package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/tally"
	"github.com/gwlogs/gwlogs/internal/where"
	"github.com/gwlogs/gwlogs/internal/words"
)

// maxNearest is how many names are offered in place of one that is not there.
const maxNearest = 5

// nameFlag is a flag that chooses by names.
type nameFlag struct {
	name, plural string
	by           tally.By
	typed        []string
	only         evtx.Selection // by this flag alone
}

// nameFlags are those that were given.
func nameFlags(s *evtx.Selection) []nameFlag {
	all := []nameFlag{
		{"provider", "providers", tally.ByProvider, s.Providers, evtx.Selection{Providers: s.Providers}},
		{"channel", "channels", tally.ByChannel, s.Channels, evtx.Selection{Channels: s.Channels}},
		{"computer", "computers", tally.ByComputer, s.Computers, evtx.Selection{Computers: s.Computers}},
	}
	return slices.DeleteFunc(all, func(f nameFlag) bool { return len(f.typed) == 0 })
}

// nameSearch is the names of a part of the logs.
type nameSearch struct {
	filters []*evtx.Filter
	tallies []*tally.Tally
	there   []bool          // which flags chose anything
	fields  map[string]bool // names of values; in lower case where they are put together
}

// maxFields bounds the memory for names that made-up logs may have any number of.
const maxFields = 10_000

func newNameSearch(flags []nameFlag) *nameSearch {
	n := &nameSearch{there: make([]bool, len(flags)), fields: make(map[string]bool)}
	for i := range flags {
		n.filters = append(n.filters, flags[i].only.Filter())
		n.tallies = append(n.tallies, tally.New(flags[i].by, nil))
	}
	return n
}

func (n *nameSearch) see(rec *evtx.Record) {
	for i, t := range n.tallies {
		t.See(rec)
		n.there[i] = n.there[i] || n.filters[i].Match(rec)
	}
	for name := range rec.All() {
		if !n.fields[name] && len(n.fields) < maxFields {
			n.fields[strings.Clone(name)] = true
		}
	}
}

func (n *nameSearch) take(o *nameSearch) {
	for i, t := range n.tallies {
		t.Take(o.tallies[i])
		n.there[i], o.there[i] = n.there[i] || o.there[i], false
	}
	for name := range o.fields {
		n.fields[strings.ToLower(name)] = true
	}
	clear(o.fields)
}

// sayNearest says of names that were asked for, and that no event has, which ones there are: the most like them first. The
// logs are read once more for that.
func (s *session) sayNearest(ctx context.Context) error {
	flags := nameFlags(&s.options.selection)
	if len(flags)+len(s.options.fieldsWanted) == 0 || s.options.quiet {
		return nil
	}
	sum := newNameSearch(flags)
	_, err := eventlog.Run(ctx, s.lookAhead(s.logs.Logs, nil), eventlog.Consumer[*nameSearch]{
		New: func() *nameSearch { return newNameSearch(flags) },
		Visit: func(n *nameSearch, rec *evtx.Record) (bool, error) {
			n.see(rec)
			return false, nil
		},
		Flush: func(n *nameSearch, _ *eventlog.Reading) error {
			sum.take(n)
			return nil
		},
	})
	if err != nil {
		return err
	}
	for _, name := range s.options.fieldsWanted {
		if !sum.fields[name] {
			if best := nearestName(name, append(where.SystemFields(), sum.fieldNames()...)); best != "" {
				s.console.note("--where: no event has a field %q: did you mean %s?", name, report.Visible(best))
			} else {
				s.console.note("--where: no event has a field %q", name)
			}
		}
	}
	for i, f := range flags {
		if !sum.there[i] {
			s.console.note("no event has --%s %s; %s that are there: %s", f.name, quoted(f.typed), f.plural, nearest(f.typed, sum.tallies[i].Counts()))
		}
	}
	return nil
}

// fieldNames are the names of values that events have.
func (n *nameSearch) fieldNames() []string { return slices.Sorted(maps.Keys(n.fields)) }

// sayNoField says in one line which of the columns that were asked for no event had a value for, data.NAME each, and which they may
// have been meant to be. The logs are read once more for that.
func (s *session) sayNoField(ctx context.Context, fields []string) error {
	if len(fields) == 0 || s.totals.Visited == 0 || s.options.quiet {
		return nil
	}
	sum := newNameSearch(nil)
	pass := s.lookAhead(s.logs.Logs, &s.selection)
	_, err := eventlog.Run(ctx, pass, eventlog.Consumer[*nameSearch]{
		New: func() *nameSearch { return newNameSearch(nil) },
		Visit: func(n *nameSearch, rec *evtx.Record) (bool, error) {
			n.see(rec)
			return false, nil
		},
		Flush: func(n *nameSearch, _ *eventlog.Reading) error {
			sum.take(n)
			return nil
		},
	})
	if err != nil {
		return err
	}
	var meant []string
	for _, field := range fields {
		if best := nearestName(field[len("data."):], sum.fieldNames()); best != "" {
			meant = append(meant, "data."+report.Visible(best))
		}
	}
	hint := ""
	if len(meant) > 0 {
		hint = ": did you mean " + strings.Join(meant, ", ") + "?"
	}
	s.console.note("--fields: none of these events has %s%s", report.Visible(strings.Join(fields, " or ")), hint)
	return nil
}

func quoted(names []string) string {
	var all []string
	for _, name := range names {
		all = append(all, `"`+report.Visible(name)+`"`)
	}
	return strings.Join(all, " or ")
}

// nearest lists the names that are most like the typed ones, with how many events each has.
func nearest(typed []string, counts []*tally.Count) string {
	like := make(map[*tally.Count]int)
	for _, c := range counts {
		best := 1 << 30
		for _, t := range typed {
			best = min(best, distance(strings.ToLower(t), strings.ToLower(c.Name)))
		}
		like[c] = best
	}
	slices.SortStableFunc(counts, func(a, b *tally.Count) int { return cmp.Compare(like[a], like[b]) })
	var all []string
	for _, c := range counts[:min(len(counts), maxNearest)] {
		name := report.Visible(c.Name)
		if name == "" {
			name = "(none)"
		}
		all = append(all, name+" ("+words.Thousands(c.N)+")")
	}
	if more := len(counts) - maxNearest; more > 0 {
		all = append(all, "and "+words.Thousands(more)+" more: gwlogs stats lists them")
	}
	return strings.Join(all, ", ")
}

// nearestName is the name that is most like a typed one; empty if none is much like it.
func nearestName(typed string, names []string) string {
	best, least := "", 3
	for _, name := range names {
		if d := edits(strings.ToLower(typed), strings.ToLower(name)); d < least && d < len(name) && (d < 2 || len(name) > 4) {
			best, least = name, d
		}
	}
	return best
}

// distance is how many letters differ: 0 where one text is a part of the other.
func distance(a, b string) int {
	if a != "" && strings.Contains(b, a) || b != "" && strings.Contains(a, b) {
		return 0
	}
	return edits(a, b)
}

// edits is how many letters have to be changed, put in or left out to make b of a. Only
// the begins of long names count.
func edits(a, b string) int {
	const most = 100
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), most)], y[:min(len(y), most)]
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, d := range y {
			change := diagonal
			if c != d {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, change)
		}
	}
	return row[len(y)]
}
