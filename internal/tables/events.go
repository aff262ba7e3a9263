package tables

import (
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// An Origin is where an event was read.
type Origin struct {
	Source string // the log, as all results call it
	Path   string // the log as messages call it: with what was typed, or the archive that it lies in
	Bundle string // the report ID of the bundle that holds it; empty if none does
}

// event is an event, and where it was read.
type event struct {
	*evtx.Record
	Origin
	time  time.Time
	timed bool
}

// Events are the columns of a table of events.
func Events() Schema { return events().Schema() }

func events() *Table[event] {
	return &Table[event]{"gwlogs.events/1", "One row an event, in the order of the logs.", []column[event]{
		{isDistinct("time", Time, "when the event was written (TimeCreated), to the microsecond; null if the event does not say, "+
			"and for years that are none (before 1601, after 9999)"),
			func(to cells, e *event) {
				if e.timed {
					to.time(e.time)
				} else {
					to.null()
				}
			}},
		{isDistinct("time_100ns", Integer, "the same as Windows has it, exact: a FILETIME, 100 nanoseconds since 1601-01-01 UTC"),
			func(to cells, e *event) {
				if ticks, ok := fileTime(e.time); e.timed && ok {
					to.integer(ticks)
				} else {
					to.null()
				}
			}},
		{is("level", Text, "critical, error, warning, information (also level 0 of classic events), verbose, or a number that has no name"),
			func(to cells, e *event) {
				if e.Value(evtx.FieldLevel).IsNull() {
					to.null()
				} else {
					to.text(LevelName(e.Level()))
				}
			}},
		number("event_id", evtx.FieldEventID, "EventID"),
		number("version", evtx.FieldVersion, "Version of the event's definition"),
		number("qualifiers", evtx.FieldQualifiers, "Qualifiers of the EventID; classic events alone have them"),
		{is("provider", Text, "name of the provider: the source in Event Viewer"),
			func(to cells, e *event) { textOr(to, e.Provider()) }},
		{is("channel", Text, "name of the channel that the event was written to: the log in Event Viewer"),
			func(to cells, e *event) { textOr(to, e.Channel()) }},
		{is("computer", Text, "name of the computer that wrote the event, as it stands there"),
			func(to cells, e *event) { textOr(to, e.Computer()) }},
		numbered("record_id", evtx.FieldEventRecordID, "EventRecordID: the number of the event in the log it was written to"),
		number("process_id", evtx.FieldProcessID, "process that wrote the event"),
		number("thread_id", evtx.FieldThreadID, "thread that wrote the event"),
		asText("user_sid", evtx.FieldUserID, "security identifier of the user in whose name it was written: S-1-5-18"),
		asText("keywords", evtx.FieldKeywords, "mask of 64 bits as Windows shows it: 0x8020000000000000"),
		number("task", evtx.FieldTask, "Task; the category of a classic event"),
		number("opcode", evtx.FieldOpcode, "Opcode"),
		asText("activity_id", evtx.FieldActivityID, "activity that the event is part of: a GUID in braces, lower case"),
		{isDistinct("message", Text, "what the event says: the text that a forwarded event carries, or else its values, one a line"),
			func(to cells, e *event) { to.message(e.Record) }},
		{is("data", Pairs, "the values of EventData and UserData in their order, as Windows shows them; the strings of classic "+
			"events have no name (null), names may come more than once, items of an array stand each for itself, NULL values are left out"),
			func(to cells, e *event) {
				to.list()
				for name, v := range e.All() {
					to.pair(name, v)
				}
				to.end()
			}},
		{is("source", Text, "log that the event was read from: its path below what was typed"),
			func(to cells, e *event) { textOr(to, e.Source) }},
		{is("bundle", Text, "report ID of the support bundle that the log is in; null if it is in none"),
			func(to cells, e *event) { textOr(to, e.Bundle) }},
		{is("recovered", Boolean, "whether the event was found in the unused space of the log (--recover)"),
			func(to cells, e *event) { to.boolean(e.Recovered()) }},
	}}
}

// number is a column of a number of System.
func number(name string, field evtx.Field, about string) column[event] {
	return column[event]{is(name, Integer, about), func(to cells, e *event) {
		if n, ok := e.Value(field).Int(); ok {
			to.integer(n)
		} else {
			to.null()
		}
	}}
}

// numbered is number for what hardly comes twice.
func numbered(name string, field evtx.Field, about string) column[event] {
	c := number(name, field, about)
	c.distinct = true
	return c
}

// asText is a column of a value of System as Windows shows it.
func asText(name string, field evtx.Field, about string) column[event] {
	return column[event]{is(name, Text, about), func(to cells, e *event) { to.value(e.Value(field)) }}
}

// of makes e the event of a record.
func (e *event) of(rec *evtx.Record) {
	e.Record = rec
	e.time, e.timed = rec.Value(evtx.FieldTimeCreated).Time()
}

// fileTime is a time in 100 nanoseconds since 1601.
func fileTime(t time.Time) (int64, bool) {
	const second, before = 10_000_000, 11_644_473_600
	s := t.Unix() + before
	if s < 0 || s > (1<<63-1)/second-1 {
		return 0, false
	}
	return s*second + int64(t.Nanosecond()/100), true
}
