//go:build wine

package wine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

const reportID = "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4"

func TestEventSource(t *testing.T) {
	c := newCommand(t)
	c.run("eventsource", "remove")
	const source = "event source gwlogs of the log Application: "
	for _, step := range []struct{ verb, says string }{
		{"status", "not installed"},
		{"remove", "was not installed"},
		{"install", "installed"},
		{"install", "installed already"},
		{"status", "installed"},
		{"remove", "removed"},
		{"status", "not installed"},
	} {
		r := c.run("eventsource", step.verb)
		wantCode(t, r, 0)
		if r.out != source+step.says+"\n" || r.err != "" {
			t.Errorf("%s: %q, %q", step.verb, r.out, r.err)
		}
	}
	wantCode(t, c.run("eventsource"), 2)
	wantCode(t, c.run("eventsource", "destroy"), 2)
}

// Without the event source nothing is written; the bundle is there all the same.
func TestLogEventWithoutSource(t *testing.T) {
	c := newCommand(t)
	c.debug = "-all,fixme+advapi,trace+eventlog"
	wantCode(t, c.run("eventsource", "remove"), 0)
	r := c.run("archive", "--log-event", "-o", "bundle.zip", "--report-id", reportID, "--since", "2017-05-01")
	wantCode(t, r, 0)
	wantLines(t, r.err, "gwlogs: the report ID is not in the Windows event log: the event source gwlogs is not installed",
		"hint: an administrator installs it once for all: gwlogs eventsource install")
	if strings.Contains(r.err, "ReportEventW") || !strings.HasSuffix(r.out, "\n"+reportID+"\n") {
		t.Errorf("said %s%s", r.err, r.out)
	}
}

// Event 25 is one of information, in the log Application, with the report ID.
func TestLogEvent(t *testing.T) {
	c := newCommand(t)
	wantCode(t, c.run("eventsource", "install"), 0)
	defer c.run("eventsource", "remove")
	c.debug = "-all,fixme+advapi,trace+eventlog"
	r := c.run("archive", "--log-event", "-o", "bundle.zip", "--report-id", reportID, "--since", "2017-05-01")
	wantCode(t, r, 0)
	for _, pattern := range []string{
		`RegisterEventSourceW \(\(null\),L"gwlogs"\)`,
		`ReportEventW \([^,]*CAFE4242,0x0004,0x0000,0x00000019,[^,]*,0x0001,0x00000000,`,
		`ReportEventW L"gwlogs has made a bundle for support\. Report ID: ` + reportID + `"`,
	} {
		if n := len(regexp.MustCompile("(?i)"+pattern).FindAllString(r.err, -1)); n != 1 {
			t.Errorf("%d times %s in\n%s", n, pattern, r.err)
		}
	}
	if !strings.HasSuffix(r.out, "\n"+reportID+"\n") {
		t.Errorf("said %s", r.out)
	}
	// A dry run makes no bundle, and writes no event.
	if r := c.run("archive", "--dry-run", "--log-event", "--since", "2017-05-01"); strings.Contains(r.err, "ReportEventW") {
		t.Errorf("said %s", r.err)
	}
}

// report-id without a source looks at the journal, the gateway's channels, and
// gwlogs' own events in the log Application.
func TestReportIDLive(t *testing.T) {
	application := filepath.Join(t.TempDir(), "application.evtx")
	writeEvent(t, application)
	c := newCommand(t)
	c.channels = map[string]string{"Application": application, gatewayChannel: testLog("gateway-en.evtx")}
	const journal = "7d1e1a52-95c9-4c5e-9a53-3c0e7e7a6f01"
	c.env = []string{"LOCALAPPDATA=" + windowsPath(c.dir)}
	wantCode(t, c.run("archive", "--report-id", journal, "-o", "bundle.zip", "--since", "2017-05-01"), 0)
	r := c.run("report-id", "--format", "json")
	wantCode(t, r, 0)
	want := []string{
		export(gatewayChannel, "*[System[EventID=25]]", "channel-1.evtx"),
		export("Application", "*[System[Provider[@Name='gwlogs'] and EventID=25]]", "channel-2.evtx"),
	}
	if got := r.exports(); !slices.Equal(got, want) {
		t.Errorf("calls %q", got)
	}
	var found []struct {
		ReportID string `json:"report_id"`
		Source   string
		Channel  string
	}
	if err := json.Unmarshal([]byte(r.out), &found); err != nil {
		t.Fatal(err)
	}
	sources := make(map[string]bool)
	for _, f := range found {
		sources[f.ReportID+" "+f.Channel] = true
	}
	if !sources[reportID+" Application"] || !sources[journal+" "] || len(found) < 3 {
		t.Errorf("found %s", r.out)
	}
}

// The journal is shown also where no channel can be read.
func TestReportIDJournalAlone(t *testing.T) {
	c := newCommand(t)
	const journal = "7d1e1a52-95c9-4c5e-9a53-3c0e7e7a6f01"
	c.env = []string{"LOCALAPPDATA=" + windowsPath(c.dir)}
	wantCode(t, c.run("archive", "--report-id", journal, "-o", "bundle.zip", "--since", "2017-05-01"), 0)
	c.env = append(c.env, "WEVT_FAIL=EvtOpenChannelEnum=1722")
	r := c.run("report-id")
	wantCode(t, r, 3)
	if !strings.Contains(r.out, journal) || !strings.Contains(r.err, "(Windows error 1722)") {
		t.Errorf("said %s%s", r.out, r.err)
	}
}

// writeEvent writes a log Application with event 25 of gwlogs.
func writeEvent(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := evtx.NewWriter(f)
	if err := w.WriteEvent(&evtx.Event{
		Provider: "gwlogs", EventID: 25, Level: 4, TimeCreated: time.Date(2017, 5, 4, 18, 0, 0, 0, time.UTC),
		EventRecordID: 77, Channel: "Application", Computer: "GATEWAY01",
		Strings: []string{"gwlogs has made a bundle for support. Report ID: " + reportID},
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
