package report

import (
	"fmt"
	"io"

	"github.com/gwlogs/gwlogs/internal/tables"
)

// A row is one of several things that are no events.
type row struct {
	cells  []string    // for people: one for each column of the table
	values []string    // for programs: one for each key
	lines  [][2]string // for people: a name and a value
	object any         // as JSON
	value  any         // of a table of package tables
}

// rows writes rows as they are found.
type rows struct {
	doc    pieces
	append func(dst []byte, one *row) ([]byte, error)
	escape func(dst []byte, r rune) []byte // of what a terminal would act on; nil if nothing is to be escaped
	buf    []byte
}

// newRows begins a document of rows. The error is of a format that is none, or has no rows.
func newRows(w io.Writer, f Format, s Style, columns []column, keys []string, table tables.AnyTable) (*rows, error) {
	t, err := find(f)
	if err == nil && t.row == nil && t.form == nil {
		err = fmt.Errorf("there is no %s of this", f)
	}
	if err != nil {
		return nil, err
	}
	r := new(rows)
	if s.Terminal {
		r.escape = t.escape
	}
	if t.form == nil {
		l := newLayout(columns, s)
		r.append = func(dst []byte, one *row) ([]byte, error) { return t.row(dst, l, one) }
		r.doc = &Document{w: w, frame: t.frame(header{l, keys, s.mark()})}
		return r, nil
	}
	write := table.Writer(*t.form)
	r.append = func(dst []byte, one *row) ([]byte, error) { return write(dst, one.value) }
	if r.doc = (&Document{w: w}); t.binary != nil {
		r.doc = t.binary(w, table.Schema())
	}
	return r, nil
}

func (r *rows) add(one *row) error {
	var err error
	if r.buf, err = r.append(r.buf[:0], one); err != nil {
		return err
	}
	if r.escape != nil {
		r.buf = escapeLines(nil, r.buf, r.escape)
	}
	return r.doc.Add(r.buf)
}
