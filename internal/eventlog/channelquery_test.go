package eventlog

import (
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

func TestQuery(t *testing.T) {
	many := make([]evtx.IDRange, 21)
	for i := range many {
		many[i] = evtx.IDRange{From: uint16(2 * i), To: uint16(2 * i)}
	}
	berlin := time.FixedZone("CEST", 2*60*60)
	tests := []struct {
		name     string
		want     evtx.Selection
		provider string
		query    string
	}{
		{"everything", evtx.Selection{}, "", "*"},
		{"since, in UTC, to the millisecond before",
			evtx.Selection{Since: time.Date(2017, 5, 4, 20, 0, 0, 1_999_999, berlin)}, "",
			"*[System[TimeCreated[@SystemTime>='2017-05-04T18:00:00.001Z']]]"},
		{"until, to the millisecond behind",
			evtx.Selection{Until: time.Date(2017, 5, 4, 18, 0, 0, 1_000_100, time.UTC)}, "",
			"*[System[TimeCreated[@SystemTime<='2017-05-04T18:00:00.002Z']]]"},
		{"a whole millisecond stays",
			evtx.Selection{Since: day(1), Until: day(2)}, "",
			"*[System[TimeCreated[@SystemTime>='2017-05-01T00:00:00.000Z' and @SystemTime<='2017-05-02T00:00:00.000Z']]]"},
		{"0 counts as 4", evtx.Selection{Levels: []evtx.Level{4, 2, 4}}, "", "*[System[(Level=0 or Level=2 or Level=4)]]"},
		{"one level", evtx.Selection{Levels: []evtx.Level{2}}, "", "*[System[Level=2]]"},
		{"a range", evtx.Selection{IDs: []evtx.IDRange{{From: 100, To: 199}}}, "", "*[System[EventID>=100 and EventID<=199]]"},
		{"ids", evtx.Selection{IDs: []evtx.IDRange{{From: 25, To: 25}, {From: 100, To: 199}}}, "",
			"*[System[(EventID=25 or (EventID>=100 and EventID<=199))]]"},
		{"too many ids", evtx.Selection{Levels: []evtx.Level{2}, IDs: many}, "", "*[System[Level=2]]"},
		{"a provider that we know", evtx.Selection{}, "gwlogs", "*[System[Provider[@Name='gwlogs']]]"},
		{"a provider with a quote", evtx.Selection{}, "it's", "*"},
		{"names in any case are the reader's", evtx.Selection{Providers: []string{"a"}, Channels: []string{"b"},
			Computers: []string{"c"}, Contains: []string{"d"}}, "", "*"},
		{"everything at once", evtx.Selection{Since: day(1), Levels: []evtx.Level{1}, IDs: []evtx.IDRange{{From: 1, To: 1}}}, "p",
			"*[System[TimeCreated[@SystemTime>='2017-05-01T00:00:00.000Z'] and Provider[@Name='p'] and Level=1 and EventID=1]]"},
	}
	for _, tt := range tests {
		q := newQuery(&tt.want, tt.provider)
		if got := q.String(); got != tt.query {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.query)
		}
	}
}
