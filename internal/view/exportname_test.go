package view

import "testing"

// The name of an exported file says what it holds; whatever was typed, it is one that every system takes.
func TestExportName(t *testing.T) {
	s := &snapshot{}
	one := &logInfo{source: "C:/logs/Data Management Gateway.evtx"}
	s.logs = []*logInfo{one, one}
	for _, tt := range []struct {
		conditions []Condition
		want       string
	}{
		{nil, "Data-Management-Gateway_7-events.csv"},
		{[]Condition{{Field: "level", Values: values{"2", "warning"}}, {Field: "id", Values: values{"401"}, Exclude: true}}, "Data-Management-Gateway_error-warning_not-id401_7-events.csv"},
		{[]Condition{{Field: "time", Values: values{"2017-05-03T00:00:00.0000000Z", "2017-05-03T23:59:59.9999999Z"}}}, "Data-Management-Gateway_2017-05-03_7-events.csv"},
		{[]Condition{{Field: "time", Values: values{"2017-05-03T12:30:00.0000000Z", ""}}}, "Data-Management-Gateway_from-2017-05-03T1230_7-events.csv"},
		{[]Condition{{Field: "time", Values: values{"", "x"}}}, "Data-Management-Gateway_until-x_7-events.csv"},
		{[]Condition{{Field: "text", Values: values{"../..\\é \"access\" denied\r\n"}}}, "Data-Management-Gateway_access-denied_7-events.csv"},
		{[]Condition{{Field: "text", Values: values{"日本"}}}, "Data-Management-Gateway_x_7-events.csv"},
		{[]Condition{{Field: "around", Values: values{"99", "60"}}}, "Data-Management-Gateway_around_7-events.csv"},
		{[]Condition{{Field: "marked", Values: values{"1", "2"}}}, "Data-Management-Gateway_marked_7-events.csv"},
		{[]Condition{{Field: "id", Values: values{"1", "2", "3", "4", "5"}}}, "Data-Management-Gateway_id1-2-3-4-and-more_7-events.csv"},
		{[]Condition{
			{Field: "data.User", Values: values{"alice in a land far away, where names are long"}}, {Field: "provider", Values: values{"a provider with a very long name, too"}},
			{Field: "computer", Values: values{"GW01"}},
		}, "Data-Management-Gateway_data.User-alice-in-a-land-far-away-where_and-more_7-events.csv"},
	} {
		if got := s.exportName(&Filter{Conditions: tt.conditions}, 7, "csv"); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.conditions, got, tt.want)
		}
	}
	s.logs = []*logInfo{{source: "logs/a.evtx", bundle: "/tmp/gwlogs-GW01-2026.zip.age"}, {source: "logs/b.evtx", bundle: "/tmp/gwlogs-GW01-2026.zip.age"}}
	if got := s.exportName(&Filter{}, 3, "evtx"); got != "gwlogs-GW01-2026_3-events.evtx" {
		t.Error(got)
	}
	s.logs = []*logInfo{one, {source: "b.evtx"}}
	if got := s.exportName(&Filter{}, 1, "evtx"); got != "2-logs_1-events.evtx" {
		t.Error(got)
	}
}
