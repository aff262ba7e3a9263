//go:build !windows

package cli

import (
	"bytes"
	"context"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/state"
)

// Ctrl-C ends a run that waits for a pipe to be opened by somebody else.
func TestInterruptOpening(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe.evtx")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"events", pipe}, {"events", "--since", "1d", pipe}, {"diagnose", pipe}, {"archive", "--dry-run", pipe}} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		var out, errs lockedBuffer
		done := make(chan int)
		go func() {
			done <- Run(ctx, args, &IOStreams{In: bytes.NewReader(nil), Out: &out, Err: &errs, Width: 80, State: state.Open, Now: time.Now})
		}()
		select {
		case code := <-done:
			if code != exitInterrupted || errs.String() != "" {
				t.Errorf("%q: exit code %d, said %s", args, code, errs.String())
			}
		case <-time.After(30 * time.Second):
			t.Errorf("%q goes on", args)
		}
		cancel()
	}
}
