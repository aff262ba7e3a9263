//go:build !js

package view

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/where"
)

// logs are several of different kinds: a gateway's, one in another language, of other channels, damaged.
func logs() []string {
	return []string{testdata("gateway-en.evtx"), testdata("problems-fr.evtx"), testdata("damaged")}
}

// filters choose by every field there is.
func filters() map[string]string {
	return map[string]string{
		"everything": `{}`,
		"level":      `{"conditions":[{"field":"level","values":[1,2]}]}`,
		"levels":     `{"conditions":[{"field":"level","values":["error"]},{"field":"level","values":[3]}]}`,
		"id":         `{"conditions":[{"field":"id","values":["400-402",25]}]}`,
		"not id":     `{"conditions":[{"field":"id","values":[4],"exclude":true},{"field":"level","values":[4]}]}`,
		"off":        `{"conditions":[{"field":"id","values":[4],"off":true}]}`,
		"computer":   `{"conditions":[{"field":"computer","values":["gw01.CONTOSO.local"]}]}`,
		"time":       `{"conditions":[{"field":"time","values":["2017-04-25","2017-05-01"]}]}`,
		"since":      `{"conditions":[{"field":"time","values":["2017-05-03T00:00:00Z",""]}]}`,
		"text":       `{"conditions":[{"field":"text","values":["PROXY"]}]}`,
		"two texts":  `{"conditions":[{"field":"text","values":["connect"]},{"field":"text","values":["failed"]}]}`,
		"no text":    `{"conditions":[{"field":"text","values":["connect"],"exclude":true},{"field":"level","values":[2]}]}`,
		"where":      `{"conditions":[{"field":"where","values":["EventID in (25, 401) and Data contains '9350'"]}]}`,
		"provider":   `{"conditions":[{"field":"provider","values":["Service Control Manager"]}]}`,
		"data":       `{"conditions":[{"field":"data.param1","values":["Data Management Gateway Host Service"]}]}`,
		"nothing":    `{"conditions":[{"field":"id","values":[65535]}]}`,
	}
}

// selected counts, by a pass of its own, the events that a filter should have.
func selected(t *testing.T, name string, sources []string) int {
	t.Helper()
	want := map[string]evtx.Selection{
		"everything": {}, "off": {},
		"level":     {Levels: []evtx.Level{1, 2}},
		"levels":    {Levels: []evtx.Level{2, 3}},
		"id":        {IDs: []evtx.IDRange{{From: 400, To: 402}, {From: 25, To: 25}}},
		"not id":    {Levels: []evtx.Level{4}, Not: []evtx.Selection{{IDs: []evtx.IDRange{{From: 4, To: 4}}}}},
		"computer":  {Computers: []string{"GW01.contoso.local"}},
		"text":      {Contains: []string{"proxy"}},
		"two texts": {Contains: []string{"connect", "failed"}},
		"no text":   {Levels: []evtx.Level{2}, Not: []evtx.Selection{{Contains: []string{"connect"}}}},
		"provider":  {Providers: []string{"Service Control Manager"}},
		"nothing":   {IDs: []evtx.IDRange{{From: 65535, To: 65535}}},
	}
	times := map[string][2]string{"time": {"2017-04-25", "2017-05-01"}, "since": {"2017-05-03", ""}}
	s, known := want[name]
	set := eventlog.Find(sources, eventlog.Options{Text: true})
	defer set.Close()
	pass := &eventlog.Pass{Logs: set.Logs, Once: true, Select: &s}
	switch {
	case known:
	case name == "where":
		x, err := where.Parse("EventID in (25, 401) and Data contains '9350'")
		if err != nil {
			t.Fatal(err)
		}
		pass.Where = func() func(*evtx.Record) bool { return x.Filter().Match }
	case name == "data":
		pass.Where = func() func(*evtx.Record) bool {
			return func(rec *evtx.Record) bool {
				v, ok := rec.Lookup("param1")
				return ok && v.String() == "Data Management Gateway Host Service"
			}
		}
	default:
		from, _ := parseTicks(times[name][0], false)
		s.Since = timeOf(from)
		if times[name][1] != "" {
			to, _ := parseTicks(times[name][1], true)
			s.Until = timeOf(to)
		}
	}
	totals, err := eventlog.Run(t.Context(), pass, eventlog.Consumer[struct{}]{
		New:   func() struct{} { return struct{}{} },
		Visit: func(struct{}, *evtx.Record) (bool, error) { return false, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return int(totals.Visited)
}

// A filter chooses what the commands choose by the same words; the list is in the order of time, has each event once, and an event is
// found where the list has it.
func TestLists(t *testing.T) {
	t.Parallel()
	sources := logs()
	e := openEngine(t, Options{}, sources...)
	for name, filter := range filters() {
		var all []row
		for _, order := range []string{"oldest", "newest"} {
			var rows []row
			for from := 0; ; from += 400 {
				got := call[rowsResult](t, e, "rows", fmt.Sprintf(`{"filter":%s,"order":%q,"from":%d,"count":400}`, filter, order, from))
				rows = append(rows, got.Rows...)
				if len(rows) >= got.Matched {
					break
				}
			}
			if want := selected(t, name, sources); len(rows) != want {
				t.Errorf("%s: %d events, want %d", name, len(rows), want)
			}
			if order == "newest" {
				slices.Reverse(rows)
				if fmt.Sprint(rows) != fmt.Sprint(all) {
					t.Errorf("%s: newest first is not oldest first, turned", name)
				}
			}
			all = rows
		}
		seen := make(map[int]bool)
		for i, r := range all {
			if seen[r.N] || r.Gone {
				t.Fatalf("%s: %+v", name, r)
			}
			seen[r.N] = true
			if i > 0 && r.Time < all[i-1].Time {
				t.Fatalf("%s: %s comes behind %s", name, r.Time, all[i-1].Time)
			}
		}
		for i := 0; i < len(all); i += 1 + len(all)/20 {
			for order, at := range map[string]int{"oldest": i, "newest": len(all) - 1 - i} {
				byN := call[locateResult](t, e, "locate", fmt.Sprintf(`{"filter":%s,"order":%q,"n":%d}`, filter, order, all[i].N))
				ref := call[eventResult](t, e, "event", fmt.Sprintf(`{"n":%d}`, all[i].N)).Ref
				asked, _ := json.Marshal(ref)
				byRef := call[locateResult](t, e, "locate", fmt.Sprintf(`{"filter":%s,"order":%q,"ref":%s}`, filter, order, asked))
				if !byN.Exact || byN.Position != at || byN.Matched != len(all) || *byRef != *byN {
					t.Errorf("%s, %s: event %d (%s) is at %d; located at %+v and %+v", name, order, all[i].N, ref, at, byN, byRef)
				}
			}
		}
	}
}

// An event that a filter leaves out is located at the one next to it in time.
func TestLocateNearest(t *testing.T) {
	t.Parallel()
	e := openEngine(t, Options{}, testdata("gateway-en.evtx"))
	const filter = `{"conditions":[{"field":"level","values":[2]}]}`
	s := e.snapshot()
	matched, err := e.result(t.Context(), &Filter{Conditions: []Condition{{Field: "level", Values: values{"2"}}}})
	if err != nil || len(matched.events) == 0 {
		t.Fatal(err)
	}
	distance := func(a, b int) uint64 {
		x, y := s.at(a).time, s.at(b).time
		return max(x, y) - min(x, y)
	}
	for n := 0; n < s.n; n += 97 {
		got := call[locateResult](t, e, "locate", fmt.Sprintf(`{"filter":%s,"order":"oldest","n":%d}`, filter, n))
		best := distance(n, int(matched.events[0]))
		for _, m := range matched.events {
			best = min(best, distance(n, int(m)))
		}
		if distance(n, int(matched.events[got.Position])) != best {
			t.Errorf("event %d: located %d, %d away, and there is one %d away", n, got.Position, distance(n, int(matched.events[got.Position])), best)
		}
	}
	if got := call[locateResult](t, e, "locate", `{"n":99999999}`); got.Position != -1 || got.N != -1 {
		t.Errorf("%+v", got)
	}
	if got := call[locateResult](t, e, "locate", `{"ref":"x|y|z"}`); got.Position != -1 {
		t.Errorf("%+v", got)
	}
}

// The values of a facet are those of the events that all other conditions leave, and what one of them is chosen by gives that many.
func TestFacets(t *testing.T) {
	t.Parallel()
	e := openEngine(t, Options{}, logs()...)
	fields := []string{"level", "id", "provider", "channel", "computer", "user", "source", "process"}
	asked, _ := json.Marshal(fields)
	for name, filter := range filters() {
		got := call[facetsResult](t, e, "facets", fmt.Sprintf(`{"filter":%s,"fields":%s,"limit":1000}`, filter, asked))
		for _, field := range fields {
			sum := 0
			for i, v := range got.Facets[field] {
				sum += v.Count
				if i%4 != 0 {
					continue
				}
				value, _ := json.Marshal(v.Value)
				f := new(Filter)
				if err := json.Unmarshal([]byte(filter), f); err != nil {
					t.Fatal(err)
				}
				f.Conditions = slices.DeleteFunc(f.Conditions, func(c Condition) bool { return c.Field == field })
				rest, _ := json.Marshal(f)
				with := strings.Replace(string(rest), `"conditions":[`, fmt.Sprintf(`"conditions":[{"field":%q,"values":[%s]},`, field, value), 1)
				if f.Conditions == nil {
					with = fmt.Sprintf(`{"conditions":[{"field":%q,"values":[%s]}]}`, field, value)
				}
				with = strings.Replace(with, "},]", "}]", 1)
				if rows := call[rowsResult](t, e, "rows", fmt.Sprintf(`{"filter":%s,"count":0}`, with)); rows.Matched != v.Count {
					t.Errorf("%s: %s = %q counts %d, and the list has %d", name, field, v.Value, v.Count, rows.Matched)
				}
			}
			own := strings.Contains(filter, `"field":"`+field+`"`)
			if !own && sum != got.Matched || got.More[field] != 0 {
				t.Errorf("%s: the values of %s sum up to %d of %d", name, field, sum, got.Matched)
			}
		}
	}
	named := call[facetsResult](t, e, "facets", `{"fields":["data.param1"],"limit":1000}`)
	for _, v := range named.Facets["data.param1"] {
		value, _ := json.Marshal(v.Value)
		rows := call[rowsResult](t, e, "rows", fmt.Sprintf(`{"filter":{"conditions":[{"field":"data.param1","values":[%s]}]},"count":0}`, value))
		if rows.Matched != v.Count {
			t.Errorf("param1 = %q counts %d, and the list has %d", v.Value, v.Count, rows.Matched)
		}
	}
}

// The bars of a timeline are all events of the list, whatever they are stacked by and however wide they are.
func TestTimeline(t *testing.T) {
	t.Parallel()
	e := openEngine(t, Options{}, logs()...)
	for name, filter := range filters() {
		matched := call[rowsResult](t, e, "rows", fmt.Sprintf(`{"filter":%s,"count":0}`, filter)).Matched
		for _, by := range []string{"level", "provider", "id", "computer", "source"} {
			for _, buckets := range []int{1, 7, 2000} {
				got := call[timelineResult](t, e, "timeline", fmt.Sprintf(`{"filter":%s,"by":%q,"buckets":%d}`, filter, by, buckets))
				sum := 0
				for _, s := range got.Series {
					own := 0
					for _, n := range s.Counts {
						own += n
					}
					if own != s.Total || len(s.Counts) > buckets {
						t.Errorf("%s by %s: %d bars with %d events, total %d", name, by, len(s.Counts), own, s.Total)
					}
					sum += own
				}
				if sum != matched {
					t.Errorf("%s by %s in %d: %d events, the list has %d", name, by, buckets, sum, matched)
				}
			}
		}
	}
}

// Findings, groups and the firewall list are those of diagnose, and each leads to as many events as it counts.
func TestFindingsLeadToEvents(t *testing.T) {
	t.Parallel()
	e := openEngine(t, Options{}, logs()...)
	got := call[findingsResult](t, e, "findings", `{"lang":"fr"}`)
	found := each(got.Page["findings"])
	if len(found) < 3 || len(each(got.Page["unexplained"])) == 0 || len(each(got.Page["endpoints"])) == 0 {
		t.Fatalf("%d findings, %d groups", len(found), len(each(got.Page["unexplained"])))
	}
	leads := func(field, value string, count any, evidence []map[string]any) {
		rows := call[rowsResult](t, e, "rows", fmt.Sprintf(`{"filter":{"conditions":[{"field":%q,"values":[%q]}]},"count":500}`, field, value))
		if fmt.Sprint(rows.Matched) != fmt.Sprint(count) {
			t.Errorf("%s %s counts %v events, and leads to %d", field, value, count, rows.Matched)
		}
		for _, r := range rows.Rows {
			if field == "finding" && !slices.Contains(r.Findings, value) || field == "shape" && r.Shape != value {
				t.Errorf("event %d does not lead back to %s: %+v", r.N, value, r)
			}
		}
		for _, ev := range evidence {
			n, _ := ev["n"].(float64)
			event := call[eventResult](t, e, "event", fmt.Sprintf(`{"n":%d}`, int(n)))
			if fmt.Sprint(event.Record) != fmt.Sprint(ev["record_id"]) || event.Time != ev["time"] {
				t.Errorf("%s: evidence %v is event %+v", value, ev["record_id"], event.Ref)
			}
		}
	}
	for _, f := range found {
		leads("finding", f["signature"].(string), f["count"], each(f["evidence"]))
		if fmt.Sprint(f["count"]) != fmt.Sprint(f["events"]) {
			t.Errorf("%s: %v events, count %v", f["signature"], f["events"], f["count"])
		}
	}
	for _, g := range each(got.Page["unexplained"]) {
		leads("shape", g["group"].(string), g["count"], []map[string]any{g["example"].(map[string]any)})
	}
}

// find goes from one event with the text to the next, each once, and round.
func TestFind(t *testing.T) {
	t.Parallel()
	e := openEngine(t, Options{}, testdata("gateway-en.evtx"))
	for _, order := range []string{"newest", "oldest"} {
		want := call[rowsResult](t, e, "rows", fmt.Sprintf(`{"order":%q,"count":500,"filter":{"conditions":[{"field":"text","values":["proxy"]}]}}`, order))
		var forward, backward []int
		for from, i := 0, 0; i < want.Matched; i++ {
			got := call[findResult](t, e, "find", fmt.Sprintf(`{"order":%q,"text":"Proxy","from":%d}`, order, from))
			forward = append(forward, got.N)
			from = got.Position + 1
			if got.Found != want.Matched || got.Index != i {
				t.Errorf("%+v, want %d of %d", got, i, want.Matched)
			}
		}
		for from, i := -1, 0; i < want.Matched; i++ {
			got := call[findResult](t, e, "find", fmt.Sprintf(`{"order":%q,"text":"Proxy","from":%d,"backward":true}`, order, from))
			backward = append(backward, got.N)
			from = got.Position - 1
		}
		slices.Reverse(backward)
		for i, r := range want.Rows {
			if forward[i] != r.N || backward[i] != r.N {
				t.Errorf("%s: event %d is %d forward and %d backward, want %d", order, i, forward[i], backward[i], r.N)
			}
		}
	}
	if got := call[findResult](t, e, "find", `{"text":"no event says this"}`); got.Position != -1 {
		t.Errorf("%+v", got)
	}
}

// A bundle, a log in it, and a compressed log are read as the log itself is, also event by event.
func TestSources(t *testing.T) {
	t.Parallel()
	plain := openEngine(t, Options{}, testdata("gateway-en.evtx"))
	want := call[rowsResult](t, plain, "rows", `{"count":500}`)
	for _, name := range packed(t, testdata("gateway-en.evtx")) {
		e := openEngine(t, Options{}, name)
		got := call[rowsResult](t, e, "rows", `{"count":500}`)
		if got.Total != want.Total {
			t.Errorf("%s: %d events, want %d", name, got.Total, want.Total)
		}
		for i := range got.Rows {
			if got.Rows[i].Message != want.Rows[i].Message || got.Rows[i].Gone {
				t.Errorf("%s: %+v, want %+v", name, got.Rows[i], want.Rows[i])
				break
			}
		}
	}
	// The same log twice counts once.
	twice := openEngine(t, Options{}, testdata("gateway-en.evtx"), packed(t, testdata("gateway-en.evtx"))[0])
	if got := call[statusResult](t, twice, "status", `{}`); got.Events != want.Total || int(got.Duplicates) != want.Total {
		t.Errorf("%d events and %d duplicates, want %d", got.Events, got.Duplicates, want.Total)
	}
}

// FuzzFilter: whatever a filter is, the answer is one, or an error in words.
func FuzzFilter(f *testing.F) {
	for _, filter := range filters() {
		f.Add(filter)
	}
	f.Add(`{"conditions":[{"field":"around","values":[1,1e300]},{"field":"marked","values":[1,"x"]}]}`)
	f.Add(`{"conditions":[{"field":"time","values":["9999-12-31","0000-01-01"]},{"field":"process","values":["0x10"]}]}`)
	e := openEngine(f, Options{}, testdata("short.evtx"))
	f.Fuzz(func(t *testing.T, filter string) {
		if !json.Valid([]byte(filter)) {
			return
		}
		for _, method := range []string{"rows", "facets", "timeline", "locate", "find"} {
			params := `{"count":3,"n":0,"text":"a","fields":["level","data.x"],"filter":` + filter + `}`
			raw, err := e.Call(context.Background(), method, json.RawMessage(params))
			if err != nil && (err.Error() == "" || strings.Contains(err.Error(), "error of gwlogs itself")) {
				t.Fatalf("%s: %v", method, err)
			}
			if err == nil && !json.Valid(raw) {
				t.Fatalf("%s: %s", method, raw)
			}
		}
	})
}

// TestHostileLogs: of damaged logs and of what is none the page shows what can be shown.
func TestHostileLogs(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("GWLOGS_SHARED")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared")
	}
	folder = filepath.Join(folder, "fixtures")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("%s is not here; set GWLOGS_SHARED to the folder that holds it", folder)
	}
	e := openEngine(t, Options{}, folder)
	status := call[statusResult](t, e, "status", `{}`)
	if status.Loading || status.Events == 0 || !status.FindingsReady {
		t.Fatalf("%+v", status)
	}
	for n := 0; n < status.Events; n += 1 + status.Events/500 {
		if _, err := e.Call(t.Context(), "event", json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))); err != nil {
			t.Errorf("event %d: %v", n, err)
		}
	}
	for _, line := range status.Damage {
		if strings.Contains(line, "gwlogs itself") {
			t.Error(line)
		}
	}
}
