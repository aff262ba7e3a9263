package report

import (
	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/tables"
)

// tableFormat is one line an event, in columns, cut to the terminal.
func tableFormat() textFormat {
	return textFormat{
		format: Table, forPeople: true, columns: true,
		events: func(s Style) Renderer {
			t := &tableRenderer{layout: eventHeader(s).layout, color: s.Color}
			t.columns = eventColumns(s, &t.from)
			return t
		},
		frame: func(h header) frame { return frame{head: h.layout.header()} },
		row: func(dst []byte, l *layout, r *row) ([]byte, error) {
			for i, text := range r.cells {
				dst = l.cell(dst, i, []byte(text), "")
			}
			return append(dst, '\n'), nil
		},
	}
}

type tableRenderer struct {
	columns []eventColumn
	layout  *layout
	color   bool
	from    tables.Origin
	cell    []byte
}

func (t *tableRenderer) From(o tables.Origin) { t.from = o }

func (t *tableRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	for i := range t.columns {
		c := &t.columns[i]
		if t.layout.widths[i] == 0 {
			continue
		}
		color := ""
		if t.color && c.key == "level" {
			color = levelColor(rec.Level())
		}
		t.cell = c.append(t.cell[:0], rec, tableTime)
		dst = t.layout.cell(dst, i, t.cell, color)
	}
	return append(dst, '\n'), nil
}
