//go:build unix

package cli

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/wholefile"
)

// TestKilledAtAnyMoment: there is no bundle then, or a whole one; and the next
// run that is not killed tidies up.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	kills := 25
	if n, err := strconv.Atoi(os.Getenv("GWLOGS_KILLS")); err == nil {
		kills = n
	}
	folder := t.TempDir()
	var logs []string
	for i := range 3 {
		logs = append(logs, filepath.Join(folder, fmt.Sprintf("%d.evtx", i)))
		writeNoise(t, logs[i], uint64(i), 60)
	}
	s := newSiteOf(t, quickProgram(t))
	args := append([]string{"-o", "b.zip", "--report-id", faultReportID}, logs...)
	began := time.Now()
	if code, _, errs := s.run(s.archive(t.Context(), args...)); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	took := time.Since(began)
	want, err := os.ReadFile(filepath.Join(s.out, "b.zip"))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	var killed, left, whole int
	for i := range kills {
		os.Remove(filepath.Join(s.out, "b.zip"))
		if i%2 == 0 {
			killed += s.killAfter(time.Duration(random.Int64N(int64(took)*11/10)), args)
		} else {
			killed += s.killAt(random.Int64N(int64(len(want))+1), args)
		}
		for _, name := range names(t, s.out) {
			switch {
			case wholefile.IsTemporary(name):
				left++
			case name != "b.zip":
				t.Errorf("kill %d: left %s", i, name)
			default:
				whole++
				s.mustVerify(name)
			}
		}
		if i%10 == 9 {
			if code, _, errs := s.run(s.archive(t.Context(), args...)); code != 0 {
				t.Fatalf("after kill %d: exit code %d: %s", i, code, errs)
			}
			s.mustHave("b.zip")
			if got, err := os.ReadFile(filepath.Join(s.out, "b.zip")); err != nil || !bytes.Equal(got, want) {
				t.Errorf("after kill %d: another bundle, error %v", i, err)
			}
		}
	}
	t.Logf("%d of %d runs were killed: %d left a temporary file, %d runs a whole bundle", killed, kills, left, whole)
	if killed < kills/2 || left < kills/4 {
		t.Errorf("only %d of %d runs were killed, and %d left a temporary file", killed, kills, left)
	}
}

// killAfter kills a run after some time, if it is still there, and reports 1 if it was.
func (s *site) killAfter(delay time.Duration, args []string) int {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), delay)
	defer cancel()
	err := s.archive(ctx, args...).Run()
	if ctx.Err() == nil && err != nil {
		s.t.Error(err)
	}
	if err == nil {
		return 0
	}
	return 1
}

// killAt kills a run when so much of its bundle is written.
func (s *site) killAt(bytes int64, args []string) int {
	s.t.Helper()
	cmd := s.archive(s.t.Context(), args...)
	before := names(s.t, s.out)
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case err := <-done: // it was quicker than we are
			if err != nil {
				s.t.Error(err)
			}
			return 0
		default:
			runtime.Gosched()
		}
		if s.written(before) >= bytes {
			cmd.Process.Kill()
			<-done
			return 1
		}
	}
}

// written is the size of the temporary file that was not there before, -1 for none.
func (s *site) written(before []string) int64 {
	for _, name := range names(s.t, s.out) {
		if slices.Contains(before, name) || !wholefile.IsTemporary(name) {
			continue
		}
		if info, err := os.Stat(filepath.Join(s.out, name)); err == nil {
			return info.Size()
		}
	}
	return -1
}
