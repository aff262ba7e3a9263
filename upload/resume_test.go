package upload

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The state of an upload survives a kill in the middle of a line, and is of no
// use for another plan.
func TestUploadState(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made when needed")
	plan := uploadPlan{To: "to", Blob: "blob", SHA256: "sum", Bytes: 100, BlockSize: 10}
	open := func(p uploadPlan) *uploadState {
		t.Helper()
		u, err := openState(dir, p)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	u := open(plan)
	for _, offset := range []int64{20, 0} {
		if err := u.add(stateBlock{Offset: offset, Sum: "s"}); err != nil {
			t.Fatal(err)
		}
	}
	u.keep()
	names, _ := filepath.Glob(filepath.Join(dir, "upload-*"))
	if len(names) != 1 {
		t.Fatal(names)
	}
	text, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(names[0], text[:len(text)-5], 0o600); err != nil { // half of the last line
		t.Fatal(err)
	}
	u = open(plan)
	if diff := cmp.Diff(map[int64]string{20: "s"}, u.blocks()); diff != "" {
		t.Error(diff)
	}
	if err := u.add(stateBlock{Offset: 30, Sum: "t"}); err != nil {
		t.Fatal(err)
	}
	u.keep()
	u = open(plan)
	if diff := cmp.Diff(map[int64]string{20: "s", 30: "t"}, u.blocks()); diff != "" {
		t.Error(diff)
	}
	u.keep()
	other := plan
	other.BlockSize = 20
	if u = open(other); len(u.blocks()) != 0 {
		t.Errorf("of another plan: %v", u.blocks())
	}
	u.remove()
	open(plan).keep()
	long := time.Now().Add(-8 * 24 * time.Hour)
	if err := os.Chtimes(names[0], long, long); err != nil {
		t.Fatal(err)
	}
	plan.Blob = "other"
	open(plan).remove()
	if names, _ := filepath.Glob(filepath.Join(dir, "upload-*")); len(names) > 0 {
		t.Errorf("kept after a week: %v", names)
	}
	if u, err := openState("", plan); u != nil || err != nil {
		t.Errorf("without a folder: %v, %v", u, err)
	}
}
