//go:build unix

package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"
)

// limited is cmd such that no file may grow beyond limit.
func limited(t *testing.T, cmd *exec.Cmd, limit int64) *exec.Cmd {
	t.Helper()
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", limitVariable, limit), limitVariable+"_TMPDIR="+envOf(cmd, "TMPDIR"), "TMPDIR="+t.TempDir())
	cmd.Args = append([]string{os.Args[0], "-test.run=^TestLimited$", "--", cmd.Path}, cmd.Args[1:]...)
	cmd.Path = os.Args[0]
	return cmd
}

// TestLimited is no test: see limited.
func TestLimited(t *testing.T) {
	limit, err := strconv.ParseUint(os.Getenv(limitVariable), 10, 63)
	if err != nil {
		return
	}
	args := os.Args[slices.Index(os.Args, "--")+1:]
	os.Setenv("TMPDIR", os.Getenv(limitVariable+"_TMPDIR"))
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		t.Fatal(err)
	}
	t.Fatal(syscall.Exec(args[0], append([]string{"gwlogs"}, args[1:]...), os.Environ()))
}

// manyLogs are such that the bundle of them is larger than any temporary file,
// so that some limits are met when it is written and not before.
func manyLogs(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	var all []string
	for i := range 24 {
		name := filepath.Join(folder, fmt.Sprintf("%s-%02d.evtx", strings.Repeat("long-", 18), i))
		writeNoise(t, name, uint64(i), 2)
		all = append(all, name)
	}
	return all
}

// fileLimits go from nothing to the whole of size, in smaller steps at the end.
func fileLimits(size int64) []int64 {
	var all []int64
	for n := int64(0); n < size; n += size / 30 {
		all = append(all, n)
	}
	for n := size - 16<<10; n < size; n += 512 {
		all = append(all, n)
	}
	return append(all, size-1)
}

// TestDiskFullAtEveryWrite: what is there under the final name is whole, or nothing
// is; nothing else is left; and the person is told what to do.
func TestDiskFullAtEveryWrite(t *testing.T) {
	t.Parallel()
	program, logs := quickProgram(t), manyLogs(t)
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, flags := range map[string][]string{
		"b.zip":     {"-o", "b.zip", "--duplicates", "--report-id", faultReportID},
		"b.zip.age": {"-o", "b.zip.age", "--duplicates", "--report-id", faultReportID, "--encrypt-to", identity.Recipient().String()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append(flags, logs...)
			whole := newSiteOf(t, program)
			if code, _, errs := whole.run(whole.archive(t.Context(), args...)); code != 0 {
				t.Fatalf("exit code %d: %s", code, errs)
			}
			whole.mustHave(name)
			info, err := os.Stat(filepath.Join(whole.out, name))
			if err != nil {
				t.Fatal(err)
			}
			tempFull, outFull := 0, 0
			for _, limit := range fileLimits(info.Size()) {
				s := newSiteOf(t, program)
				code, out, errs := s.run(limited(t, s.archive(t.Context(), args...), limit))
				if code != 1 || out != "" || !strings.Contains(errs, "file too large\n") || !strings.Contains(errs, "\nhint: make room there, or ") {
					t.Errorf("limit %d of %d: exit code %d, %q, %q", limit, info.Size(), code, out, errs)
				}
				if strings.Count(errs, "\n") != 2 {
					t.Errorf("limit %d: says more than one thing: %q", limit, errs)
				}
				s.mustHave()
				s.mustHoldNoClearText()
				if strings.Contains(errs, s.tmp) {
					tempFull++
				} else {
					outFull++
				}
			}
			t.Logf("%d bytes: %d limits met by temporary files, %d by the bundle", info.Size(), tempFull, outFull)
			if tempFull < 20 || outFull < 5 {
				t.Errorf("%d limits were met by temporary files, %d by the bundle", tempFull, outFull)
			}
			s := newSiteOf(t, program)
			if code, _, errs := s.run(limited(t, s.archive(t.Context(), args...), info.Size())); code != 0 {
				t.Errorf("with just enough: exit code %d: %s", code, errs)
			}
			s.mustHave(name)
		})
	}
}

// mustHoldNoClearText looks into every file for what a zip begins with.
func (s *site) mustHoldNoClearText() {
	s.t.Helper()
	for _, folder := range []string{s.out, s.tmp, s.state} {
		filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return nil
			}
			data, err := os.ReadFile(name)
			if err == nil && bytes.Contains(data, []byte("PK\x03\x04")) {
				s.t.Errorf("%s holds clear text", name)
			}
			return nil
		})
	}
}

// TestDiskFullKeepsTheOlderBundle: what has the name already stays as it is.
func TestDiskFullKeepsTheOlderBundle(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	older := filepath.Join(s.out, "b.zip")
	if err := os.WriteFile(older, []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := s.run(limited(t, s.archive(t.Context(), append([]string{"-o", "b.zip", "--duplicates"}, manyLogs(t)...)...), 200<<10))
	if data, err := os.ReadFile(older); code != 1 || err != nil || string(data) != "older" {
		t.Errorf("exit code %d, %q, error %v: %s", code, data, err, errs)
	}
	s.mustHave("b.zip")
}

// TestLargeBundleOnAFullDisk: one that is written in several pieces fails in
// the middle, and says so once.
func TestLargeBundleOnAFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		return // Linux has it
	}
	t.Parallel()
	s := newSite(t)
	log := filepath.Join(t.TempDir(), "noise.evtx")
	writeNoise(t, log, 1, 100)
	code, out, errs := s.run(s.archive(t.Context(), "-o", "/dev/full", log))
	want := "gwlogs: /dev/full: no space left on device\nhint: make room there, or name a file on another disk: -o FILE\n"
	if code != 1 || out != "" || errs != want {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
	s.mustHave()
}

func TestNoFolderForTemporaryFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	cmd := s.archive(t.Context(), "-o", "b.zip", absolute(t, testLog("secrets.evtx")))
	cmd.Env = append(cmd.Env, "TMPDIR="+filepath.Join(s.tmp, "missing"))
	code, out, errs := s.run(cmd)
	if code != 1 || out != "" || !strings.Contains(errs, "missing") ||
		!strings.Contains(errs, "\nhint: make room there, or name another folder") {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
	s.mustHave()
}
