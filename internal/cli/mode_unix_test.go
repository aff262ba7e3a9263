//go:build unix

package cli

import (
	"os"
	"testing"
)

// What a log says is for who ran gwlogs alone; a file that is replaced keeps its mode.
func TestOutputMode(t *testing.T) {
	log := absoluteName(t, testLog("short.evtx"))
	sendFolder(t)
	for name, args := range map[string][]string{
		"events.json": {"events", "--format", "json", "-o", "events.json", log},
		"slice.evtx":  {"events", "--format", "evtx", "-o", "slice.evtx", log},
		"bundle.zip":  {"archive", "-o", "bundle.zip", log},
		"page.html":   {"diagnose", "--report", "page.html", log},
	} {
		for want, prepare := range map[os.FileMode]func() error{
			0o600: func() error { return nil },
			0o640: func() error { return os.Chmod(name, 0o640) },
		} {
			os.Remove(name)
			if want != 0o600 {
				if err := os.WriteFile(name, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := prepare(); err != nil {
				t.Fatal(err)
			}
			if got := runWith(t, func(*IOStreams) {}, append(args, "--quiet")...); got.code != exitDone {
				got = runWith(t, func(*IOStreams) {}, args...)
				if got.code != exitDone {
					t.Fatalf("%s: exit code %d: %s", name, got.code, got.err)
				}
			}
			info, err := os.Stat(name)
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: mode %v, %v, want %v", name, info.Mode(), err, want)
			}
		}
	}
}
