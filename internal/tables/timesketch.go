package tables

import (
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// Timesketch imports JSON lines that have message, datetime and timestamp_desc; all else is searched by its key. The other keys are
// those of Plaso's evtx parser, which Timesketch's analyzers and its Sigma rules look for.

// timesketchSchema has the keys of a line in their order.
func timesketchSchema() Schema {
	return Schema{Name: "gwlogs.timesketch/1", Columns: []Column{
		{Name: "message"}, {Name: "datetime"}, {Name: "timestamp"}, {Name: "timestamp_desc"}, {Name: "data_type"},
		{Name: "event_identifier"}, {Name: "event_version"}, {Name: "event_level"}, {Name: "level"}, {Name: "source_name"}, {Name: "channel"},
		{Name: "computer_name"}, {Name: "record_number"}, {Name: "user_sid"}, {Name: "strings"}, {Name: "filename"}, {Name: "bundle"},
		{Name: "recovered"}, {Name: "tag"},
	}}
}

// Timesketch appends events, and findings, as lines for Timesketch. It is for one goroutine at a time.
type Timesketch struct {
	row jsonRow
	Origin
}

// NewTimesketch is for events from everywhere.
func NewTimesketch() *Timesketch { return &Timesketch{row: *newJSONRow(timesketchSchema())} }

// From says where the events that follow were read.
func (t *Timesketch) From(o Origin) { t.Origin = o }

// Append appends an event, which takes no memory in the steady state.
func (t *Timesketch) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	r := &t.row
	r.begin(dst)
	r.message(rec)
	at, ok := rec.Value(evtx.FieldTimeCreated).Time()
	t.when(at, ok, "Event Logged")
	r.text("windows:evtx:record")
	for _, field := range []evtx.Field{evtx.FieldEventID, evtx.FieldVersion, evtx.FieldLevel} {
		t.number(rec.Value(field))
	}
	r.text(LevelName(rec.Level()))
	textOr(r, rec.Provider())
	textOr(r, rec.Channel())
	textOr(r, rec.Computer())
	t.number(rec.Value(evtx.FieldEventRecordID))
	r.value(rec.Value(evtx.FieldUserID))
	r.list()
	for name, v := range rec.All() {
		r.between()
		r.buf = r.buf[:0]
		if name != "" {
			r.buf = append(append(r.buf, name...), ": "...)
		}
		r.buf = v.AppendText(r.buf)
		r.dst = appendJSONText(r.dst, r.buf)
	}
	r.end()
	textOr(r, t.Source)
	textOr(r, t.Bundle)
	r.boolean(rec.Recovered())
	r.list()
	if rec.Recovered() {
		r.item("gwlogs:recovered")
	}
	r.end()
	return r.done(), nil
}

// when appends the keys of a time. Timesketch wants one always: what has none stands at the begin of 1970, and says so.
func (t *Timesketch) when(at time.Time, ok bool, what string) {
	r := &t.row
	if !ok || !readable(at) {
		at, what = time.Unix(0, 0), "Time Not Known"
	}
	r.key()
	r.dst = append(r.dst, '"')
	r.dst = appendMicros(r.dst, at)
	r.dst = append(r.dst[:len(r.dst)-1], `+00:00"`...)
	r.integer(at.UnixMicro())
	r.text(what)
}

func (t *Timesketch) number(v evtx.Value) {
	if n, ok := v.Int(); ok {
		t.row.integer(n)
	} else {
		t.row.null()
	}
}

// AppendFinding appends a known problem where an event shows it: a line with the event's time, tagged with the problem.
func (t *Timesketch) AppendFinding(dst []byte, f *Finding) []byte {
	r, e := &t.row, f.Evidence
	at := f.Last
	if e == nil {
		e = new(Evidence)
	} else {
		at = e.Time
	}
	message := f.Title
	if e.Message != "" {
		message += ": " + e.Message
	}
	r.begin(dst)
	r.text(message)
	t.when(at, true, "Finding")
	r.text("gwlogs:finding")
	if f.Evidence == nil {
		r.null()
	} else {
		r.integer(e.EventID)
	}
	r.null()
	r.null()
	textOr(r, e.Level)
	r.null()
	textOr(r, e.Channel)
	textOr(r, f.Computer)
	if f.Evidence == nil {
		r.null()
	} else {
		r.integer(e.RecordID)
	}
	r.null()
	texts(r, append([]string{f.Cause}, f.Resolution...))
	textOr(r, e.Source)
	textOr(r, f.Bundle)
	r.boolean(false)
	texts(r, []string{"gwlogs:" + f.Signature, "severity:" + f.Severity})
	return r.done()
}
