package eventlog

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

// Every number that we know has a text and a hint; they are for people who see
// nothing else. The tests under wine have the texts.
func TestFaults(t *testing.T) {
	seen := make(map[string]bool)
	for _, code := range []uint32{0, 1, 2, 5, 39, 80, 87, 112, 120, 126, 127, 183, 1062, 1314, 1717, 1722, 1726, 1753, 1818, 15000,
		15001, 15007, 15009, 15011, 15012, 15021, 15026} {
		e := ChannelError("channel:a", fmt.Errorf("wrapped: %w", &Fault{"EvtExportLog", code}))
		if e.Hint == "" || e.Error() == "" {
			t.Errorf("%d: %q, hint %q", code, e.Error(), e.Hint)
		}
		seen[e.Hint] = true
	}
	if len(seen) < 10 {
		t.Errorf("%d hints for all numbers", len(seen))
	}
	if e := ChannelError("channel:a", fs.ErrPermission); !errors.Is(e, fs.ErrPermission) || fault(e) != nil {
		t.Errorf("an error that is no fault: %v", e)
	}
}
