package report

import "github.com/gwlogs/gwlogs/evtx"

// tableFormat is one line an event, in columns, cut to the terminal.
func tableFormat() textFormat {
	return textFormat{
		format: Table, forPeople: true, columns: true,
		events: func(s Style) Renderer {
			return &tableRenderer{columns: eventColumns(s), layout: eventHeader(s).layout, color: s.Color}
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
	cell    []byte
}

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
