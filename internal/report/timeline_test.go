package report

import (
	"reflect"
	"testing"
	"time"
)

// wordFields are the texts of a struct of words by the names of the fields.
func wordFields(words any) map[string]string {
	fields := make(map[string]string)
	v := reflect.ValueOf(words).Elem()
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		switch f.Kind() {
		case reflect.String:
			fields[name] = f.String()
		case reflect.Func:
			fields[name] = ""
			if !f.IsNil() {
				fields[name] = "there"
			}
		}
	}
	return fields
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
		got := NewTimeline(from, from.Add(tt.length)).Timeline()
		if got.Step != tt.want || len(got.Buckets) > maxBuckets || got.From.After(from) || got.From.Add(got.Step).Before(from) {
			t.Errorf("%v: step %v, want %v; %d buckets from %v", tt.length, got.Step, tt.want, len(got.Buckets), got.From)
		}
	}
}

// TestTimelineOfAges: the times of a damaged log may be anything.
func TestTimelineOfAges(t *testing.T) {
	t.Parallel()
	from, to := time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(30828, 9, 14, 0, 0, 0, 0, time.UTC)
	c := NewTimeline(from, to)
	c.Add(2, from)
	c.Add(2, to)
	got := c.Timeline()
	if n := len(got.Buckets); n == 0 || n > maxBuckets || got.Buckets[0].Errors != 1 || got.Buckets[n-1].Errors != 1 {
		t.Errorf("%d buckets of %v: %v", n, got.Step, got.Buckets)
	}
	if last := len(got.Buckets) - 1; got.start(last).After(to) || !got.start(last+1).After(to) {
		t.Errorf("the last bucket begins on %v, and ends on %v", got.start(last), got.start(last+1))
	}
	b := &pageBuilder{lang: "en", words: english(), w: englishPage(), view: new(pageView)}
	if chart := b.chart(got); chart == nil || len(chart.Times) > 2*maxTicks || len(chart.Times) < 2 {
		t.Errorf("%+v", chart)
	}
}

func TestTimelineCounts(t *testing.T) {
	t.Parallel()
	from := time.Date(2017, 5, 4, 12, 0, 30, 0, time.UTC)
	to := from.Add(5 * time.Minute)
	c, other := NewTimeline(from, to), NewTimeline(from, to)
	for _, level := range []uint8{0, 1, 2, 3, 4, 5} {
		c.Add(level, from)
		other.Add(level, to)
	}
	c.Add(2, from.Add(-time.Nanosecond))
	c.Add(2, to.Add(time.Nanosecond))
	before := c.Timeline()
	c.Merge(other)
	c.Merge(nil)
	want := Timeline{From: from.Add(-30 * time.Second), To: to, Step: time.Minute, Buckets: make([]TimelineBucket, 6)}
	want.Buckets[0] = TimelineBucket{Errors: 2, Warnings: 1, Other: 3}
	if !reflect.DeepEqual(before, want) {
		t.Errorf("%+v, want %+v", before, want)
	}
	want.Buckets[5] = TimelineBucket{Errors: 2, Warnings: 1, Other: 3}
	if got := c.Timeline(); !reflect.DeepEqual(got, want) {
		t.Errorf("merged: %+v, want %+v", got, want)
	}
}

func TestTimelineMergeOfOtherTimes(t *testing.T) {
	t.Parallel()
	from := time.Date(2017, 5, 4, 12, 0, 0, 0, time.UTC)
	c, longer := NewTimeline(from, from.Add(time.Hour)), NewTimeline(from.Add(-day), from.Add(day))
	for h := -24; h <= 24; h++ {
		longer.Add(2, from.Add(time.Duration(h)*time.Hour))
	}
	c.Merge(longer)
	sum := 0
	for _, b := range c.Timeline().Buckets {
		sum += b.Errors
	}
	if sum != 2 {
		t.Errorf("%d errors in an hour, both its ends included", sum)
	}
}

func TestTimelineOfNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2017, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range []*TimelineCollector{NewTimeline(time.Time{}, now), NewTimeline(now, time.Time{}), NewTimeline(now, now.Add(-1))} {
		c.Add(2, now)
		c.Merge(NewTimeline(now, now))
		if got := c.Timeline(); len(got.Buckets) != 0 || got.Step != 0 {
			t.Errorf("%+v", got)
		}
	}
}
