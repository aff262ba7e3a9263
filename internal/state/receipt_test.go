package state_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwlogs/gwlogs/internal/state"
)

func receiptFolder(t *testing.T) state.Folder {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", dir)
	t.Setenv("LOCALAPPDATA", dir)
	f, err := state.Open()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Receipts and bundles are in one file, and neither is taken for the other.
func TestReceipts(t *testing.T) {
	f := receiptFolder(t)
	if all, err := f.Receipts(); err != nil || all != nil {
		t.Errorf("without a journal: %v, %v", all, err)
	}
	at := time.Date(2017, 5, 4, 18, 0, 0, 0, time.UTC)
	want := state.Receipt{ReportID: "r", Time: at, To: "https://acc.blob.core.windows.net/c", Blob: "r/b.zip", File: "/b.zip", Bytes: 7, SHA256: "s", ETag: "e"}
	if err := f.Remember(state.Bundle{ReportID: "r", Time: at}); err != nil {
		t.Fatal(err)
	}
	if err := f.RememberReceipt(want); err != nil {
		t.Fatal(err)
	}
	got, err := f.Receipts()
	if diff := cmp.Diff([]state.Receipt{want}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if bundles, err := f.Bundles(); err != nil || len(bundles) != 1 {
		t.Errorf("%d bundles, %v", len(bundles), err)
	}
}

// The state of an upload survives a kill in the middle of a line, and is of no
// use for another plan.
func TestUploadState(t *testing.T) {
	f := receiptFolder(t)
	plan := state.UploadPlan{To: "to", Blob: "blob", SHA256: "sum", Bytes: 100, BlockSize: 10}
	open := func(p state.UploadPlan) *state.Upload {
		t.Helper()
		u, err := f.OpenUpload(p)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	u := open(plan)
	for _, offset := range []int64{20, 0} {
		if err := u.Add(state.Block{Offset: offset, Sum: "s"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.Close(); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(f.Path("upload-*"))
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
	if diff := cmp.Diff(map[int64]string{20: "s"}, u.Blocks); diff != "" {
		t.Error(diff)
	}
	if err := u.Add(state.Block{Offset: 30, Sum: "t"}); err != nil {
		t.Fatal(err)
	}
	u.Close()
	u = open(plan)
	if diff := cmp.Diff(map[int64]string{20: "s", 30: "t"}, u.Blocks); diff != "" {
		t.Error(diff)
	}
	u.Close()
	other := plan
	other.BlockSize = 20
	if u = open(other); len(u.Blocks) != 0 {
		t.Errorf("of another plan: %v", u.Blocks)
	}
	if err := u.Remove(); err != nil {
		t.Error(err)
	}
	old := open(plan)
	old.Close()
	long := time.Now().Add(-8 * 24 * time.Hour)
	if err := os.Chtimes(names[0], long, long); err != nil {
		t.Fatal(err)
	}
	plan.Blob = "other"
	open(plan).Remove()
	if names, _ := filepath.Glob(f.Path("upload-*")); len(names) > 0 {
		t.Errorf("kept after a week: %v", names)
	}
}
