package cli

import (
	"path/filepath"
	"testing"
)

// TestEventsFromTheFuture: a log with dates of a wrong clock is no reason for a
// bundle that verify refuses, and its events are not lost.
func TestEventsFromTheFuture(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("LOCALAPPDATA", t.TempDir())
	for _, window := range [][]string{nil, {"--relative-to", "now"}, {"--since", "2017-05-01"}} {
		bundle := filepath.Join(t.TempDir(), "b.zip")
		args := append([]string{"archive", "-q", "-o", bundle, testLog("gateway-en.evtx"), testLog("problems-en.evtx")}, window...)
		if made := runWith(t, nil, args...); made.code != 0 {
			t.Fatalf("%v: exit code %d: %s", window, made.code, made.err)
		}
		if got := runWith(t, nil, "verify", bundle); got.code != 0 {
			t.Errorf("%v: %s", window, got.err)
		}
		if got := runWith(t, nil, "events", "--format", "csv", "--since", "2024-01-01", bundle); len(got.out) < 10_000 {
			t.Errorf("%v: the events from the future are lost: %s", window, got.err)
		}
	}
}
