//go:build unix

package cli

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/archive"
)

// TestSourcesThatFail are named in the bundle, which has all the others.
func TestSourcesThatFail(t *testing.T) {
	t.Parallel()
	gateway, err := os.ReadFile(testLog("gateway-en.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	path := func(name string) string { return filepath.Join(folder, name) }
	for _, name := range []string{"vanishes.evtx", "shrinks.evtx", "empties.evtx", "whole.evtx"} {
		if err := os.WriteFile(path(name), gateway, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(path("folder.evtx"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path("becomes.evtx.d"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path("becomes.evtx"), gateway, 0o600); err != nil {
		t.Fatal(err)
	}

	s, first, second := newSite(t), newGate(t), newGate(t)
	run := start(t, s.archive(t.Context(), "-o", "b.zip", "--format", "json", "--duplicates",
		first.name, path("vanishes.evtx"), path("shrinks.evtx"), path("empties.evtx"), path("becomes.evtx"), path("folder.evtx"),
		path("never-was.evtx"), second.name, path("whole.evtx")))
	pipe := first.reached()
	for _, err := range []error{
		os.Remove(path("vanishes.evtx")), os.Truncate(path("shrinks.evtx"), int64(len(gateway)/2)), os.Truncate(path("empties.evtx"), 0),
		os.Remove(path("becomes.evtx")), os.Rename(path("becomes.evtx.d"), path("becomes.evtx")), // reading it is an error
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	first.open(pipe, gateway)
	second.open(second.reached(), gateway[:len(gateway)/2+1000]) // whoever wrote it has died

	if code := run.wait(); code != 3 {
		t.Errorf("exit code %d: %s", code, run.errs.String())
	}
	s.mustHave("b.zip")
	m := s.mustVerify("b.zip")
	var failed []string
	for _, f := range m.Failed {
		failed = append(failed, f.Source)
		if f.Error == "" || strings.Contains(f.Error, folder) {
			t.Errorf("%s: error %q", f.Source, f.Error)
		}
	}
	for _, name := range []string{"vanishes.evtx", "empties.evtx", "becomes.evtx", "folder.evtx", "never-was.evtx"} {
		if !slices.Contains(failed, name) {
			t.Errorf("%s is not among those that failed: %q", name, failed)
		}
	}
	got := make(map[string]archive.Entry)
	for _, e := range m.Entries {
		got[e.Path] = e
	}
	whole := got["logs/whole.evtx"].Records
	if whole < 1000 || got["logs/gate.evtx"].Records != whole {
		t.Errorf("of %d records of a log, %d came through the pipe", whole, got["logs/gate.evtx"].Records)
	}
	for _, name := range []string{"logs/shrinks.evtx", "logs/gate-2.evtx"} {
		if e := got[name]; e.Records == 0 || e.Records >= whole || e.Damaged == 0 && !slices.Contains(failed, e.Source) {
			t.Errorf("%s: %d records of %d, and nobody says why", name, e.Records, whole)
		}
	}
	var said struct{ Manifest archive.Manifest }
	if err := json.Unmarshal([]byte(run.out.String()), &said); err != nil || len(said.Manifest.Failed) != len(failed) {
		t.Errorf("says %q, error %v", run.out.String(), err)
	}
}

// TestReadErrorInTheMiddle: the connection that the log comes over breaks.
func TestReadErrorInTheMiddle(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "noise.evtx")
	writeNoise(t, log, 1, 150)
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	near, far := connection(t)
	s := newSite(t)
	cmd := s.archive(t.Context(), "-o", "b.zip", "-", absolute(t, testLog("gateway-en.evtx")))
	cmd.Stdin = near
	run := start(t, cmd)
	near.Close()
	// More than there is room for on the way: when it is written, part of it has been read.
	_, err = far.Write(data)
	if err := errors.Join(err, far.SetLinger(0), far.Close()); err != nil { // which resets it
		t.Fatal(err)
	}
	if code := run.wait(); code != 3 || !strings.Contains(run.errs.String(), "connection reset") {
		t.Errorf("exit code %d: %s", code, run.errs.String())
	}
	s.mustHave("b.zip")
	m := s.mustVerify("b.zip")
	if len(m.Failed) != 1 || m.Failed[0].Source != "standard input" || !strings.Contains(m.Failed[0].Error, "connection reset") {
		t.Errorf("failed: %+v", m.Failed)
	}
	if !slices.ContainsFunc(m.Entries, func(e archive.Entry) bool { return e.Source == "gateway-en.evtx" && e.Records > 1000 }) {
		t.Errorf("entries: %+v", m.Entries)
	}
}

// connection is both ends of one.
func connection(t *testing.T) (near *os.File, far *net.TCPConn) {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	const small = 64 << 10 // whatever the system has, and tunes, by itself
	far, err = net.DialTCP("tcp", nil, listener.Addr().(*net.TCPAddr))
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := listener.AcceptTCP()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	if err := errors.Join(far.SetWriteBuffer(small), accepted.SetReadBuffer(small)); err != nil {
		t.Fatal(err)
	}
	if near, err = accepted.File(); err != nil {
		t.Fatal(err)
	}
	return near, far
}
