package eventlog

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// What is in which part is a promise: other programs can compute it.
func TestShardHolds(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"gateway-en.evtx": 0, "a/b.zip": 0, "логи/ö.evtx": 0} {
		if got := shardOf(name, 1); got != want {
			t.Errorf("%s is in part %d of 1", name, got)
		}
	}
	for name, want := range map[string]int{"gateway-en.evtx": 122, "a/b.zip": 587, "логи/ö.evtx": 538} {
		if got := shardOf(name, 1000); got != want {
			t.Errorf("%s is in part %d of 1000, want %d", name, got, want)
		}
	}
}

func shardOf(name string, count int) int {
	for i := range count {
		if (Shard{i, count}).Holds(name) {
			return i
		}
	}
	return -1
}

// Each file is in one part, wherever the folder lies, and each part has some.
func TestShardsOfFolder(t *testing.T) {
	t.Parallel()
	log, err := os.ReadFile(filepath.Join("..", "..", "testdata", "short.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	const files, parts = 60, 4
	found := make(map[string]int)
	for _, root := range []string{t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")} {
		for i := range files {
			name := filepath.Join(root, fmt.Sprintf("week%d", i%3), fmt.Sprintf("gw%d.evtx", i))
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, log, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for part := range parts {
			s := Find([]string{root}, Options{Shard: Shard{part, parts}})
			defer s.Close()
			if len(s.Logs) == 0 || len(s.Logs)+s.Spared != files || len(s.Failed) > 0 {
				t.Fatalf("part %d: %d logs, %d of others, %v", part, len(s.Logs), s.Spared, s.Failed)
			}
			for _, l := range s.Logs {
				if before, again := found[l.Source()]; again && before != part {
					t.Errorf("%s is in parts %d and %d", l.Source(), before, part)
				}
				found[l.Source()] = part
			}
		}
	}
	if len(found) != files {
		t.Errorf("%d of %d files", len(found), files)
	}
}
