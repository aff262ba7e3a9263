//go:build wine

package wine

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestChannels(t *testing.T) {
	r := newCommand(t).run("channels")
	wantCode(t, r, 0)
	if r.err != "gwlogs: not on this computer: Data Management Gateway\n" || strings.Contains(r.out, "Application") {
		t.Errorf("said %q, %q", r.out, r.err)
	}
	lines := strings.Split(r.out, "\n")
	if len(lines) != 4 || !regexp.MustCompile(`^Integration Runtime +2,709 +2017-04-20 18:00:01 +2017-05-04 18:00:00 .* 1\.0 MiB +overwrite +yes +yes$`).MatchString(lines[2]) {
		t.Errorf("table\n%s", r.out)
	}
}

func TestChannelsJSON(t *testing.T) {
	c := newCommand(t)
	c.env = []string{"WEVT_CONFIG=retention=1;backup=1;max=20971520"}
	r := c.run("channels", "--all", "--format", "json")
	wantCode(t, r, 0)
	var all []map[string]any
	if err := json.Unmarshal([]byte(r.out), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || all[0]["channel"] != "Application" || all[0]["gateway"] != false || all[2]["channel"] != gatewayChannel {
		t.Fatalf("channels %s", r.out)
	}
	want := map[string]any{
		"channel": gatewayChannel, "gateway": true, "enabled": true, "records": 2709.0, "oldest": all[2]["oldest"], "newest": all[2]["newest"],
		"bytes": all[2]["bytes"], "max_bytes": 20971520.0, "retention": "archive", "full": false,
		"file": `C:\windows\System32\Winevt\Logs\Integration Runtime.evtx`, "error": nil,
	}
	for key, value := range want {
		if all[2][key] != value {
			t.Errorf("%s is %v, want %v", key, all[2][key], value)
		}
	}
	if len(all[2]) != len(want) {
		t.Errorf("keys of %s", r.out)
	}
}

// liveName calls the log in what is said of the file as the channel is called.
func liveName(text string) string {
	return strings.ReplaceAll(text, `"gateway-en.evtx"`, `"channel:`+gatewayChannel+`"`)
}

// inApplication is what is asked of Application for the gateway, since a time or all.
func inApplication(since string) string {
	if since != "" {
		since = "TimeCreated[@SystemTime>='" + since + "'] and "
	}
	return "*[System[" + since + "Provider[@Name='MsiInstaller' or @Name='.NET Runtime' or @Name='Application Error' or " +
		"@Name='Application Hang' or @Name='Windows Error Reporting' or @Name='Data Management Gateway' or @Name='Integration Runtime' or " +
		"@Name='Connectors - Integration Runtime']]]"
}

// A live channel is diagnosed as the file that it is.
func TestDiagnose(t *testing.T) {
	c := newCommand(t)
	r := c.run("diagnose", "--format", "json", "channel:"+gatewayChannel)
	wantCode(t, r, 0)
	want, _ := linux(t, "diagnose", "--format", "json", testLog("gateway-en.evtx"))
	want = liveName(want)
	if r.out != want {
		t.Errorf("differs from that of the file:\n%s\nwant\n%s", r.out, want)
	}
	if got := r.exports(); !slices.Equal(got, []string{export(gatewayChannel, "*", "channel-1.evtx")}) {
		t.Errorf("calls %q", got)
	}
}

// Without a source, the gateway's channels are read, those that there are, with one cut-off.
func TestDefaultChannels(t *testing.T) {
	c := newCommand(t)
	r := c.run("events", "--since", "4000d", "--until", "2017-05-04", "--level", "error,information", "--id", "25,400-499",
		"--format", "jsonl")
	wantCode(t, r, 0)
	calls := r.exports()
	if len(calls) != 2 {
		t.Fatalf("calls %q", calls)
	}
	query := regexp.MustCompile(`^EvtExportLog\(0000000000000000, "([^"]*)", "(\*\[System\[TimeCreated\[@SystemTime>='\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z' and ` +
		`@SystemTime<='2017-05-05T00:00:00\.000Z'\] and \(Level=0 or Level=2 or Level=4\) and \(EventID=25 or \(EventID>=400 and EventID<=499\)\)\]\])", "TEMP\\channel-(\d)\.evtx", 0x1\)$`)
	first, second := query.FindStringSubmatch(calls[0]), query.FindStringSubmatch(calls[1])
	if first == nil || second == nil || first[1] != gatewayChannel || second[1] != connectorsChannel || first[2] != second[2] ||
		first[3]+second[3] != "12" {
		t.Errorf("calls %q", calls)
	}
}

func TestErrors(t *testing.T) {
	c := newCommand(t)
	r := c.run("errors", "--format", "jsonl", "channel:"+gatewayChannel)
	wantCode(t, r, 0)
	want, _ := linux(t, "errors", "--format", "jsonl", testLog("gateway-en.evtx"))
	if r.out != want || len(want) == 0 {
		t.Errorf("%d bytes, want %d", len(r.out), len(want))
	}
	query := "*[System[(Level=1 or Level=2)]]"
	if got := r.exports(); !slices.Equal(got, []string{export(gatewayChannel, query, "channel-1.evtx")}) {
		t.Errorf("calls %q", got)
	}
}

func TestReportIDFile(t *testing.T) {
	r := newCommand(t).run("report-id", "--format", "json", "channel:"+gatewayChannel)
	wantCode(t, r, 0)
	want, _ := linux(t, "report-id", "--format", "json", testLog("gateway-en.evtx"))
	if r.out != liveName(want) {
		t.Errorf("%s\nwant\n%s", r.out, want)
	}
}

// The bundle of a live channel is well formed, here and there.
func TestArchive(t *testing.T) {
	c := newCommand(t)
	r := c.run("archive", "--since", "2017-05-01", "-o", "bundle.zip")
	wantCode(t, r, 0)
	query := "*[System[TimeCreated[@SystemTime>='2017-05-01T00:00:00.000Z']]]"
	if got := r.exports(); !slices.Equal(got, []string{export(gatewayChannel, query, "channel-1.evtx"),
		export(connectorsChannel, query, "channel-2.evtx"), export("Application", inApplication("2017-05-01T00:00:00.000Z"), "channel-3.evtx")}) {
		t.Errorf("calls %q", got)
	}
	wantCode(t, c.run("verify", "bundle.zip"), 0)
	if out, code := linux(t, "verify", filepath.Join(c.dir, "bundle.zip")); code != 0 {
		t.Errorf("verify on Linux: exit code %d, %s", code, out)
	}
}

// What Windows left out of an export is not missing, and the channel reaches
// back as far as its oldest event.
func TestCoverage(t *testing.T) {
	slice := filepath.Join(t.TempDir(), "slice.evtx")
	if out, code := linux(t, "events", "--since", "2017-05-03", "--format", "evtx", "-o", slice, testLog("gateway-en.evtx")); code != 0 {
		t.Fatal(out)
	}
	c := newCommand(t)
	c.channels = map[string]string{gatewayChannel: testLog("gateway-en.evtx") + "|" + slice + "|8813"}
	r := c.run("diagnose", "--since", "2017-05-03", "--format", "json")
	wantCode(t, r, 0)
	want, _ := linux(t, "diagnose", "--since", "2017-05-03", "--format", "json", testLog("gateway-en.evtx"))
	want = liveName(want)
	if sourcesOf(t, r.out) != sourcesOf(t, want) {
		t.Errorf("sources\n%s\nwant\n%s", sourcesOf(t, r.out), sourcesOf(t, want))
	}
	if r.err != "" {
		t.Errorf("said %q", r.err)
	}
}

func sourcesOf(t *testing.T, text string) string {
	t.Helper()
	var doc struct{ Sources []json.RawMessage }
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(doc.Sources)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A log that does not reach back as far as was asked for says so, and why.
func TestUncovered(t *testing.T) {
	slice := filepath.Join(t.TempDir(), "slice.evtx")
	if out, code := linux(t, "events", "--since", "2017-05-03", "--format", "evtx", "-o", slice, testLog("gateway-en.evtx")); code != 0 {
		t.Fatal(out)
	}
	c := newCommand(t)
	c.channels = map[string]string{gatewayChannel: slice + "|" + slice + "|9000"}
	r := c.run("errors", "--since", "2017-05-01")
	wantCode(t, r, 0)
	if !strings.Contains(r.err, "gwlogs: channel:Integration Runtime: begins at 2017-05-03 00:0") ||
		!strings.Contains(r.err, "it holds 1.0 MiB at most, and old events are overwritten\n"+
			`hint: let it grow, as administrator: wevtutil set-log "Integration Runtime" /maxsize:20971520`) {
		t.Errorf("said %s", r.err)
	}
	c.env = []string{"WEVT_CONFIG=retention=1;backup=1"}
	if r = c.run("errors", "--since", "2017-05-01"); !strings.Contains(r.err,
		`older events are in files beside C:\windows\System32\Winevt\Logs\Integration Runtime.evtx`) {
		t.Errorf("said %s", r.err)
	}
	c.env = []string{"WEVT_CONFIG=retention=1;full=1"}
	if r = c.run("errors", "--since", "2017-05-01"); !strings.Contains(r.err,
		"the log is full, and Windows drops new events until it is cleared\n") {
		t.Errorf("said %s", r.err)
	}
}

// Where no channel is a gateway's, what Application tells of one is read all the same.
func TestNoGateway(t *testing.T) {
	c := newCommand(t)
	c.channels = map[string]string{"Application": testLog("short.evtx")}
	r := c.run("diagnose")
	wantCode(t, r, 3)
	wantLines(t, r.out, "This log is no gateway's: it is Application.")
	if got := r.exports(); !slices.Equal(got, []string{export("Application", inApplication(""), "channel-1.evtx")}) {
		t.Errorf("calls %q", got)
	}
	wantLines(t, r.err, "gwlogs: live channels: none of a gateway on this computer: looked for Data Management Gateway, "+
		"Integration Runtime, Connectors - Integration Runtime",
		"hint: run gwlogs on the gateway's own computer, or give a log: gwlogs diagnose FILE.evtx; gwlogs channels --all shows what is here")
	r = c.run("channels")
	wantCode(t, r, 0)
	wantLines(t, r.err, "gwlogs: no channel of a gateway on this computer")
}

// An empty channel is no error.
func TestEmptyChannel(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.evtx")
	if out, code := linux(t, "events", "--id", "65535", "--format", "evtx", "-o", empty, testLog("gateway-en.evtx")); code != 0 {
		t.Fatal(out)
	}
	c := newCommand(t)
	c.channels = map[string]string{gatewayChannel: empty}
	wantCode(t, c.run("errors"), 0)
	wantCode(t, c.run("channels"), 0)
	wantCode(t, c.run("events", "--merge", "--since", "7d"), 0)
}

// A reader that has seen enough, such as head, is no error.
func TestClosedPipe(t *testing.T) {
	c := newCommand(t)
	cmd, _, errs := c.start(context.Background(), "events", "--format", "xml", "channel:"+gatewayChannel)
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	out.Close()
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 || errs.Len() > 0 {
		t.Errorf("exit code %d, said %s", code, errs)
	}
	if left := leftovers(t); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// The program runs from any folder.
func TestOddFolder(t *testing.T) {
	c := newCommand(t)
	folder := filepath.Join(c.dir, "Données de la passerelle – 網關")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(c.exe)
	if err != nil {
		t.Fatal(err)
	}
	c.exe = filepath.Join(folder, "gwlogs ü.exe")
	if err := os.WriteFile(c.exe, data, 0o700); err != nil {
		t.Fatal(err)
	}
	r := c.run("archive", "--since", "2017-05-01", "-o", `Données de la passerelle – 網關\Bündel 1.zip`)
	wantCode(t, r, 0)
	wantCode(t, c.run("verify", `Données de la passerelle – 網關\Bündel 1.zip`), 0)
}
