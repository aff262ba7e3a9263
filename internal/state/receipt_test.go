package state_test

import (
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
	want := state.Receipt{ReportID: "r", Time: at, To: "https://acc.blob.core.windows.net/c", Blob: "r/b.zip", File: "/b.zip",
		Bytes: 7, SHA256: "s", ETag: "e"}
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
