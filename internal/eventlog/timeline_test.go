package eventlog

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// slowTimeline is the definition: all wanted events of all logs by time, those of the same time in the order of the logs.
func slowTimeline(t *testing.T, data [][]byte, wanted func(*evtx.Record) bool) []string {
	t.Helper()
	type event struct {
		name string
		at   time.Time
	}
	var all []event
	for i, b := range data {
		r, err := evtx.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range r.Records() {
			if err == nil && wanted(rec) {
				all = append(all, event{fmt.Sprintf("%03d.evtx %d", i, rec.EventRecordID()), rec.TimeCreated()})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b event) int { return a.at.Compare(b.at) })
	var names []string
	for _, e := range all {
		names = append(names, e.name)
	}
	return names
}

// A sorted pass by time has the order of time, forward and backward, however the logs lie about, and few may be held at a time.
func TestTimelineProperty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7))
		data := make([][]byte, 1+r.IntN(14))
		for i := range data {
			data[i] = randomLog(t, r)
		}
		p := &Pass{}
		wanted := func(*evtx.Record) bool { return true }
		if r.IntN(3) == 0 {
			p.Select = &evtx.Selection{IDs: []evtx.IDRange{{From: 1, To: 1}}}
			wanted = func(rec *evtx.Record) bool { return rec.EventID() == 1 }
		}
		want := slowTimeline(t, data, wanted)
		p.Logs = randomLogs(t, data)
		_, sums := gathered(t, p)
		for _, back := range []bool{false, true} {
			for _, limits := range []*mergeLimits{
				nil, {desks: 1, damage: 10}, {desks: 2, open: 3, streams: 1, damage: 1000}, {desks: 5, open: 100, streams: 4, damage: 1000},
			} {
				p.Logs, p.ByTime, p.Sort, p.Backward, p.limits = randomLogs(t, data), true, true, back, limits
				got, sortedSums := gathered(t, p)
				if back {
					slices.Reverse(got)
				}
				if !slices.Equal(got, want) {
					t.Fatalf("seed %d, back %v, %+v:\n%q\nwant\n%q", seed, back, limits, got, want)
				}
				if sums.Bytes = sortedSums.Bytes; !reflect.DeepEqual(sortedSums, sums) { // a stream that was kept has a size
					t.Fatalf("seed %d, back %v, %+v: sums %+v, want %+v", seed, back, limits, sortedSums, sums)
				}
			}
		}
	}
}

// timedLog is a log with an event at each of some minutes.
func timedLog(t *testing.T, minutes ...int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	for _, m := range minutes {
		e := &evtx.Event{Provider: "p", Channel: "c", Computer: "pc", EventID: 1, Level: 2}
		if m >= 0 {
			e.TimeCreated = time.Date(2017, 5, 4, 0, m, 0, 0, time.UTC)
		}
		if err := w.WriteEvent(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTimelineSteps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		logs [][]int // minutes
		room int
		want string
		says []string
	}{
		{"in order", [][]int{{1, 3, 5}, {2, 4}}, 0, "0/1 1/1 0/2 1/2 0/3", nil},
		{"a date in the future at the begin", [][]int{{900, 1, 3}, {2, 4}}, 0, "0/2 1/1 0/3 1/2 0/1",
			[]string{"000.evtx: the events are not in the order of time (2017-05-04 15:00:00 comes before 2017-05-04 00:01:00 (UTC)): they are sorted"}},
		{"twice", [][]int{{10, 3, 5, 4}, {2, 4}}, 0, "1/1 0/2 0/4 1/2 0/3 0/1",
			[]string{"000.evtx: the events are not in the order of time (2017-05-04 00:10:00 comes before 2017-05-04 00:03:00 (UTC), " +
				"and at 1 more place): they are sorted"}},
		{"alone", [][]int{{10, 3}}, 0, "0/2 0/1",
			[]string{"000.evtx: the events are not in the order of time (2017-05-04 00:10:00 comes before 2017-05-04 00:03:00 (UTC)): they are sorted"}},
		{"too many", [][]int{{1, 2, 3}, {9, 7, 8}}, 2, "0/1 0/2 0/3 1/1 1/2 1/3",
			[]string{"001.evtx: the events are not in the order of time (2017-05-04 00:09:00 comes before 2017-05-04 00:07:00 (UTC)): " +
				"they are too many to sort, and stay as the log has them"}},
	} {
		var logs []*Log
		for i, minutes := range tt.logs {
			b := timedLog(t, minutes...)
			logs = append(logs, NewLog(fmt.Sprintf("%03d.evtx", i), bytes.NewReader(b), int64(len(b))))
		}
		var says []string
		p := &Pass{Logs: logs, ByTime: true, Sort: true}
		if tt.room > 0 {
			p.limits = &mergeLimits{desks: 10, open: 10, streams: 10, damage: 10, sorted: tt.room}
		}
		p.Tell(func(n Notice) { says = append(says, n.Text) }, false)
		got, _ := gathered(t, p)
		var short []byte
		for i, name := range got {
			var log, id int
			if _, err := fmt.Sscanf(name, "%03d.evtx %d", &log, &id); err != nil {
				t.Fatal(err)
			}
			if i > 0 {
				short = append(short, ' ')
			}
			short = fmt.Appendf(short, "%d/%d", log, id)
		}
		if string(short) != tt.want || !slices.Equal(says, tt.says) {
			t.Errorf("%s: %s, want %s\nsays %q\nwant %q", tt.name, short, tt.want, says, tt.says)
		}
		p.Backward = true
		_, err := Run(context.Background(), p, Consumer[struct{}]{New: func() struct{} { return struct{}{} },
			Visit: func(struct{}, *evtx.Record) (bool, error) { return false, nil }})
		if tooMany := tt.room > 0; errors.Is(err, ErrTooManyToSort) != tooMany {
			t.Errorf("%s, backward: %v", tt.name, err)
		}
	}
}

// All that an event can have as its time comes back from its ticks, in order.
func TestTicks(t *testing.T) {
	t.Parallel()
	last := int64(noTicks)
	for _, at := range []time.Time{
		{}, time.Date(1601, 1, 1, 0, 0, 0, 100, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999999900, time.UTC),
		time.Unix(0, 0).UTC(), time.Date(2017, 5, 4, 3, 2, 1, 1234500, time.UTC), time.Date(30827, 12, 31, 0, 0, 0, 0, time.UTC),
	} {
		ticks := ticksOf(at)
		if !ofTicks(ticks).Equal(at) || cmp.Compare(last, ticks) > 0 {
			t.Errorf("%v: %d ticks, which are %v", at, ticks, ofTicks(ticks))
		}
		last = ticks
	}
}
