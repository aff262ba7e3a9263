package where

import (
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
)

// fieldName is the name of a field for package sigma: in lower case, since
// nobody types names in their spelling; but for those that sigma treats apart.
func fieldName(typed string) string {
	switch name := strings.ToLower(typed); name {
	case "eventid", "id":
		return "EventID"
	case "channel":
		return "Channel"
	case "provider", "provider_name", "providername", "source":
		return "Provider_Name"
	default:
		return name
	}
}

// systemFields are the fields of System that are not in sigma.System, by the
// names that an expression may give them.
func systemFields() []systemField {
	number := func(of func(*evtx.Record) uint64) func(*evtx.Record) string {
		return func(r *evtx.Record) string { return strconv.FormatUint(of(r), 10) }
	}
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
		{"eventrecordid", number((*evtx.Record).EventRecordID)}, {"record", number((*evtx.Record).EventRecordID)},
		{"version", value(evtx.FieldVersion)}, {"task", value(evtx.FieldTask)}, {"opcode", value(evtx.FieldOpcode)},
		{"keywords", value(evtx.FieldKeywords)}, {"qualifiers", value(evtx.FieldQualifiers)},
		{"timecreated", value(evtx.FieldTimeCreated)}, {"userid", value(evtx.FieldUserID)},
		{"processid", value(evtx.FieldProcessID)}, {"threadid", value(evtx.FieldThreadID)},
		{"activityid", value(evtx.FieldActivityID)}, {"relatedactivityid", value(evtx.FieldRelatedActivityID)},
		{"message", func(r *evtx.Record) string { return string(r.AppendMessage(nil)) }},
	}
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
		if !yield(s.name, s.of(f.record)) {
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
