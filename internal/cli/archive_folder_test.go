package cli

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/evtx"
)

// writeEvents writes a log; what is missing of an event is filled in.
func writeEvents(t *testing.T, name string, events ...evtx.Event) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := evtx.NewWriter(f)
	for i, e := range events {
		e.Computer, e.Level, e.EventRecordID = cmp.Or(e.Computer, "GW01"), evtx.LevelError, uint64(i+1)
		e.TimeCreated = time.Date(2017, 5, 4, 12, i, 0, 0, time.UTC)
		if err := w.WriteEvent(&e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// From a folder, a bundle has the gateway's logs, what System and Application tell of it, and what cannot be read; it
// says what it leaves out.
func TestArchiveFolder(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "Logs")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(folder, name) }
	event := func(channel, provider string, id uint16, text string) evtx.Event {
		return evtx.Event{Channel: channel, Provider: provider, EventID: id, Strings: []string{text}}
	}
	const odd = "Connectors \u2014 Integration  Runtime"
	writeEvents(t, in("connectors.evtx"), event(odd, odd, 1, "started"), event(odd, odd, 2, "stopped"))
	writeEvents(t, in("System.evtx"), event("System", "Service Control Manager", 7031, "Integration Runtime Service"),
		event("System", "disk", 7, "bad block"), event("System", "Service Control Manager", 7045, "a service was installed"))
	writeEvents(t, in("Application.evtx"), event("Application", "Integration Runtime", 4, "unreachable"),
		event("Application", "ESENT", 1, "x"))
	writeEvents(t, in("Security.evtx"), event("Security", "Microsoft-Windows-Security-Auditing", 4625, "someone"))
	writeEvents(t, in("Empty.evtx"))
	if err := os.WriteFile(in("broken.evtx"), []byte("no log"), 0o666); err != nil {
		t.Fatal(err)
	}

	made := func(args ...string) (result, map[string]int, *archive.Manifest) {
		t.Helper()
		r := runWith(t, nil, append([]string{"archive", "--dry-run", "--format", "json"}, args...)...)
		var out struct{ Manifest *archive.Manifest }
		if err := json.Unmarshal([]byte(r.out), &out); err != nil {
			t.Fatal(err, r.err)
		}
		records := map[string]int{}
		for _, e := range out.Manifest.Entries {
			if log, ok := strings.CutPrefix(e.Path, archive.LogFolder); ok {
				if records[log] = e.Records; e.Part {
					records[log] += 100
				}
			}
		}
		return r, records, out.Manifest
	}
	same := func(what string, got, want map[string]int) {
		t.Helper()
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
		for name, n := range want {
			if got[name] != n {
				t.Errorf("%s: %s: %d events (of a part: 100 more), want %d", what, name, got[name], n)
			}
		}
	}

	r, got, m := made(folder)
	same("folder", got, map[string]int{"connectors.evtx": 2, "System.evtx": 101, "Application.evtx": 101})
	if r.code != exitPartial || len(m.Failed) != 1 || m.Failed[0].Source != "broken.evtx" {
		t.Errorf("exit code %d, failed %v", r.code, m.Failed)
	}
	if want := []archive.LeftOut{{Source: "Empty.evtx"}, {Source: "Security.evtx", Channel: "Security"}}; !slices.Equal(m.LeftOut, want) {
		t.Errorf("left out %v", m.LeftOut)
	}
	text := runWith(t, nil, "archive", "--dry-run", folder)
	if !strings.Contains(text.out, "left out, as nothing in them is of a gateway: 2 logs: Empty.evtx, Security.evtx; --all-logs "+
		"takes everything\n") ||
		!strings.Contains(text.out, "only what tells of the gateway") {
		t.Error(text.out)
	}

	_, got, m = made("--all-logs", folder)
	all := map[string]int{"connectors.evtx": 2, "System.evtx": 3, "Application.evtx": 2, "Security.evtx": 1, "Empty.evtx": 0}
	if same("--all-logs", got, all); len(m.LeftOut) > 0 {
		t.Errorf("left out %v", m.LeftOut)
	}
	_, got, _ = made(folder, in("Security.evtx"))
	same("named beside the folder", got,
		map[string]int{"connectors.evtx": 2, "System.evtx": 101, "Application.evtx": 101, "Security.evtx": 1})
	_, got, _ = made("--channel", "Security", folder)
	if got["Security.evtx"] != 1 {
		t.Errorf("with --channel: %v", got)
	}

	for _, name := range []string{"connectors.evtx", "System.evtx", "Application.evtx", "broken.evtx"} {
		if err := os.Remove(in(name)); err != nil {
			t.Fatal(err)
		}
	}
	r = runWith(t, nil, "archive", "--dry-run", folder)
	if r.code != exitFailed || r.out != "" ||
		r.err != "gwlogs: no log of a gateway was found; there are Empty.evtx, Security.evtx\n"+
			"hint: --all-logs takes all that there are; a file that is named is taken in any case\n" {
		t.Errorf("exit code %d, %q, %s", r.code, r.out, r.err)
	}
}
