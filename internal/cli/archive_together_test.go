//go:build unix

package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// A gate is a named pipe that a run reads first: as long as nothing comes out
// of it, the run has found its logs and opened its output, and not read the others.
type gate struct {
	t    *testing.T
	name string
}

func newGate(t *testing.T) gate {
	t.Helper()
	g := gate{t, filepath.Join(t.TempDir(), "gate")}
	if err := syscall.Mkfifo(g.name, 0o600); err != nil {
		t.Fatal(err)
	}
	return g
}

// reached waits until the run reads from the gate.
func (g gate) reached() *os.File {
	g.t.Helper()
	f, err := os.OpenFile(g.name, os.O_WRONLY, 0)
	if err != nil {
		g.t.Fatal(err)
	}
	return f
}

// open lets a log through.
func (g gate) open(f *os.File, log []byte) {
	g.t.Helper()
	_, err := f.Write(log)
	if err := errors.Join(err, f.Close()); err != nil {
		g.t.Error(err)
	}
}

// started is a run in the background.
type started struct {
	cmd       *exec.Cmd
	out, errs lockedBuffer
}

func start(t *testing.T, cmd *exec.Cmd) *started {
	t.Helper()
	r := &started{cmd: cmd}
	cmd.Stdout, cmd.Stderr = &r.out, &r.errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *started) wait() int {
	r.cmd.Wait()
	return r.cmd.ProcessState.ExitCode()
}

// TestTwoBundlesAtOnce, with names of their own: each is there, and remembered.
func TestTwoBundlesAtOnce(t *testing.T) {
	t.Parallel()
	log := absolute(t, testLog("gateway-en.evtx"))
	gateway, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	var runs []*started
	var gates []gate
	var pipes []*os.File
	for range 3 {
		g := newGate(t)
		runs = append(runs, start(t, s.archive(t.Context(), "-q", g.name, log)))
		gates, pipes = append(gates, g), append(pipes, g.reached()) // all have their outputs open
	}
	if left := names(t, s.out); len(left) != 3 {
		t.Errorf("while they are written there is %q", left)
	}
	for i := range runs {
		go gates[i].open(pipes[i], gateway)
	}
	var ids []string
	for _, r := range runs {
		if code := r.wait(); code != 0 {
			t.Errorf("exit code %d: %s", code, r.errs.String())
		}
		ids = append(ids, strings.TrimSpace(r.out.String()))
	}
	s.mustRemember(ids)
	made := names(t, s.out)
	if len(made) != 3 {
		t.Fatalf("made %q", made)
	}
	for _, name := range made {
		m := s.mustVerify(name)
		if !slices.Contains(ids, m.ReportID) || !strings.HasSuffix(name, "-"+m.ReportID+".zip") {
			t.Errorf("%s has the report ID %s", name, m.ReportID)
		}
	}
}

func (s *site) mustRemember(ids []string) {
	s.t.Helper()
	_, out, _ := s.run(s.command(s.t.Context(), "report-id", "--format", "csv"))
	for _, id := range ids {
		if strings.Count(out, id) < 1 || len(id) != 36 {
			s.t.Errorf("the journal lacks %q: %s", id, out)
		}
	}
}

// TestTwoBundlesOfOneName: the last one stays, whole.
func TestTwoBundlesOfOneName(t *testing.T) {
	t.Parallel()
	log := absolute(t, testLog("gateway-en.evtx"))
	s := newSite(t)
	var all sync.WaitGroup
	ids := make([]string, 6)
	for i := range ids {
		all.Go(func() {
			code, out, errs := s.run(s.archive(t.Context(), "-q", "-o", "b.zip", log))
			if code != 0 {
				t.Errorf("exit code %d: %s", code, errs)
			}
			ids[i] = strings.TrimSpace(out)
		})
	}
	all.Wait()
	s.mustHave("b.zip")
	if m := s.mustVerify("b.zip"); !slices.Contains(ids, m.ReportID) {
		t.Errorf("the report ID is %s, of %q", m.ReportID, ids)
	}
	s.mustRemember(ids)
}
