//go:build unix

package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/evtx"
)

// A site is where runs of gwlogs that go wrong leave what they leave.
type site struct {
	t               *testing.T
	program         string
	out, tmp, state string // the folder of the bundles, and those of temporary files and of the journal
}

// newSite is one for the program that TestMain put into PATH, which has the race detector if this has.
func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOf(t, "gwlogs")
}

func newSiteOf(t *testing.T, program string) *site {
	t.Helper()
	root := t.TempDir()
	s := &site{t, program, filepath.Join(root, "out"), filepath.Join(root, "tmp"), filepath.Join(root, "state")}
	for _, folder := range []string{s.out, s.tmp} {
		if err := os.Mkdir(folder, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// quickProgram is gwlogs without the race detector, for tests that run it a hundred times.
func quickProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "gwlogs")
	cmd := exec.Command("go", "build", "-trimpath", "-o", program, "../../cmd/gwlogs")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	return program
}

// window has the end of it said, so that a run reads its logs once.
var window = []string{"--since", "2017-04-01", "--until", "2017-05-08"}

const faultReportID = "6f1c2b7e-93d4-4b0a-8e55-0d1f2a3b4c5d"

// archive is a run of gwlogs archive in the folder of the bundles.
func (s *site) archive(ctx context.Context, args ...string) *exec.Cmd {
	return s.command(ctx, append(append([]string{"archive"}, window...), args...)...)
}

func (s *site) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.program, args...)
	cmd.Dir = s.out
	cmd.Env = append(os.Environ(), "TMPDIR="+s.tmp, "XDG_STATE_HOME="+s.state, "GORACE=atexit_sleep_ms=0")
	return cmd
}

// run returns the exit code and what was said.
func (s *site) run(cmd *exec.Cmd) (code int, out, errs string) {
	s.t.Helper()
	var o, e lockedBuffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// names are what lies in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// mustHave fails if anything else is in the folder of the bundles, or anything at all in that of temporary files.
func (s *site) mustHave(want ...string) {
	s.t.Helper()
	if got := names(s.t, s.out); !slices.Equal(got, want) {
		s.t.Errorf("the folder of the bundles holds %q, want %q", got, want)
	}
	if got := names(s.t, s.tmp); len(got) > 0 {
		s.t.Errorf("the folder of temporary files holds %q", got)
	}
}

// mustVerify fails if there is no bundle of that name that is as it should be.
func (s *site) mustVerify(name string) *archive.Manifest {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(s.out, name))
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := archive.Verify(s.t.Context(), bytes.NewReader(data), int64(len(data)))
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	if len(v.Problems) > 0 {
		s.t.Errorf("%s: %q", name, v.Problems)
	}
	return v.Manifest
}

// writeNoise makes a log that hardly can be compressed: records of 16 KB.
func writeNoise(t *testing.T, name string, seed uint64, records int) {
	t.Helper()
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := evtx.NewWriter(f)
	for i := range records {
		noise := make([]byte, 6<<10)
		random.Read(noise)
		err := w.WriteEvent(&evtx.Event{
			Provider: "Test", EventID: 1, Level: 4, TimeCreated: time.Date(2017, 5, 4, 12, 0, i, 0, time.UTC), EventRecordID: uint64(1 + i),
			Channel: "Test", Computer: "GW01", Strings: []string{base64.StdEncoding.EncodeToString(noise)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// limitVariable has TestLimited become gwlogs with a limit to the size of its files.
const limitVariable = "GWLOGS_TEST_FILE_LIMIT"

// limited is cmd such that no file may grow beyond limit.
func limited(t *testing.T, cmd *exec.Cmd, limit int64) *exec.Cmd {
	t.Helper()
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", limitVariable, limit), limitVariable+"_TMPDIR="+envOf(cmd, "TMPDIR"), "TMPDIR="+t.TempDir())
	cmd.Args = append([]string{os.Args[0], "-test.run=^TestLimited$", "--", cmd.Path}, cmd.Args[1:]...)
	cmd.Path = os.Args[0]
	return cmd
}

func envOf(cmd *exec.Cmd, name string) string {
	for _, v := range slices.Backward(cmd.Env) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
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
		"b.zip":     {"-o", "b.zip", "--report-id", faultReportID},
		"b.zip.age": {"-o", "b.zip.age", "--report-id", faultReportID, "--encrypt-to", identity.Recipient().String()},
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
	code, _, errs := s.run(limited(t, s.archive(t.Context(), append([]string{"-o", "b.zip"}, manyLogs(t)...)...), 200<<10))
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
	if code != 1 || out != "" || !strings.Contains(errs, "missing") || !strings.Contains(errs, "\nhint: make room there, or name another folder") {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
	s.mustHave()
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	full, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

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
			case isTemporary(name):
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
		if slices.Contains(before, name) || !isTemporary(name) {
			continue
		}
		if info, err := os.Stat(filepath.Join(s.out, name)); err == nil {
			return info.Size()
		}
	}
	return -1
}

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
	run := start(t, s.archive(t.Context(), "-o", "b.zip", "--format", "json",
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
	log := absolute(t, testLog("secrets.evtx"))
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

// TestTidyingTouchesNothingElse: neither what is being written, nor what only looks like ours.
func TestTidyingTouchesNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const stem = ".gwlogs-ABCDEFGHIJKLMNOPQRSTUVWXY" // and a letter
	file := func(name string) string { return filepath.Join(s.out, name) }
	for _, name := range []string{stem + "2.tmp", stem + "A.tmp", stem + "A.tmp.zip", stem + ".tmp", stem + "a.tmp", ".b.zip." + stem + "A.tmp"} {
		if err := os.WriteFile(file(name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink(stem+".tmp", file(stem+"L.tmp")), os.Mkdir(file(stem+"D.tmp"), 0o700), syscall.Mkfifo(file(stem+"P.tmp"), 0o600)); err != nil {
		t.Fatal(err)
	}
	gone := []string{stem + "2.tmp", stem + "A.tmp"}
	if os.Geteuid() == 0 { // otherwise nothing can be of somebody else
		if err := os.WriteFile(file(stem+"O.tmp"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(file(stem+"O.tmp"), 1, 1); err != nil {
			t.Fatal(err)
		}
	}
	held, err := createTemporary(s.out, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	want := slices.DeleteFunc(append(names(t, s.out), "b.zip"), func(name string) bool { return slices.Contains(gone, name) })
	slices.Sort(want)
	if code, _, errs := s.run(s.archive(t.Context(), "-o", "b.zip", absolute(t, testLog("secrets.evtx")))); code != 0 {
		t.Errorf("exit code %d: %s", code, errs)
	}
	s.mustHave(want...)
	if _, err := io.WriteString(held, "still there"); err != nil {
		t.Error(err)
	}
}
