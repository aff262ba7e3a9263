//go:build !js

package view

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// However often the list is asked for while it grows, it is in the order of time, and of one time in that of the logs.
func TestSortInto(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for _, span := range []uint64{1, 5, 1 << 20, 1<<63 - 1} {
		var x index
		var sorted []uint32
		for range 20 {
			for range random.IntN(300) {
				x.add(&entry{time: random.Uint64N(span)})
			}
			before := slices.Clone(sorted)
			next := x.sortInto(sorted)
			if !slices.Equal(sorted, before) {
				t.Fatal("somebody's list was changed")
			}
			if sorted = next; len(sorted) != x.n || !slices.IsSortedFunc(sorted, x.before) {
				t.Fatalf("times up to %d: %d of %d events, or not in order", span, len(sorted), x.n)
			}
		}
	}
}

// An event is found by its place, also where places do not ascend, and of a log that grew.
func TestFindByPlace(t *testing.T) {
	t.Parallel()
	var x index
	places := [][]evtx.Place{{10, 20, 30}, {5, 7, 6}, {10}, {40, 50}}
	for log, all := range places {
		for _, part := range [][]evtx.Place{all[:len(all)/2], all[len(all)/2:]} {
			from := x.n
			for _, p := range part {
				x.add(&entry{place: p, log: uint32(log)})
			}
			x.extend(from, uint32(log))
		}
	}
	n := 0
	for log, all := range places {
		for _, p := range all {
			if got := x.find(uint32(log), p); got != n {
				t.Errorf("log %d, place %d: %d, want %d", log, p, got, n)
			}
			n++
		}
		if got := x.find(uint32(log), 99); got != -1 {
			t.Errorf("log %d: found %d where nothing is", log, got)
		}
	}
}
