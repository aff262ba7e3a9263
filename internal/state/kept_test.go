package state_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/gwlogs/gwlogs/internal/state"
)

func TestKeep(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "gwlogs")
	f := state.In(dir)
	if got, err := f.Kept("x"); err != nil || len(got) != 0 {
		t.Errorf("before: %q, %v", got, err)
	}
	for _, text := range []string{"a long text", "short", ""} {
		if err := f.Keep("x", []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := f.Kept("x"); err != nil || string(got) != text {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "x"))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
