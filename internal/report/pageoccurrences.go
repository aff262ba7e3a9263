//go:build !js

package report

import (
	"encoding/json"

	"github.com/gwlogs/gwlogs/matcher"
)

// An occurrencesView is the events of all groups, as data for the page's
// script: names and texts once, and rows that refer to them.
type occurrencesView struct {
	Computers []string          `json:"computers"`
	Sources   []string          `json:"sources"`
	Texts     []string          `json:"texts"`
	Groups    [][]occurrenceRow `json:"groups"` // in the order of the page's

	computers, sources, texts map[string]int
	left                      int // bytes that the texts may still take
}

// An occurrenceRow is the second since 1970 (null if it is not known), the
// record, and where computer, source and text stand.
type occurrenceRow struct {
	at                     *int64
	record                 uint64
	computer, source, text int
}

// MarshalJSON implements json.Marshaler: a row is an array.
func (r occurrenceRow) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{r.at, r.record, r.computer, r.source, r.text})
}

// maxPageOccurrences is how many bytes the texts of all events may take, as JSON in a page.
const maxPageOccurrences = 6 << 20

func (b *pageBuilder) occurrences() {
	v := &occurrencesView{computers: map[string]int{}, sources: map[string]int{}, texts: map[string]int{}, left: maxPageOccurrences}
	any := false
	for i := range b.view.Groups {
		g := &b.found.Groups[i]
		rows := v.rows(g)
		if n := len(rows); n > 0 {
			any = true
			b.view.Groups[i].OccurrencesHead = b.say("occurrences", "n", n, "all", g.Count)
		}
		v.Groups = append(v.Groups, rows)
	}
	if any {
		b.view.Occurrences = v
	}
}

// rows are the events of a group, the last first, as far as there is room.
func (v *occurrencesView) rows(g *matcher.Group) []occurrenceRow {
	rows := make([]occurrenceRow, 0, len(g.Occurrences))
	for i := len(g.Occurrences) - 1; i >= 0 && v.left > 0; i-- {
		o := &g.Occurrences[i]
		row := occurrenceRow{
			record: o.RecordID, computer: v.index(&v.Computers, v.computers, shownName(o.Computer)),
			source: v.index(&v.Sources, v.sources, shownName(o.Source)), text: v.index(&v.Texts, v.texts, shownLine(o.Text)),
		}
		if !o.Time.IsZero() {
			at := o.Time.Unix()
			row.at = &at
		}
		rows = append(rows, row)
	}
	return rows
}

// index is where a text stands in a list, which it is put into if it is not there.
func (v *occurrencesView) index(list *[]string, known map[string]int, text string) int {
	i, ok := known[text]
	if !ok {
		i = len(*list)
		known[text] = i
		*list = append(*list, text)
		v.left -= len(text) + 6*countEscaped(text)
	}
	return i
}

// countEscaped is how many characters JSON in a page writes with more than one.
func countEscaped(text string) int {
	n := 0
	for i := range len(text) {
		switch text[i] {
		case '<', '>', '&', '"', '\\', '\'':
			n++
		}
	}
	return n
}
