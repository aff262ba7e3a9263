package tables

import "github.com/gwlogs/gwlogs/evtx"

// A row takes the values of one, and appends them to what is there.
type row interface {
	cells
	begin(dst []byte)
	done() []byte
}

// EventRows append events as rows of a table. It is for one goroutine at a time.
type EventRows struct {
	table *table[event]
	row   row
	event event
}

// NewEventRows is for JSON lines, one object a line.
func NewEventRows() *EventRows {
	t := events()
	return &EventRows{table: t, row: newJSONRow(t.schema())}
}

// NewPackedEvents is for events that go into a [Parquet].
func NewPackedEvents() *EventRows { return &EventRows{table: events(), row: new(packedRow)} }

// From says where the events that follow were read.
func (r *EventRows) From(o Origin) { r.event.Origin = o }

// Append appends an event, which takes no memory in the steady state.
func (r *EventRows) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	r.event.of(rec)
	r.row.begin(dst)
	r.table.put(r.row, &r.event)
	return r.row.done(), nil
}
