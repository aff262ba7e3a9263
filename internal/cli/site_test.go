//go:build unix

package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

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

func envOf(cmd *exec.Cmd, name string) string {
	for _, v := range slices.Backward(cmd.Env) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	full, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return full
}
