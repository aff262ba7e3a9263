package report

import (
	"bytes"
	"io"
	"strings"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// fitted is a layout whose columns are as wide as their longest values.
func fitted(columns []column, rows [][]string, s Style) *layout {
	for i := range columns {
		c := &columns[i]
		c.best = max(c.least, columnsOf(c.title))
		for _, cells := range rows {
			c.best = max(c.best, columnsOf(cells[i]))
		}
		if c.least <= leastText { // nothing of it may be cut
			c.least = c.best
		}
		c.least = min(c.least, c.best)
	}
	return newLayout(columns, s)
}

// A TableColumn is a column of WriteTable.
type TableColumn struct {
	Title string
	Right bool // numbers
	Cut   bool // a text, which may be cut
	Spare int  // left out on a narrow terminal: the highest first, 0 never
}

// WriteTable writes rows as a table for people, whose columns are as wide as their longest values.
func WriteTable(w io.Writer, s Style, columns []TableColumn, rows [][]string) error {
	own := make([]column, len(columns))
	for i, c := range columns {
		own[i] = column{title: c.Title, right: c.Right, spare: c.Spare}
		if c.Cut {
			own[i].least = leastText + 1
		}
	}
	l := fitted(own, rows, s)
	text := []byte(l.header())
	for _, cells := range rows {
		for i, cell := range cells {
			text = l.cell(text, i, []byte(cell), "")
		}
		text = append(text, '\n')
	}
	_, err := w.Write(text)
	return err
}

// table appends rows in columns, indented, each fitted to its longest value; below, if it is given, adds what stands below the i-th.
func (t *diagnosisText) table(indent int, columns []column, rows [][]string, below func(i int)) {
	l := fitted(columns, rows, Style{Terminal: t.limit > 0, Width: t.limit - indent})
	head := strings.Repeat(" ", indent)
	show := func(line []byte) {
		line = bytes.ReplaceAll(bytes.TrimRight(line, " \n"), []byte("\n"), []byte("\n"+head))
		t.out = append(append(append(t.out, head...), line...), '\n')
	}
	if title := l.header(); strings.TrimSpace(title) != "" {
		show([]byte(title))
	}
	for i, cells := range rows {
		var line []byte
		for k, text := range cells {
			line = l.cell(line, k, []byte(text), "")
		}
		if show(line); below != nil {
			below(i)
		}
	}
}

// columnsOf is how many columns a text takes on one line.
func columnsOf(text string) int {
	_, n := appendLine(nil, []byte(text), 0)
	return n
}

func (t *diagnosisText) endpoints(d *Diagnosis) {
	if len(d.Endpoints) == 0 {
		return
	}
	t.blank()
	t.line(0, t.words.Say("diagnosis.endpoints"))
	zone := t.style.zoneName()
	columns := []column{
		{title: t.words.Say("diagnosis.column-address")},
		{title: t.words.Say("diagnosis.column-port"), least: 5, right: true},
		{title: t.words.Say("diagnosis.column-times"), least: 5, right: true, spare: 1},
		{title: t.words.Say("diagnosis.column-first", "zone", zone), spare: 2},
		{title: t.words.Say("diagnosis.column-last", "zone", zone)},
	}
	var rows [][]string
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		rows = append(rows, []string{e.Address, portText(e), words.Thousands(e.Count), t.style.short(e.First), t.style.short(e.Last)})
	}
	t.table(3, columns, rows, func(i int) {
		if len(d.Computers) > 1 {
			t.wrap("     ", "     ", computersOf(t.words, d.Endpoints[i].Computers))
		}
	})
}

func (t *diagnosisText) reportIDs(all []matcher.ReportID) {
	if len(all) == 0 {
		return
	}
	t.blank()
	t.line(0, t.words.Say("diagnosis.report-ids"))
	var rows [][]string
	for _, r := range all {
		rows = append(rows, []string{t.style.short(r.Time), r.ID, r.Computer})
	}
	t.table(3, make([]column, 3), rows, nil)
}
