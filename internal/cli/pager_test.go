package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// inPager runs a command line on a terminal of 10 lines with a pager, and returns what that got besides.
func inPager(t *testing.T, pager string, args ...string) (r result, paged string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Log("the pagers here are of a Unix shell")
		return result{}, ""
	}
	file := filepath.Join(t.TempDir(), "paged")
	r = runWith(t, func(ios *IOStreams) {
		onTerminal(ios)
		ios.Height, ios.Pager = 10, strings.ReplaceAll(pager, "FILE", file)
	}, args...)
	data, _ := os.ReadFile(file)
	return r, string(data)
}

// What is longer than the window goes through the pager, in colour and whole; messages come when it has ended.
func TestPager(t *testing.T) {
	t.Parallel()
	log := testLog("gateway-fr.evtx")
	want := runWith(t, onTerminal, "errors", log).out
	r, paged := inPager(t, "cat >FILE", "errors", log)
	if r.code != 0 || r.out != "" || paged != want {
		t.Errorf("exit code %d, out %.200q, in the pager %.200q", r.code, r.out, paged)
	}
	r, paged = inPager(t, "cat >FILE; echo bye", "events", filepath.Join(testLog("damaged"), "garbage.evtx"))
	if r.code != exitPartial || r.out != "bye\n" || !strings.HasSuffix(r.err, "damaged places in the log (-v names each); the rest was read\n") || paged == "" {
		t.Errorf("exit code %d, out %q, said %s", r.code, r.out, r.err)
	}
}

// Who leaves the pager has seen enough.
func TestPagerLeft(t *testing.T) {
	t.Parallel()
	r, _ := inPager(t, "head -n 1 >/dev/null", "events", "--format", "xml", testLog("gateway-en.evtx"))
	if r.code != 0 || r.out != "" || r.err != "" {
		t.Errorf("exit code %d, out %.200q, said %s", r.code, r.out, r.err)
	}
}

// What fits, what nobody wants paged, and what no pager is there for comes as it is.
func TestNoPager(t *testing.T) {
	t.Parallel()
	log := testLog("gateway-fr.evtx")
	for _, tt := range []struct {
		pager string
		args  []string
	}{
		{"cat >FILE", []string{"errors", "-n", "3", log}},
		{"cat >FILE", []string{"errors", "--no-pager", log}},
		{"there-is-no-such-pager --at-all", []string{"errors", log}},
		{"cat >FILE", []string{"verify", testLog("short.evtx")}},
		{"cat >FILE", []string{"version"}},
	} {
		want := runWith(t, onTerminal, tt.args...)
		r, paged := inPager(t, tt.pager, tt.args...)
		if r != want || paged != "" {
			t.Errorf("%q: exit code %d, out %.200q, want %.200q, in the pager %.100q, said %s", tt.args, r.code, r.out, want.out, paged, r.err)
		}
	}
}

func TestPagerOf(t *testing.T) {
	t.Parallel()
	less := func(string) (string, error) { return "/usr/bin/less", nil }
	none := func(string) (string, error) { return "", exec.ErrNotFound }
	for _, tt := range []struct {
		env  string
		set  bool
		find func(string) (string, error)
		want string
	}{
		{"", false, less, "less"}, {"", false, none, ""}, {"", true, less, ""}, {"cat", true, less, ""}, {"more -s", true, none, "more -s"},
	} {
		if got := pagerOf(func(string) (string, bool) { return tt.env, tt.set }, tt.find); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.env, got, tt.want)
		}
	}
}
