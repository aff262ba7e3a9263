package report

import (
	"fmt"
	"io"
)

// A row is one of several things that are no events.
type row struct {
	cells  []string    // for people: one for each column of the table
	values []string    // for programs: one for each key
	lines  [][2]string // for people: a name and a value
	object any         // as JSON
}

// rows writes rows as they are found.
type rows struct {
	doc    *Document
	format textFormat
	layout *layout
	safe   bool // nothing that a terminal would act on may get out
	buf    []byte
}

// newRows begins a document of rows. The error is of a format that is none, or has no rows.
func newRows(w io.Writer, f Format, s Style, columns []column, keys []string) (*rows, error) {
	t, err := find(f)
	if err == nil && t.row == nil {
		err = fmt.Errorf("there is no %s of this", f)
	}
	if err != nil {
		return nil, err
	}
	h := header{newLayout(columns, s), keys, s.mark()}
	return &rows{doc: &Document{w: w, frame: t.frame(h)}, format: t, layout: h.layout, safe: s.Terminal && t.escape != nil}, nil
}

func (r *rows) add(one *row) error {
	var err error
	if r.buf, err = r.format.row(r.buf[:0], r.layout, one); err != nil {
		return err
	}
	if r.safe {
		r.buf = escapeLines(nil, r.buf, r.format.escape)
	}
	return r.doc.Add(r.buf)
}
