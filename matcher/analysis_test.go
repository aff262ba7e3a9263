package matcher

import (
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

func TestMissing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		s    Source
		want uint64
	}{
		{Source{}, 0},
		{Source{Stats: evtx.Stats{Records: 10, LowestID: 1, HighestID: 10}}, 0},
		{Source{Stats: evtx.Stats{Records: 8, LowestID: 1, HighestID: 10}}, 2},
		{Source{Stats: evtx.Stats{Records: 12, LowestID: 1, HighestID: 10}}, 0}, // numbers of several logs
		{Source{Stats: evtx.Stats{Records: 1, LowestID: 1, HighestID: 1<<64 - 1}}, 1<<64 - 2},
	} {
		if got := tt.s.Missing(); got != tt.want {
			t.Errorf("%+v: %d, want %d", tt.s, got, tt.want)
		}
	}
}
