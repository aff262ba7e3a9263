package matcher

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// counted is a clock that has counted an event of each level at each time.
func counted(levels []evtx.Level, times ...time.Time) *clock {
	c := newClock()
	for _, t := range times {
		for _, level := range levels {
			c.add(level, t)
		}
	}
	return c
}

func TestTimelineStep(t *testing.T) {
	t.Parallel()
	from := time.Date(2017, 5, 4, 12, 34, 56, 0, time.UTC)
	for _, tt := range []struct {
		length, want time.Duration
	}{
		{0, time.Minute}, {2 * time.Hour, time.Minute}, {12 * time.Hour, 5 * time.Minute}, {day, 15 * time.Minute}, {7 * day, time.Hour},
		{14 * day, 3 * time.Hour}, {30 * day, 6 * time.Hour}, {90 * day, day}, {365 * day, 7 * day}, {3650 * day, 30 * day},
	} {
		got := newClock().timeline(from, from.Add(tt.length))
		if got.Step != tt.want || len(got.Buckets) > maxBuckets || got.From.After(from) || got.From.Add(got.Step).Before(from) {
			t.Errorf("%v: step %v, want %v; %d buckets from %v", tt.length, got.Step, tt.want, len(got.Buckets), got.From)
		}
	}
}

// TestTimelineOfAges: the times of a damaged log may be anything.
func TestTimelineOfAges(t *testing.T) {
	t.Parallel()
	from, to := time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(30828, 9, 14, 0, 0, 0, 0, time.UTC)
	got := counted([]evtx.Level{2}, from, to).timeline(from, to)
	if n := len(got.Buckets); n == 0 || n > maxBuckets || got.Buckets[0].Errors != 1 || got.Buckets[n-1].Errors != 1 {
		t.Errorf("%d buckets of %v: %v", n, got.Step, got.Buckets)
	}
	if last := len(got.Buckets) - 1; got.Start(last).After(to) || !got.Start(last+1).After(to) {
		t.Errorf("the last bucket begins on %v, and ends on %v", got.Start(last), got.Start(last+1))
	}
}

func TestTimelineCounts(t *testing.T) {
	t.Parallel()
	from := time.Date(2017, 5, 4, 12, 0, 30, 0, time.UTC)
	to := from.Add(5 * time.Minute)
	levels := []evtx.Level{0, 1, 2, 3, 4, 5}
	c := newClock()
	for range 2 { // a worker goes on after it was taken
		w := counted(levels, from)
		c.take(w)
		w.add(2, to)
		c.take(w)
	}
	want := Timeline{From: from.Add(-30 * time.Second), To: to, Step: time.Minute, Buckets: make([]TimelineBucket, 6)}
	want.Buckets[0] = TimelineBucket{Errors: 4, Warnings: 2, Other: 6}
	want.Buckets[5] = TimelineBucket{Errors: 2}
	if got := c.timeline(from, to); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := want.Total(); got != (TimelineBucket{Errors: 6, Warnings: 2, Other: 6}) {
		t.Errorf("total %+v", got)
	}
	c.add(2, time.Time{})
	c.add(2, from.Add(-time.Minute))
	c.add(2, to.Add(time.Minute))
	if got := c.timeline(from, to); !reflect.DeepEqual(got, want) {
		t.Errorf("with events of other times: %+v, want %+v", got, want)
	}
}

// TestTimelineOfMany: however many times there are, a clock stays small, and
// the timeline is as if it had counted each event in its bucket.
func TestTimelineOfMany(t *testing.T) {
	t.Parallel()
	from := time.Date(2009, 2, 28, 23, 59, 59, 0, time.UTC)
	for _, apart := range []time.Duration{7 * time.Minute, time.Hour, 11 * time.Hour, 3 * day, 40 * day} {
		n := 3 * maxClock
		c, w := newClock(), newClock()
		at := func(i int) time.Time { return time.Unix(from.Unix()+int64(i)*int64(apart/time.Second), 0).UTC() }
		for i := range n {
			if w.add(2, at(i)); w.full() || i%1000 == 0 {
				c.take(w)
			}
		}
		c.take(w)
		got := c.timeline(from, at(n-1))
		if len(c.counts) > maxClock || len(got.Buckets) > maxBuckets {
			t.Fatalf("%v apart: %d counts, %d buckets", apart, len(c.counts), len(got.Buckets))
		}
		want := make([]TimelineBucket, len(got.Buckets))
		for i := range n {
			want[steps(got.From, at(i), got.Step)].Errors++
		}
		if got.Step%(300*day) == 0 || got.Step < 300*day {
			if !reflect.DeepEqual(got.Buckets, want) {
				t.Errorf("%v apart, step %v: other counts", apart, got.Step)
			}
		}
		if got.Total().Errors != n {
			t.Errorf("%v apart: %d events of %d", apart, got.Total().Errors, n)
		}
	}
}

func TestTimelineOfNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2017, 5, 4, 12, 0, 0, 0, time.UTC)
	c := counted([]evtx.Level{2}, now)
	for _, tt := range [][2]time.Time{{{}, now}, {now, {}}, {now, now.Add(-1)}} {
		if got := c.timeline(tt[0], tt[1]); len(got.Buckets) != 0 || got.Step != 0 {
			t.Errorf("%+v", got)
		}
	}
}

// TestTimelineOfProblems: the events of a finding are in the buckets that they were in, and no others.
func TestTimelineOfProblems(t *testing.T) {
	t.Parallel()
	text := "Transfer task failed. ErrorCode=UserErrorFailedToConnectToSqlServer"
	other := "Nobody knows."
	texts := make([]string, 600)
	for i := range texts {
		texts[i] = other
		if i < 60 || i%100 == 99 {
			texts[i] = text
		}
	}
	for _, pieces := range []int{1, 1000} {
		got := analyzeInPieces(t, errorLog(t, evtx.LevelError, texts), pieces, Options{Detail: true})
		if len(got.Findings) != 1 {
			t.Fatalf("%d findings", len(got.Findings))
		}
		if f := got.Findings[0]; f.Count != 66 || fmt.Sprint(f.Timeline) != fmt.Sprint([]int{60, 1, 0, 1, 1, 0, 1, 0, 1, 1}) {
			t.Errorf("%d events, by the minute %v", f.Count, f.Timeline)
		}
	}
}
