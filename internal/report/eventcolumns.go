package report

import (
	"strconv"

	"github.com/gwlogs/gwlogs/evtx"
)

// An eventColumn is something of an event that has a column in a table and in CSV.
type eventColumn struct {
	column
	append func(dst []byte, rec *evtx.Record, timeLayout string) []byte
}

// eventColumns are the columns of events, in their order.
func eventColumns(s Style) []eventColumn {
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
	var h header
	var columns []column
	for _, c := range eventColumns(s) {
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
