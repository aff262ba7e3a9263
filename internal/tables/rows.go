package tables

import (
	"fmt"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Form is how rows are written.
type Form int

// The forms: JSON lines, one object a line, and what a [Parquet] takes.
const (
	JSONLines Form = iota
	Packed
)

// A row takes the values of one, and appends them to what is there.
type row interface {
	cells
	begin(dst []byte)
	done() []byte
}

func (f Form) row(s Schema) row {
	if f == Packed {
		return new(packedRow)
	}
	return newJSONRow(s)
}

// An AnyTable is a [Table] of whatever it is of.
type AnyTable interface {
	Schema() Schema
	Writer(Form) func(dst []byte, v any) ([]byte, error) // that appends a row of a v, which is a pointer
}

// Writer appends rows. It is for one goroutine at a time.
func (t *Table[T]) Writer(f Form) func(dst []byte, v any) ([]byte, error) {
	r := f.row(t.Schema())
	return func(dst []byte, v any) ([]byte, error) {
		one, ok := v.(*T)
		if !ok {
			return dst, fmt.Errorf("%T is no row of %s", v, t.name)
		}
		r.begin(dst)
		t.put(r, one)
		return r.done(), nil
	}
}

// EventRows append events as rows of a table. It is for one goroutine at a time.
type EventRows struct {
	table *Table[event]
	row   row
	event event
}

// NewEventRows is for events from everywhere.
func NewEventRows(f Form) *EventRows {
	t := events()
	return &EventRows{table: t, row: f.row(t.Schema())}
}

// From says where the events that follow were read.
func (r *EventRows) From(o Origin) { r.event.Origin = o }

// Append appends an event, which takes no memory in the steady state.
func (r *EventRows) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	r.event.of(rec)
	r.row.begin(dst)
	r.table.put(r.row, &r.event)
	return r.row.done(), nil
}
