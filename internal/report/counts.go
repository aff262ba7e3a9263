package report

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/tables"
	"github.com/gwlogs/gwlogs/internal/tally"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// maxBar is the length of the longest bar.
const maxBar = 20

type jsonCount struct {
	Key      string  `json:"key"`
	Provider string  `json:"provider,omitempty"`
	Level    string  `json:"level"`
	Count    uint64  `json:"count"`
	First    *string `json:"first"`
	Last     *string `json:"last"`
}

// WriteCounts writes how many events there are of each kind, in one of
// RowFormats. A table on a terminal has bars. What people read ends with the
// total; JSON also has that, and what is held by each log.
func WriteCounts(w io.Writer, f Format, s Style, by tally.By, counts []*tally.Count, held []matcher.Source) error {
	if f == JSON {
		return writeCountsJSON(w, s, by, counts, held)
	}
	t := &countTable{style: s, by: by, most: 1}
	for _, c := range counts {
		t.most = max(t.most, c.N)
	}
	columns, keys := t.columns()
	r, err := newRows(w, f, s, columns, keys, tables.Counts())
	if err != nil {
		return err
	}
	for _, c := range counts {
		if err := r.add(t.row(c)); err != nil {
			return err
		}
	}
	if f.ForPeople() && len(counts) > 0 {
		if err := r.add(t.total(counts)); err != nil {
			return err
		}
	}
	return r.doc.Close()
}

type countTable struct {
	style Style
	by    tally.By
	most  uint64
}

// columns are those for people, and the keys of those for programs.
func (t *countTable) columns() ([]column, []string) {
	title := strings.ToUpper(strings.TrimPrefix(string(t.by), tally.ByData))
	keys := []string{string(t.by)}
	what := column{title: title, least: 20, best: 40}
	switch {
	case t.by == tally.ByID:
		what = column{title: title, least: 5, best: 5, right: true}
	case t.by == tally.ByLevel:
		what = column{title: title, least: 11, best: 11}
	case t.by.Timed():
		what.title += " (" + t.style.zoneName() + ")"
		what.least = max(len("2006-01-02 15:04"), len(what.title))
		what.best = what.least
	}
	first := timeColumn(t.style, "")
	last := first
	first.title, last.title = "FIRST ("+t.style.zoneName()+")", "LAST ("+t.style.zoneName()+")"
	first.least = max(len(tableTime), len(first.title))
	first.best, last.least, last.best = first.least, first.least, first.least
	first.spare, last.spare = 2, 1
	all := []column{what}
	if t.by == tally.ByID {
		all = append(all, column{title: "PROVIDER", least: 20, best: 36})
		keys = append(keys, "provider")
	}
	if t.by != tally.ByLevel {
		all = append(all, column{title: "WORST LEVEL", least: 11, best: 11, spare: 3})
		keys = append(keys, "level")
	}
	all = append(all, column{title: "EVENTS", least: 9, best: 9, right: true}, first, last)
	if t.style.Terminal {
		all = append(all, column{title: "", least: maxBar, best: maxBar, spare: 4})
	}
	return all, append(keys, "count", "first", "last")
}

// total is the last row for people.
func (t *countTable) total(counts []*tally.Count) *row {
	const title = "total"
	sum := totalOf(counts)
	one := t.row(sum)
	one.cells[0] = title
	one.lines = [][2]string{{title, words.Thousands(sum.N) + " events"}, {"first", t.style.short(sum.First)}, {"last", t.style.short(sum.Last)}}
	if t.style.Terminal {
		one.cells[len(one.cells)-1] = ""
	}
	return one
}

func (t *countTable) row(c *tally.Count) *row {
	what, level := c.Key(t.by, t.style.zone()), LevelName(c.Worst)
	if t.by == tally.ByLevel && !c.Rest {
		what = LevelName(evtx.Level(c.Number))
	}
	shown := what
	switch {
	case c.Rest:
		shown = "(all others)"
	case what == "":
		shown = "(none)"
	}
	one := &row{
		cells: []string{shown}, values: []string{what}, lines: [][2]string{{string(t.by), shown}},
		object: jsonCount{Key: what, Level: level, Count: c.N, First: jsonTime(c.First), Last: jsonTime(c.Last)},
	}
	value := &tables.Count{By: string(t.by), Key: what, EventID: -1, Level: level, Count: c.N, First: c.First, Last: c.Last}
	one.value = value
	add := func(name, cell, value string) {
		one.cells, one.values, one.lines = append(one.cells, cell), append(one.values, value), append(one.lines, [2]string{name, cell})
	}
	if t.by == tally.ByID {
		add("provider", c.Name, c.Name)
		if value.Provider = c.Name; !c.Rest {
			value.EventID = c.Number
		}
		one.object = jsonCount{what, c.Name, level, c.N, jsonTime(c.First), jsonTime(c.Last)}
	}
	if t.by != tally.ByLevel {
		add("worst level", level, level)
	}
	add("events", words.Thousands(c.N), strconv.FormatUint(c.N, 10))
	add("first", t.style.short(c.First), t.fullOr(c.First))
	add("last", t.style.short(c.Last), t.fullOr(c.Last))
	if t.style.Terminal {
		one.cells = append(one.cells, strings.Repeat("█", int((c.N*maxBar+t.most-1)/t.most)))
	}
	return one
}

// fullOr is empty for no time.
func (t *countTable) fullOr(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.style.full(at)
}
