package eventlog

import (
	"fmt"
	"path/filepath"
	"testing"
)

// A folder of many bundles is read with few files open.
func TestManyArchives(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := string(read(t, "../../testdata/problems-fr.evtx"))
	const many = 3 * maxPooled
	for i := range many {
		write(t, filepath.Join(dir, fmt.Sprintf("%03d.zip", i)), zipOf(t, "logs/a.evtx", log))
	}
	s := find(t, Options{}, dir)
	if len(s.Logs) != many || len(s.Failed) > 0 {
		t.Fatalf("found %d logs, failed %v", len(s.Logs), s.Failed)
	}
	for _, byTime := range []bool{false, true} {
		_, totals := gathered(t, &Pass{Logs: s.Logs, ByTime: byTime})
		if totals.LogsFailed > 0 || totals.Visited == 0 || totals.Visited%many != 0 {
			t.Errorf("by time %v: %+v", byTime, totals)
		}
		if n := len(s.pool.open); n > maxPooled {
			t.Errorf("%d archives are open", n)
		}
	}
}
