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
	named := func(names ...string) []evtx.Selection { return []evtx.Selection{{Providers: names}} }
	tests := []struct {
		name  string
		want  evtx.Selection
		only  []evtx.Selection
		query string
	}{
		{"everything", evtx.Selection{}, nil, "*"},
		{"since, in UTC, to the millisecond before",
			evtx.Selection{Since: time.Date(2017, 5, 4, 20, 0, 0, 1_999_999, berlin)}, nil,
			"*[System[TimeCreated[@SystemTime>='2017-05-04T18:00:00.001Z']]]"},
		{"until, to the millisecond behind",
			evtx.Selection{Until: time.Date(2017, 5, 4, 18, 0, 0, 1_000_100, time.UTC)}, nil,
			"*[System[TimeCreated[@SystemTime<='2017-05-04T18:00:00.002Z']]]"},
		{"a whole millisecond stays",
			evtx.Selection{Since: day(1), Until: day(2)}, nil,
			"*[System[TimeCreated[@SystemTime>='2017-05-01T00:00:00.000Z' and @SystemTime<='2017-05-02T00:00:00.000Z']]]"},
		{"0 counts as 4", evtx.Selection{Levels: []evtx.Level{4, 2, 4}}, nil, "*[System[(Level=0 or Level=2 or Level=4)]]"},
		{"one level", evtx.Selection{Levels: []evtx.Level{2}}, nil, "*[System[Level=2]]"},
		{"a range", evtx.Selection{IDs: []evtx.IDRange{{From: 100, To: 199}}}, nil, "*[System[EventID>=100 and EventID<=199]]"},
		{"ids", evtx.Selection{IDs: []evtx.IDRange{{From: 25, To: 25}, {From: 100, To: 199}}}, nil,
			"*[System[(EventID=25 or (EventID>=100 and EventID<=199))]]"},
		{"too many ids", evtx.Selection{Levels: []evtx.Level{2}, IDs: many}, nil, "*[System[Level=2]]"},
		{"a provider that we know", evtx.Selection{}, named("gwlogs"), "*[System[Provider[@Name='gwlogs']]]"},
		{"a provider with a quote", evtx.Selection{}, named("it's"), "*"},
		{"several providers", evtx.Selection{}, named("a", "b"), "*[System[Provider[@Name='a' or @Name='b']]]"},
		{"some events of one, all of another", evtx.Selection{Since: day(1)},
			append(named("b"), evtx.Selection{Providers: []string{"a"}, IDs: []evtx.IDRange{{From: 7, To: 7}, {From: 9, To: 12}}}),
			"*[System[TimeCreated[@SystemTime>='2017-05-01T00:00:00.000Z'] and " +
				"(Provider[@Name='b'] or (Provider[@Name='a'] and (EventID=7 or (EventID>=9 and EventID<=12))))]]"},
		{"no provider among others", evtx.Selection{}, append(named("b"), evtx.Selection{}), "*"},
		{"names in any case are the reader's", evtx.Selection{Providers: []string{"a"}, Channels: []string{"b"},
			Computers: []string{"c"}, Contains: []string{"d"}}, nil, "*"},
		{"everything at once", evtx.Selection{Since: day(1), Levels: []evtx.Level{1}, IDs: []evtx.IDRange{{From: 1, To: 1}}}, named("p"),
			"*[System[TimeCreated[@SystemTime>='2017-05-01T00:00:00.000Z'] and Provider[@Name='p'] and Level=1 and EventID=1]]"},
	}
	for _, tt := range tests {
		q := newQuery(&tt.want, tt.only)
		if got := q.String(); got != tt.query {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.query)
		}
	}
}
