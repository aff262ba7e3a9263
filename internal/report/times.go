package report

import "time"

// Layouts of times. What programs read is always UTC.
const (
	tableTime = "2006-01-02 15:04:05"
	fullTime  = "2006-01-02T15:04:05.0000000Z07:00"
	sheetTime = "2006-01-02 15:04:05.000" // what Excel takes for a time in every language
	blockTime = "2006-01-02 15:04:05.0000000 MST"
)

// zone is the zone of times for people.
func (s *Style) zone() *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}

// zoneName is what heads of columns call it: the zone of this computer has no name of its own.
func (s *Style) zoneName() string {
	if s.zone() == time.Local {
		return "local"
	}
	return s.zone().String()
}

// short is a time to the second, in the zone.
func (s *Style) short(t time.Time) string { return string(appendTime(nil, t, tableTime, s.zone())) }

// full is a time to the 100 nanoseconds, with its offset from UTC.
func (s *Style) full(t time.Time) string { return string(appendTime(nil, t, fullTime, s.zone())) }

// shortTime is a time to the second, in UTC.
func shortTime(t time.Time) string { return string(appendTime(nil, t, tableTime, time.UTC)) }

// timeColumn is the column of a time to the second.
func timeColumn(s Style, key string) column {
	title := "TIME (" + s.zoneName() + ")"
	return column{key: key, title: title, least: max(len(tableTime), len(title)), best: max(len(tableTime), len(title))}
}

// appendTime appends nothing for an event without a time.
func appendTime(dst []byte, t time.Time, layout string, zone *time.Location) []byte {
	if t.IsZero() {
		return dst
	}
	return t.In(zone).AppendFormat(dst, layout)
}
