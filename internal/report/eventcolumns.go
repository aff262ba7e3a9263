package report

import (
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/tables"
)

// An eventColumn is something of an event that has a column in a table and in CSV.
type eventColumn struct {
	column
	append func(dst []byte, rec *evtx.Record, timeLayout string) []byte
}

// eventColumns are the columns of a table of events, which are from where from says: those that were chosen, or else the usual ones.
func eventColumns(s Style, from *tables.Origin) []eventColumn {
	if len(s.Fields) == 0 {
		return usualColumns(s)
	}
	known := slices.Concat(usualColumns(s), systemColumns(), originColumns(from))
	var all []eventColumn
	for i, name := range s.Fields {
		k := slices.IndexFunc(known, func(c eventColumn) bool { return strings.EqualFold(c.key, plainField(name)) })
		if k >= 0 {
			all = append(all, known[k])
		} else if of, ok := dataField(name); ok {
			all = append(all, dataColumn(name, of, s.watch.field(i)))
		}
	}
	return all
}

// Fields lists the names that Style.Fields may have, beside data.NAME.
func Fields() []string {
	var names []string
	for _, c := range slices.Concat(usualColumns(Style{Recovered: true}), systemColumns(), originColumns(nil)) {
		names = append(names, c.key)
	}
	return names
}

// wantsOrigin reports whether a column says where events are from.
func (s *Style) wantsOrigin() bool {
	return slices.ContainsFunc(s.Fields, func(name string) bool {
		return slices.ContainsFunc(originColumns(nil), func(c eventColumn) bool { return strings.EqualFold(c.key, plainField(name)) })
	})
}

// A fieldWatch notes which named values of Style.Fields events had.
type fieldWatch struct{ seen []atomic.Bool }

// field is where that is noted of a field.
func (w *fieldWatch) field(i int) *atomic.Bool {
	if w == nil {
		return new(atomic.Bool)
	}
	return &w.seen[i]
}

// IsField reports whether Style.Fields may have a name, in any case.
func IsField(name string) bool {
	_, ok := dataField(name)
	return ok || slices.ContainsFunc(Fields(), func(f string) bool { return strings.EqualFold(f, plainField(name)) })
}

// plainField is the name of a column for what the XML of an event calls otherwise.
func plainField(name string) string {
	switch strings.ReplaceAll(strings.ToLower(name), "_", "") {
	case "eventid":
		return "id"
	case "timecreated", "systemtime":
		return "time"
	case "timestamp", "date", "datetime":
		return "time"
	case "providername", "eventsource":
		return "provider"
	case "computername", "host", "hostname":
		return "computer"
	case "logname":
		return "channel"
	case "eventrecordid", "recordid":
		return "record"
	case "userid", "usersid", "sid":
		return "user"
	case "file", "filename", "sourcefile":
		return "path"
	case "reportid":
		return "bundle"
	case "processid":
		return "process"
	case "threadid":
		return "thread"
	case "activityid":
		return "activity"
	case "relatedactivityid":
		return "related"
	}
	return name
}

// dataField is the name of the value that data.NAME stands for.
func dataField(name string) (of string, ok bool) {
	const prefix = "data."
	if len(name) <= len(prefix) || !strings.EqualFold(name[:len(prefix)], prefix) {
		return "", false
	}
	return name[len(prefix):], true
}

// dataColumn has the values of that name, in any case, and notes that there is one.
func dataColumn(key, name string, seen *atomic.Bool) eventColumn {
	return eventColumn{column{key: key, title: strings.ToUpper(name), least: 10, best: 24, spare: 1},
		func(dst []byte, rec *evtx.Record, _ string) []byte {
			begin := len(dst)
			for n, v := range rec.All() {
				if !strings.EqualFold(n, name) {
					continue
				}
				if !seen.Load() {
					seen.Store(true)
				}
				if len(dst) > begin {
					dst = append(dst, ' ')
				}
				dst = v.AppendText(dst)
			}
			return dst
		}}
}

// originColumns say where an event was read.
func originColumns(from *tables.Origin) []eventColumn {
	return []eventColumn{
		{column{key: "source", title: "SOURCE", least: 14, best: 24, spare: 1},
			func(dst []byte, _ *evtx.Record, _ string) []byte { return append(dst, from.Source...) }},
		{column{key: "path", title: "PATH", least: 14, best: 40, spare: 1},
			func(dst []byte, _ *evtx.Record, _ string) []byte { return append(dst, from.Path...) }},
		{column{key: "bundle", title: "BUNDLE", least: 36, best: 36, spare: 1},
			func(dst []byte, _ *evtx.Record, _ string) []byte { return append(dst, from.Bundle...) }},
	}
}

// systemColumns are the fields of System that are no usual columns.
func systemColumns() []eventColumn {
	var all []eventColumn
	for _, f := range []struct {
		key   string
		field evtx.Field
		width int
	}{
		{"version", evtx.FieldVersion, 7}, {"task", evtx.FieldTask, 5}, {"opcode", evtx.FieldOpcode, 6}, {"keywords", evtx.FieldKeywords, 18},
		{"qualifiers", evtx.FieldQualifiers, 10}, {"process", evtx.FieldProcessID, 7}, {"thread", evtx.FieldThreadID, 7},
		{"user", evtx.FieldUserID, 20}, {"activity", evtx.FieldActivityID, 38}, {"related", evtx.FieldRelatedActivityID, 38},
	} {
		all = append(all, eventColumn{column{key: f.key, title: strings.ToUpper(f.key), least: f.width, best: f.width, spare: 1},
			func(dst []byte, rec *evtx.Record, _ string) []byte { return rec.Value(f.field).AppendText(dst) }})
	}
	return all
}

// usualColumns are the columns unless others are chosen.
func usualColumns(s Style) []eventColumn {
	zone := s.zone()
	all := []eventColumn{
		{timeColumn(s, "time"), func(dst []byte, rec *evtx.Record, layout string) []byte {
			return appendTime(dst, rec.TimeCreated(), layout, zone)
		}},
		{column{key: "level", title: "LEVEL", least: 11, best: 11}, func(dst []byte, rec *evtx.Record, _ string) []byte {
			return append(dst, LevelName(rec.Level())...)
		}},
		{column{key: "id", title: "ID", least: 5, best: 5, right: true}, func(dst []byte, rec *evtx.Record, _ string) []byte {
			return strconv.AppendUint(dst, uint64(rec.EventID()), 10)
		}},
		{column{key: "provider", title: "PROVIDER", least: 14, best: 24, spare: 4}, func(dst []byte, rec *evtx.Record, _ string) []byte {
			return append(dst, rec.Provider()...)
		}},
		{column{key: "channel", title: "CHANNEL", least: 14, best: 24, spare: 2}, func(dst []byte, rec *evtx.Record, _ string) []byte {
			return append(dst, rec.Channel()...)
		}},
		{column{key: "computer", title: "COMPUTER", least: 14, best: 20, spare: 3}, func(dst []byte, rec *evtx.Record, _ string) []byte {
			return append(dst, rec.Computer()...)
		}},
		{column{key: "record", title: "RECORD", least: 8, best: 8, spare: 1, right: true}, func(dst []byte, rec *evtx.Record, _ string) []byte {
			return strconv.AppendUint(dst, rec.EventRecordID(), 10)
		}},
	}
	if s.Recovered {
		all = append(all, eventColumn{column{key: "recovered", title: "RECOVERED", least: 9, best: 9},
			func(dst []byte, rec *evtx.Record, _ string) []byte {
				return append(dst, yesNo(rec.Recovered())...)
			}})
	}
	return append(all, eventColumn{column{key: "message", title: "MESSAGE", least: 39, best: 70},
		func(dst []byte, rec *evtx.Record, _ string) []byte {
			return rec.AppendMessage(dst)
		}})
}

// eventHeader names the columns of events.
func eventHeader(s Style) header {
	h := header{mark: s.mark()}
	var columns []column
	for _, c := range eventColumns(s, nil) {
		columns, h.keys = append(columns, c.column), append(h.keys, c.key)
	}
	h.layout = newLayout(columns, s)
	return h
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
