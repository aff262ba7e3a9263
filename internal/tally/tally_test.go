package tally

import (
	"fmt"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

func TestTally(t *testing.T) {
	t.Parallel()
	r, err := evtx.Open("../../testdata/gateway-en.evtx")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	zone := time.FixedZone("x", 5*3600+1800)
	sums := map[By]*Tally{}
	parts := map[By]*Tally{} // what a batch has, taken now and then
	for _, by := range All() {
		sums[by], parts[by] = New(by, zone), New(by, zone)
	}
	n := 0
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		n++
		for by, part := range parts {
			part.See(rec)
			if n%7 == 0 {
				sums[by].Take(part)
			}
		}
	}
	for by, want := range map[By]string{
		ByID:       "4: 744 Data Management Gateway Information 2017-04-20 23:33:12 to 2017-05-04 23:30:00",
		ByProvider: "Data Management Gateway: 2709 Data Management Gateway Error 2017-04-20 23:30:01 to 2017-05-04 23:30:00",
		ByLevel:    "2: 45  Error 2017-04-21 00:10:00 to 2017-05-04 05:29:58",
		ByDay:      "2017-04-20: 4  Information 2017-04-20 23:30:01 to 2017-04-20 23:59:40",
		ByHour:     "2017-04-20 23:00: 4  Information 2017-04-20 23:30:01 to 2017-04-20 23:59:40",
	} {
		sums[by].Take(parts[by])
		counts := sums[by].Counts()
		c := counts[0]
		const layout = "2006-01-02 15:04:05"
		got := fmt.Sprintf("%s: %d %s %v %s to %s", c.Key(by, zone), c.N, c.Name, c.Worst, c.First.In(zone).Format(layout),
			c.Last.In(zone).Format(layout))
		if got != want {
			t.Errorf("by %s: %s, want %s", by, got, want)
		}
		sum := uint64(0)
		for _, c := range counts {
			sum += c.N
		}
		if sum != 2709 {
			t.Errorf("by %s: %d events", by, sum)
		}
	}
}

// TestRest: logs that are made up may have any number of names.
func TestRest(t *testing.T) {
	t.Parallel()
	sum := New(ByProvider, time.UTC)
	for i := range MaxKeys + 5 {
		part := New(ByProvider, time.UTC)
		part.of(key{name: fmt.Sprint(i)}).Add(&Count{N: 2})
		sum.Take(part)
	}
	counts := sum.Counts()
	if last := counts[len(counts)-1]; len(counts) != MaxKeys+1 || !last.Rest || last.N != 10 {
		t.Errorf("%d counts, the last %+v", len(counts), last)
	}
}
