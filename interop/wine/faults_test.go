//go:build wine

package wine

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fault is what a number of Windows has to become.
type fault struct {
	codes      []int
	text, hint string
}

func faults() []fault {
	return []fault{
		{[]int{5, 1314}, "access denied", "Event Log Readers"},
		{[]int{15007, 2, 15000}, "there is no such channel on this computer", "gwlogs channels --all shows those"},
		{[]int{15001, 15012, 15013, 15014, 15015, 15016, 15017, 15018, 15019, 15020, 15021, 15026},
			"Windows does not accept the query for these events", "leave out --id and --level"},
		{[]int{15011}, "the log was cleared or overwritten while it was read", "run the same command again"},
		{[]int{1722, 1753, 1717, 1062, 1726, 1818}, "the Windows Event Log service does not answer", "sc start EventLog"},
		{[]int{112, 39}, "no room for the copy in the folder for temporary files", "TMP"},
		{[]int{80, 183}, "the file for the copy is there already", "run the same command again"},
		{[]int{87}, "Windows refuses the name of the channel or of the copy", "local drive"},
		{[]int{15009}, "is an analytic or debug channel that is being written to", "disable it"},
		{[]int{120}, "this system has no event channels", "FILE.evtx"},
		{[]int{1}, "EvtExportLog failed", "net helpmsg 1"},
	}
}

// Every number has its text, its hint and itself; exit code 1 when nothing was
// read, 3 when another channel was. Nothing is left of a file that was begun.
func TestFaults(t *testing.T) {
	for _, f := range faults() {
		for _, code := range f.codes {
			t.Run(strconv.Itoa(code), func(t *testing.T) {
				c := newCommand(t)
				c.env = []string{"WEVT_FAIL=EvtExportLog:" + gatewayChannel + "=" + strconv.Itoa(code), "WEVT_CONFIG=partial=1"}
				r := c.run("errors", "channel:"+gatewayChannel)
				wantCode(t, r, 1)
				lines := strings.Split(r.err, "\n")
				if len(lines) != 3 || lines[0] != "gwlogs: channel:"+gatewayChannel+": "+f.text+" (Windows error "+strconv.Itoa(code)+")" ||
					!strings.HasPrefix(lines[1], "hint: ") || !strings.Contains(lines[1], f.hint) || r.out != "" {
					t.Errorf("said %s%s", cut(r.err), cut(r.out))
				}
				r = c.run("errors")
				wantCode(t, r, 3)
				if !strings.Contains(r.err, f.text) || !strings.Contains(r.out, connectorsChannel) {
					t.Errorf("said %s%s", cut(r.err), cut(r.out))
				}
			})
		}
	}
}

// Without the names of the channels there is no default.
func TestNamesFail(t *testing.T) {
	for _, call := range []string{"EvtOpenChannelEnum", "EvtNextChannelPath"} {
		c := newCommand(t)
		c.env = []string{"WEVT_FAIL=" + call + "=1722"}
		for _, args := range [][]string{{"errors"}, {"channels"}} {
			r := c.run(args...)
			wantCode(t, r, 1)
			if !strings.Contains(r.err, "the Windows Event Log service does not answer (Windows error 1722)\nhint: start it") {
				t.Errorf("%v: said %s", args, r.err)
			}
		}
	}
}

// What cannot be known of a channel is no reason not to read it.
func TestLookFails(t *testing.T) {
	for _, call := range []string{"EvtOpenChannelConfig", "EvtGetChannelConfigProperty", "EvtOpenLog", "EvtGetLogInfo", "EvtQuery",
		"EvtNext", "EvtRender"} {
		c := newCommand(t)
		c.env = []string{"WEVT_FAIL=" + call + "=5"}
		wantCode(t, c.run("errors", "--since", "2017-05-01"), 0)
		r := c.run("channels")
		wantCode(t, r, 1)
		if !strings.Contains(r.err, "channel:Integration Runtime: access denied (Windows error 5)\n") ||
			!strings.Contains(r.out, "Integration Runtime") {
			t.Errorf("%s: said %s%s", call, r.err, r.out)
		}
		c.env = []string{"WEVT_FAIL=" + call + ":" + gatewayChannel + "=5"}
		wantCode(t, c.run("channels"), 3)
	}
}

// A log that is cleared meanwhile is exported again, to a new file.
func TestStale(t *testing.T) {
	c := newCommand(t)
	c.env = []string{"WEVT_FAIL=EvtExportLog=15011*2", "WEVT_CONFIG=partial=1"}
	r := c.run("errors", "channel:"+gatewayChannel)
	wantCode(t, r, 0)
	query := "*[System[(Level=1 or Level=2)]]"
	want := []string{export(gatewayChannel, query, "channel-1.evtx"), export(gatewayChannel, query, "channel-2.evtx"),
		export(gatewayChannel, query, "channel-3.evtx")}
	if got := r.exports(); !slices.Equal(got, want) {
		t.Errorf("calls %q", got)
	}
}

// A query that Windows does not take is replaced by one for everything.
func TestBadQuery(t *testing.T) {
	c := newCommand(t)
	c.env = []string{"WEVT_FAIL=EvtExportLog=15001*1"}
	r := c.run("errors", "--format", "jsonl", "channel:"+gatewayChannel)
	wantCode(t, r, 0)
	want := []string{export(gatewayChannel, "*[System[(Level=1 or Level=2)]]", "channel-1.evtx"),
		export(gatewayChannel, "*", "channel-2.evtx")}
	if got := r.exports(); !slices.Equal(got, want) {
		t.Errorf("calls %q", got)
	}
	if all, _ := linux(t, "errors", "--format", "jsonl", testLog("gateway-en.evtx")); r.out != all {
		t.Errorf("%d bytes, want %d", len(r.out), len(all))
	}
}

// A bundle of what could be read says what could not.
func TestArchivePartly(t *testing.T) {
	c := newCommand(t)
	c.env = []string{"WEVT_FAIL=EvtExportLog:" + gatewayChannel + "=5"}
	r := c.run("archive", "--since", "2017-05-01", "-o", "bundle.zip")
	wantCode(t, r, 3)
	bundle, err := zip.OpenReader(filepath.Join(c.dir, "bundle.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer bundle.Close()
	data, err := fs.ReadFile(bundle, "manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Failed  []struct{ Source, Error string } `json:"sources_failed"`
		Entries []struct{ Path, Source string }
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Failed) != 1 || manifest.Failed[0].Source != "channel:"+gatewayChannel ||
		manifest.Failed[0].Error != "access denied (Windows error 5)" {
		t.Errorf("failed %q", manifest.Failed)
	}
	if e := manifest.Entries; !slices.ContainsFunc(e, func(e struct{ Path, Source string }) bool {
		return e.Path == "logs/"+connectorsChannel+".evtx" && e.Source == connectorsChannel
	}) {
		t.Errorf("entries %q", e)
	}
}

// Ctrl-C in the middle of an export ends the run and leaves nothing.
func TestInterrupt(t *testing.T) {
	c := newCommand(t)
	c.env = []string{"WEVT_SLEEP=EvtExportLog=1500"}
	cmd, _, errs := c.start(context.Background(), "errors", "channel:"+gatewayChannel)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.await("EvtExportLog(")
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 || errs.Len() > 0 {
		t.Errorf("exit code %d, said %s", code, errs)
	}
	if left := leftovers(t); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// await waits until the stand-in has been called.
func (c *command) await(call string) {
	c.t.Helper()
	for range 300 {
		if slices.ContainsFunc(c.traced(), func(line string) bool { return strings.HasPrefix(line, call) }) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.t.Fatalf("no call of %s", call)
}

// What a killed process left is removed by the next one; the folder of a
// process that lives is not.
func TestKilled(t *testing.T) {
	killed := newCommand(t)
	killed.env = []string{"WEVT_SLEEP=EvtExportLog=60000"}
	cmd, _, _ := killed.start(context.Background(), "errors", "channel:"+gatewayChannel)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killed.await("EvtExportLog(")
	left := leftovers(t)
	if len(left) != 1 {
		t.Fatalf("folders %q", left)
	}
	// A second process meanwhile leaves the first one's folder alone.
	other := newCommand(t)
	other.mine = left
	wantCode(t, other.run("errors"), 0)
	if now := leftovers(t); !slices.Equal(now, left) {
		t.Errorf("folders %q, before %q", now, left)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if err := os.WriteFile(filepath.Join(left[0], "channel-1.evtx"), []byte("events"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, newCommand(t).run("errors"), 0) // run looks for what is left
}
