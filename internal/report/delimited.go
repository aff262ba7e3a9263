package report

import (
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/tables"
)

// delimited is a format of values with something between them, all of them, in
// lines. Times are as precise as the record, but for a spreadsheet, which would take those for texts.
type delimited struct {
	between, end string
	value        func(dst, value []byte) []byte // appends a value so that nothing in it can be taken for between or end
}

func (d *delimited) format(name Format) textFormat {
	return textFormat{
		format: name, columns: true,
		events: func(s Style) Renderer {
			r := &delimitedRenderer{delimited: d, layout: fullTime}
			if s.BOM {
				r.layout = sheetTime
			}
			r.columns = eventColumns(s, &r.from)
			return r
		},
		frame: func(h header) frame {
			keys := make([]string, len(h.keys))
			for i, key := range h.keys {
				keys[i] = string(d.value(nil, []byte(key)))
			}
			return frame{head: h.mark + strings.Join(keys, d.between) + d.end, always: true}
		},
		row: func(dst []byte, _ *layout, r *row) ([]byte, error) {
			for i, value := range r.values {
				if i > 0 {
					dst = append(dst, d.between...)
				}
				dst = d.value(dst, []byte(value))
			}
			return append(dst, d.end...), nil
		},
		escape: appendVisible,
	}
}

type delimitedRenderer struct {
	*delimited
	columns []eventColumn
	from    tables.Origin
	layout  string // of times
	buf     []byte
}

func (r *delimitedRenderer) From(o tables.Origin) { r.from = o }

func (r *delimitedRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	for i := range r.columns {
		if i > 0 {
			dst = append(dst, r.between...)
		}
		r.buf = r.columns[i].append(r.buf[:0], rec, r.layout)
		dst = r.value(dst, r.buf)
	}
	return append(dst, r.end...), nil
}
