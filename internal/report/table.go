package report

import (
	"strconv"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

const (
	tableTime = "2006-01-02 15:04:05"
	fullTime  = "2006-01-02T15:04:05.0000000Z"
)

// The columns of an event, in this order in tables and CSV.
const (
	timeColumn = iota
	levelColumn
	idColumn
	providerColumn
	channelColumn
	computerColumn
	recordColumn
	recoveredColumn
	messageColumn
)

func eventLayout(s Style) *layout {
	columns := []column{
		timeColumn:      {title: "TIME (UTC)", least: 19, best: 19},
		levelColumn:     {title: "LEVEL", least: 11, best: 11},
		idColumn:        {title: "ID", least: 5, best: 5, right: true},
		providerColumn:  {title: "PROVIDER", least: 14, best: 24, spare: 4},
		channelColumn:   {title: "CHANNEL", least: 14, best: 24, spare: 2},
		computerColumn:  {title: "COMPUTER", least: 14, best: 20, spare: 3},
		recordColumn:    {title: "RECORD", least: 8, best: 8, spare: 1, right: true},
		recoveredColumn: {title: "RECOVERED", least: 9, best: 9},
		messageColumn:   {title: "MESSAGE", least: 39, best: 70},
	}
	if !s.Recovered {
		columns[recoveredColumn] = column{}
	}
	return newLayout(columns, s)
}

// tableRenderer writes one line an event.
type tableRenderer struct {
	layout *layout
	color  bool
	cell   []byte
}

func newTableRenderer(s Style) *tableRenderer {
	return &tableRenderer{layout: eventLayout(s), color: s.Color}
}

func (t *tableRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	level := rec.Level()
	for i := range t.layout.columns {
		if t.layout.widths[i] == 0 {
			continue
		}
		color := ""
		if t.color && i == levelColumn {
			color = levelColor(level)
		}
		t.cell = appendColumn(t.cell[:0], i, rec, tableTime)
		dst = t.layout.cell(dst, i, t.cell, color)
	}
	return append(dst, '\n'), nil
}

// appendColumn appends the value of one column as it is.
func appendColumn(dst []byte, i int, rec *evtx.Record, timeLayout string) []byte {
	switch i {
	case timeColumn:
		return appendTime(dst, rec.TimeCreated(), timeLayout)
	case levelColumn:
		return append(dst, LevelName(rec.Level())...)
	case idColumn:
		return strconv.AppendUint(dst, uint64(rec.EventID()), 10)
	case providerColumn:
		return append(dst, rec.Provider()...)
	case channelColumn:
		return append(dst, rec.Channel()...)
	case computerColumn:
		return append(dst, rec.Computer()...)
	case recordColumn:
		return strconv.AppendUint(dst, rec.EventRecordID(), 10)
	case recoveredColumn:
		return append(dst, yesNo(rec.Recovered())...)
	}
	return rec.AppendMessage(dst)
}

// appendTime appends nothing for an event without a time.
func appendTime(dst []byte, t time.Time, layout string) []byte {
	if t.IsZero() {
		return dst
	}
	return t.UTC().AppendFormat(dst, layout)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
