package tables

import "github.com/gwlogs/gwlogs/evtx"

// EventRows append events as JSON lines, one object a line. It is for one goroutine at a time.
type EventRows struct {
	table *table[event]
	row   *jsonRow
	event event
}

// NewEventRows is for events from everywhere.
func NewEventRows() *EventRows {
	t := events()
	return &EventRows{table: t, row: newJSONRow(t.schema())}
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
