package cli

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// fakeChannels serve logs of testdata as live channels, on any system.
type fakeChannels struct {
	logs  map[string]string
	info  map[string]eventlog.Channel
	fault map[string]uint32 // of Export and Look
	calls []string
}

func (c *fakeChannels) Names() ([]string, error) {
	var names []string
	for name := range c.logs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

func (c *fakeChannels) Look(name string) (*eventlog.Channel, error) {
	info := c.info[name]
	info.Name = name
	if code := c.fault[name]; code != 0 {
		return &info, &eventlog.Fault{Call: "EvtOpenLog", Code: code}
	}
	return &info, nil
}

func (c *fakeChannels) Export(name, query, file string) error {
	c.calls = append(c.calls, name+" "+query)
	if code := c.fault[name]; code != 0 {
		return &eventlog.Fault{Call: "EvtExportLog", Code: code}
	}
	data, err := os.ReadFile(testLog(c.logs[name]))
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// runLive runs a command line on a Windows of our own, where it is 6 May 2017.
func runLive(t *testing.T, c *fakeChannels, args ...string) result {
	t.Helper()
	return runWith(t, func(ios *IOStreams) { ios.Channels = c }, args...)
}

func gatewayFake() *fakeChannels {
	first, last := time.Date(2017, 4, 20, 18, 0, 1, 0, time.UTC), time.Date(2017, 5, 4, 18, 0, 0, 0, time.UTC)
	return &fakeChannels{
		logs: map[string]string{"Integration Runtime": "gateway-en.evtx", "System": "short.evtx"},
		info: map[string]eventlog.Channel{"Integration Runtime": {
			Counted: true, Records: 2709, OldestID: 8813, Oldest: first, Newest: last,
			Configured: true, Enabled: true, MaxBytes: 1 << 20, Retention: eventlog.OverwriteOld,
		}},
	}
}

// Without a source, the channels of the gateway are read; 7d counts back from now.
func TestLiveDefault(t *testing.T) {
	c := gatewayFake()
	r := runLive(t, c, "errors", "--since", "3d", "--format", "jsonl")
	want := runWith(t, nil, "errors", "--since", "2017-05-03", "--format", "jsonl", testLog("gateway-en.evtx"))
	if r.code != 0 || r.out != want.out || want.out == "" {
		t.Errorf("exit code %d, %s%s", r.code, r.out, r.err)
	}
	query := "Integration Runtime *[System[TimeCreated[@SystemTime>='2017-05-03T00:00:00.000Z'] and (Level=1 or Level=2)]]"
	if !slices.Equal(c.calls, []string{query}) {
		t.Errorf("calls %q", c.calls)
	}
}

// diagnose also reads what System and Application tell of the gateway, and nothing else of them.
func TestLiveNeighbours(t *testing.T) {
	c := gatewayFake()
	c.logs["Application"] = "short.evtx"
	c.logs["Connectors \u2013  integration runtime"] = "problems-en.evtx" // as some versions write it
	r := runLive(t, c, "diagnose", "--since", "2017-05-03", "--format", "json")
	if r.code != 0 {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
	since := "TimeCreated[@SystemTime>='2017-05-03T00:00:00.000Z']"
	want := []string{
		"Integration Runtime *[System[" + since + "]]",
		"Connectors \u2013  integration runtime *[System[" + since + "]]",
		"System *[System[" + since + " and ((Provider[@Name='Service Control Manager'] and ((EventID>=7000 and EventID<=7001) or " +
			"(EventID>=7009 and EventID<=7011) or (EventID>=7022 and EventID<=7024) or (EventID>=7031 and EventID<=7034) or " +
			"(EventID>=7038 and EventID<=7041))) or (Provider[@Name='Schannel' or @Name='Microsoft-Windows-Schannel-Events'] and " +
			"((EventID>=36870 and EventID<=36888))))]]",
		"Application *[System[" + since + " and Provider[@Name='MsiInstaller' or @Name='.NET Runtime' or @Name='Application Error' or " +
			"@Name='Application Hang' or @Name='Windows Error Reporting' or @Name='Data Management Gateway' or @Name='Integration Runtime' or " +
			"@Name='Connectors - Integration Runtime']]]",
	}
	if !slices.Equal(c.calls, want) {
		t.Errorf("calls\n%s", strings.Join(c.calls, "\n"))
	}
	// The reader looks again: the stand-in exports whole logs, and of these no event is wanted.
	var got struct {
		Sources []struct {
			Name              string
			Records, Selected int
		}
	}
	if err := json.Unmarshal([]byte(r.out), &got); err != nil || len(got.Sources) != 4 || got.Sources[2].Name != "channel:System" {
		t.Errorf("%v: %+v", err, got)
	}
	if c.calls = nil; runLive(t, c, "errors", "--since", "2017-05-03").code != 0 || len(c.calls) != 2 {
		t.Errorf("errors reads %q", c.calls)
	}
	// Where there is no gateway's channel, that is said, and the others are read.
	c = &fakeChannels{logs: map[string]string{"System": "short.evtx", "Application": "short.evtx"}}
	if r := runLive(t, c, "diagnose"); r.code != 3 || !strings.Contains(r.err, "none of a gateway on this computer") || len(c.calls) != 2 {
		t.Errorf("exit code %d, %s, calls %q", r.code, r.err, c.calls)
	}
}

// The newest event is known when all have been read: no time is asked of Windows.
func TestLiveRelativeToNewest(t *testing.T) {
	c := gatewayFake()
	r := runLive(t, c, "errors", "--since", "3d", "--relative-to", "newest", "--format", "jsonl", "channel:Integration Runtime")
	want := runWith(t, nil, "errors", "--since", "3d", "--format", "jsonl", testLog("gateway-en.evtx"))
	if r.code != 0 || r.out != want.out {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
	if !slices.Equal(c.calls, []string{"Integration Runtime *[System[(Level=1 or Level=2)]]"}) {
		t.Errorf("calls %q", c.calls)
	}
}

func TestLiveMerged(t *testing.T) {
	c := gatewayFake()
	c.logs["Data Management Gateway"] = "gateway-fr.evtx"
	r := runLive(t, c, "events", "--merge", "--since", "2017-05-04", "--format", "jsonl")
	want := runWith(t, nil, "events", "--merge", "--since", "2017-05-04", "--format", "jsonl", testLog("gateway-fr.evtx"),
		testLog("gateway-en.evtx"))
	if r.code != 0 || r.out != want.out || want.out == "" {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
}

func TestLiveWrongOrder(t *testing.T) {
	r := runLive(t, gatewayFake(), "errors", "--since", "1d", "--until", "2017-05-01")
	if r.code != 2 || !strings.Contains(r.err, "is later than --until 2017-05-01") {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
}

func TestLiveRetention(t *testing.T) {
	tests := []struct {
		change func(*eventlog.Channel)
		want   string
	}{
		{func(c *eventlog.Channel) {}, "begins at 2017-04-20 18:00:01 (UTC): it holds 1.0 MiB at most, and old events are overwritten\n" +
			`hint: let it grow, as administrator: wevtutil set-log "Integration Runtime" /maxsize:20971520`},
		{func(c *eventlog.Channel) { c.Retention, c.File = eventlog.ArchiveFull, "X.evtx" },
			"older events are in files beside X.evtx\nhint: give those too"},
		{func(c *eventlog.Channel) { c.Retention, c.Full = eventlog.KeepOld, true },
			"the log is full, and Windows drops new events until it is cleared\n" +
				`hint: have old events overwritten: wevtutil set-log "Integration Runtime" /retention:false`},
		{func(c *eventlog.Channel) { c.Configured = false }, ""},
		{func(c *eventlog.Channel) { c.OldestID = 1 }, ""},
	}
	for _, tt := range tests {
		c := gatewayFake()
		info := c.info["Integration Runtime"]
		tt.change(&info)
		c.info["Integration Runtime"] = info
		r := runLive(t, c, "errors", "--since", "2017-04-01")
		if r.code != 0 || !strings.Contains(r.err, tt.want) || tt.want == "" && strings.Contains(r.err, "channel:") {
			t.Errorf("exit code %d, said %s, want %s", r.code, r.err, tt.want)
		}
	}
}

// What Windows did not export because nobody asked for it was looked at all the same.
func TestLiveNothingFound(t *testing.T) {
	c := gatewayFake()
	c.logs["Integration Runtime"] = "short.evtx" // what is exported: none of the year
	r := runLive(t, c, "errors", "--since", "2017-05-01", "--until", "2017-05-02")
	if r.code != 0 || !strings.Contains(r.err, "events from 2017-04-20 18:00:01 to ") {
		t.Errorf("exit code %d, said %s", r.code, r.err)
	}
}

func TestLiveDenied(t *testing.T) {
	c := gatewayFake()
	c.fault = map[string]uint32{"Integration Runtime": 5}
	r := runLive(t, c, "errors")
	if r.code != 1 || !strings.HasPrefix(r.err,
		"gwlogs: channel:Integration Runtime: access denied (Windows error 5)\nhint: run gwlogs as administrator") {
		t.Errorf("exit code %d, said %s", r.code, r.err)
	}
	c.logs["Data Management Gateway"] = "gateway-fr.evtx"
	if r = runLive(t, c, "errors"); r.code != 3 || r.out == "" {
		t.Errorf("exit code %d, said %s", r.code, r.err)
	}
}

func TestChannelsListed(t *testing.T) {
	c := gatewayFake()
	c.fault = map[string]uint32{"System": 5}
	r := runLive(t, c, "channels", "--all")
	if r.code != 0 || !strings.Contains(r.out, "Integration Runtime   2,709  2017-04-20 18:00:01  2017-05-04 18:00:00") ||
		!strings.Contains(r.out, "System                    -  -") {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
	r = runLive(t, c, "channels", "--all", "--format", "json")
	var all []shownChannel
	if err := json.Unmarshal([]byte(r.out), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || !all[0].Gateway || all[0].Error != nil || all[1].Gateway || all[1].Error == nil || all[1].Records != nil {
		t.Errorf("channels %s", r.out)
	}
}

func TestChannelsNone(t *testing.T) {
	r := runLive(t, &fakeChannels{}, "channels", "--format", "json")
	if r.code != 0 || r.out != "[]\n" || !strings.Contains(r.err, "no channel of a gateway on this computer") {
		t.Errorf("exit code %d, %q, %s", r.code, r.out, r.err)
	}
	if r = runLive(t, &fakeChannels{}, "diagnose"); r.code != 1 || !strings.Contains(r.err, "none of a gateway on this computer") {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
}

// report-id also shows the journal, and looks for gwlogs' own events.
func TestLiveReportID(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("XDG_STATE_HOME", folder)
	t.Setenv("LOCALAPPDATA", folder)
	const id = "7d1e1a52-95c9-4c5e-9a53-3c0e7e7a6f01"
	made := runWith(t, nil, "archive", "-q", "--report-id", id, "-o", filepath.Join(folder, "b.zip"), testLog("gateway-en.evtx"))
	if made.code != 0 {
		t.Fatal(made.err)
	}
	c := gatewayFake()
	c.logs["Application"] = "short.evtx"
	r := runLive(t, c, "report-id")
	if r.code != 0 || !strings.Contains(r.out, id) || strings.Count(r.out, "\n") < 3 {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
	want := []string{"Integration Runtime *[System[EventID=25]]", "Application *[System[Provider[@Name='gwlogs'] and EventID=25]]"}
	if !slices.Equal(c.calls, want) {
		t.Errorf("calls %q", c.calls)
	}
	if r = runLive(t, c, "report-id", "--since", "2017-05-07"); strings.Contains(r.out, id) {
		t.Errorf("the journal's times are not looked at: %s", r.out)
	}
	// Without any channel, the journal alone.
	if r = runLive(t, &fakeChannels{}, "report-id"); r.code != 3 || !strings.Contains(r.out, id) {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
}

func TestLogReportIDElsewhere(t *testing.T) {
	var wrongUse *usageError
	if err := checkLogEvent(); err != nil && !errors.As(err, &wrongUse) {
		t.Error(err)
	}
}
