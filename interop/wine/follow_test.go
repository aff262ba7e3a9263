//go:build wine

package wine

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// slice makes a log of the events up to a time, under a name at once.
func slice(t *testing.T, until, name string) {
	t.Helper()
	if out, code := linux(t, "events", "--until", until, "--format", "evtx", "-o", name+".new", testLog("gateway-en.evtx")); code != 0 {
		t.Fatal(out)
	}
	if err := os.Rename(name+".new", name); err != nil {
		t.Fatal(err)
	}
}

// Windows wakes who follows a channel; what came is exported by its number; Ctrl-C ends it, and nothing is left open or behind.
func TestFollow(t *testing.T) {
	c := newCommand(t)
	log, out := filepath.Join(c.dir, "a.evtx"), filepath.Join(c.dir, "out")
	slice(t, "2017-05-01 12:00", log)
	c.channels = map[string]string{gatewayChannel: log + "|" + log + "|8813"}
	cmd, _, errs := c.start(context.Background(), "events", "--follow", "-n", "3", "--format", "jsonl", "channel:"+gatewayChannel)
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = f
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	want := func(since string, first int) {
		t.Helper()
		all, _ := linux(t, "events", "--format", "jsonl", log)
		lines := strings.SplitAfter(all, "\n")
		before, _ := linux(t, "events", "--format", "jsonl", "--until", "2017-05-01 12:00", log)
		begin := strings.Count(before, "\n") - first
		got := ""
		for range 200 {
			data, _ := os.ReadFile(out)
			if got = string(data); got == strings.Join(lines[begin:], "") {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("%s: %d lines, want %d; said %s", since, strings.Count(got, "\n"), len(lines)-1-begin, errs)
	}
	want("at first", 3)
	c.await("EvtSubscribe(")
	for _, until := range []string{"2017-05-01 18:00", "2017-05-02 18:00"} {
		slice(t, until, log)
		want(until, 3)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 || errs.Len() > 0 {
		t.Errorf("exit code %d, said %s", code, errs)
	}
	if left := leftovers(t); len(left) > 0 {
		t.Errorf("left %q", left)
	}
	if !slices.Contains(c.traced(), `EvtSubscribe(0000000000000000, 1, "`+gatewayChannel+`", "*", 0000000000000000, 0000000000000000, 0000000000000000, 0x1)`) {
		t.Errorf("calls %q", c.traced())
	}
	if calls := strings.Join(c.traced(), "\n"); !strings.Contains(calls, `"*[System[EventRecordID>`) {
		t.Errorf("calls %s", calls)
	}
}

// Without a subscription, a channel is followed all the same.
func TestFollowWithout(t *testing.T) {
	c := newCommand(t)
	log := filepath.Join(c.dir, "a.evtx")
	slice(t, "2017-05-01 12:00", log)
	c.channels = map[string]string{gatewayChannel: log + "|" + log + "|8813"}
	c.env = []string{"WEVT_FAIL=EvtSubscribe=15009"}
	cmd, _, errs := c.start(context.Background(), "events", "-f", "-n", "0", "--format", "jsonl", "channel:"+gatewayChannel)
	out, err := os.Create(filepath.Join(c.dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.await("EvtSubscribe fails=15009")
	slice(t, "2017-05-01 18:00", log)
	for range 200 {
		if info, err := out.Stat(); err != nil || info.Size() > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	want, _ := linux(t, "events", "--format", "jsonl", "--since", "2017-05-01 12:01", log)
	if got, err := os.ReadFile(out.Name()); string(got) != want || err != nil || cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("exit code %d, %d bytes, want %d, said %s", cmd.ProcessState.ExitCode(), len(got), len(want), errs)
	}
}
