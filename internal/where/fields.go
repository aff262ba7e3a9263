package where

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
)

// fieldName is the name of a field for package sigma: in lower case, since
// nobody types names in their spelling, and one for all that mean the same; but
// for those that sigma treats apart.
func fieldName(typed string) string {
	name := strings.ToLower(typed)
	if rest, ok := strings.CutPrefix(name, "data."); ok && rest != "" {
		return rest // as among the columns of a table
	}
	switch name {
	case "eventid", "id", "event_id":
		return "EventID"
	case "channel", "log":
		return "Channel"
	case "provider", "provider_name", "providername", "source":
		return "Provider_Name"
	}
	if same := otherNames()[name]; same != "" {
		return same
	}
	return name
}

// otherNames are what fields of System are called elsewhere, as among the columns of a table.
func otherNames() map[string]string {
	return map[string]string{
		"record": "eventrecordid", "recordid": "eventrecordid", "time": "timecreated", "systemtime": "timecreated",
		"user": "userid", "sid": "userid", "process": "processid", "pid": "processid", "thread": "threadid", "tid": "threadid",
		"event_record_id": "eventrecordid", "record_id": "eventrecordid", "user_sid": "userid", "process_id": "processid", "thread_id": "threadid",
		"activity_id": "activityid", "related_activity_id": "relatedactivityid", "time_created": "timecreated", "computername": "computer",
		"activity": "activityid", "related": "relatedactivityid", "host": "computer",
	}
}

// systemFields are the fields of System that are not in sigma.System. An event
// need not have all of them.
func systemFields() []systemField {
	value := func(f evtx.Field) func(*evtx.Record) string {
		return func(r *evtx.Record) string { return r.Value(f).String() }
	}
	return []systemField{
		{"level", func(r *evtx.Record) string {
			if r.Level() == evtx.LevelLogAlways {
				return strconv.Itoa(int(evtx.LevelInformation)) // as --level has it
			}
			return strconv.Itoa(int(r.Level()))
		}},
		{"computer", (*evtx.Record).Computer},
		{"eventrecordid", value(evtx.FieldEventRecordID)}, {"version", value(evtx.FieldVersion)}, {"task", value(evtx.FieldTask)},
		{"opcode", value(evtx.FieldOpcode)}, {"keywords", value(evtx.FieldKeywords)}, {"qualifiers", value(evtx.FieldQualifiers)},
		{"timecreated", value(evtx.FieldTimeCreated)}, {"userid", value(evtx.FieldUserID)},
		{"processid", value(evtx.FieldProcessID)}, {"threadid", value(evtx.FieldThreadID)},
		{"activityid", value(evtx.FieldActivityID)}, {"relatedactivityid", value(evtx.FieldRelatedActivityID)},
		{"message", func(r *evtx.Record) string { return string(r.AppendMessage(nil)) }},
	}
}

// SystemFields are the names of the fields of System, as they are written in expressions.
func SystemFields() []string {
	return []string{"EventID", "Level", "Provider", "Channel", "Computer", "EventRecordID", "TimeCreated", "Task", "Opcode", "Keywords", "Version",
		"ProcessID", "ThreadID", "UserID", "ActivityID", "RelatedActivityID", "Qualifiers", "Message"}
}

// DataFields are the names in the expression that are no fields of System, in
// lower case: those that only an event's data can have.
func (e *Expr) DataFields() []string {
	known := map[string]bool{"EventID": true, "Channel": true, "Provider_Name": true, "data": true}
	for _, s := range systemFields() {
		known[s.name] = true
	}
	var names []string
	for name := range e.fields {
		if !known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

type systemField struct {
	name string
	of   func(*evtx.Record) string
}

// A Filter decides on events. It belongs to one goroutine.
type Filter struct {
	expr   *Expr
	system []systemField // that the expression looks at
	lower  map[string]string
	record *evtx.Record
}

// Filter makes a Filter.
func (e *Expr) Filter() *Filter {
	f := &Filter{expr: e, lower: make(map[string]string)}
	for _, s := range systemFields() {
		if e.fields[s.name] {
			f.system = append(f.system, s)
		}
	}
	return f
}

// Match reports whether the expression holds for the event.
func (f *Filter) Match(rec *evtx.Record) bool {
	f.record = rec
	return len(f.expr.set.Match(sigma.System{Channel: rec.Channel(), Provider: rec.Provider(), EventID: rec.EventID()}, f.values)) > 0
}

// values gives the event's values: what System says comes first, and the event's
// data of the same name is no less.
func (f *Filter) values(yield func(name, value string) bool) {
	for _, s := range f.system {
		if value := s.of(f.record); value != "" && !yield(s.name, value) {
			return
		}
	}
	for name, v := range f.record.All() {
		if name == "" {
			name = "Data"
		}
		if name = f.lowered(name); f.expr.fields[name] && !yield(name, v.String()) {
			return
		}
	}
}

// maxNames bounds the memory for names that made-up logs may have any number of.
const maxNames = 10_000

func (f *Filter) lowered(name string) string {
	lower, ok := f.lower[name]
	if !ok {
		lower = strings.ToLower(name)
		if len(f.lower) < maxNames {
			f.lower[strings.Clone(name)] = lower
		}
	}
	return lower
}
