package tables

import (
	"github.com/gwlogs/gwlogs/matcher"
)

// ReportIDs are the columns of a table of report IDs.
func ReportIDs() *Table[matcher.ReportID] {
	type id = matcher.ReportID
	return &Table[id]{"gwlogs.report_ids/1", "One row a report ID under which logs were sent, or a bundle was made.", []column[id]{
		{is("report_id", Text, "the GUID, lower case, without braces"), func(to cells, r *id) { textOr(to, r.ID) }},
		{is("time", Time, "when the gateway noted it, or the bundle was made"), func(to cells, r *id) { to.time(r.Time) }},
		{is("computer", Text, "name of the gateway's computer"), func(to cells, r *id) { textOr(to, r.Computer) }},
		{is("channel", Text, "channel of the event; null of a bundle"), func(to cells, r *id) { textOr(to, r.Channel) }},
		{is("record_id", Integer, "EventRecordID of the event; null of a bundle"), func(to cells, r *id) {
			if r.Channel == "" && r.RecordID == 0 || r.RecordID > 1<<63-1 {
				to.null()
			} else {
				to.integer(int64(r.RecordID))
			}
		}},
		{is("source", Text, "log or bundle that it was read from"), func(to cells, r *id) { textOr(to, r.Source) }},
		{is("sent", Text, "when and where a bundle was sent, in words"), func(to cells, r *id) { textOr(to, r.Sent) }},
	}}
}

// Endpoints are the columns of a table of blocked addresses.
func Endpoints() *Table[matcher.Endpoint] {
	type end = matcher.Endpoint
	return &Table[end]{"gwlogs.endpoints/1", "One row an address and port that the gateway was refused.", []column[end]{
		{is("address", Text, "host name or IP address"), func(to cells, e *end) { textOr(to, e.Address) }},
		{is("port", Integer, "TCP port; null if the log does not name it"), func(to cells, e *end) {
			if e.Port == 0 {
				to.null()
			} else {
				to.integer(int64(e.Port))
			}
		}},
		{is("count", Integer, "events that tell it"), func(to cells, e *end) { to.integer(int64(e.Count)) }},
		{is("first", Time, "time of the first of them"), func(to cells, e *end) { to.time(e.First) }},
		{is("last", Time, "time of the last of them"), func(to cells, e *end) { to.time(e.Last) }},
		{is("computers", Texts, "names of the computers that were refused"), func(to cells, e *end) { texts(to, e.Computers) }},
		{is("problems", Texts, "names of the problems that it belongs to"), func(to cells, e *end) {
			to.list()
			for _, s := range e.Signatures {
				to.item(s.Name)
			}
			to.end()
		}},
	}}
}
