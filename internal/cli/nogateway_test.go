package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// logWith writes a log with an event for each text.
func logWith(t *testing.T, name, channel, computer string, level evtx.Level, texts ...string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := evtx.NewWriter(f)
	for i, text := range texts {
		err := w.WriteEvent(&evtx.Event{
			Provider: "test", Channel: channel, Computer: computer, EventID: 7, Level: level, Keywords: 0x80000000000000,
			TimeCreated: time.Date(2017, 5, 4, 12, i, 0, 0, time.UTC), Strings: []string{text},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// When none of the logs is a gateway's, that comes first, with what they are, and no exit code is made of them.
func TestNoGateway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	logWith(t, in("security.evtx"), "Security", "DC1", evtx.LevelInformation, "An account was logged on.", "An account was logged off.")
	logWith(t, in("system.evtx"), "System", "DC1", evtx.LevelError, "The disk has a bad block.")
	logWith(t, in("dash.evtx"), "Connectors\u2014Integration Runtime", "GW2", evtx.LevelError, "An odd thing happened here.")
	for _, tt := range []struct {
		args        []string
		code        int
		first, note string
	}{
		{[]string{"security.evtx"}, exitDone, "This log is no gateway's: it is Security.", "none of the logs is a gateway's"},
		{[]string{"system.evtx", "security.evtx"}, exitDone, "None of these logs is a gateway's: they are System, Security.",
			"none of the logs is a gateway's"},
		{[]string{"--lang", "fr", "system.evtx"}, exitDone, "Ce journal n’est pas celui d’une passerelle\u00a0: c’est System.",
			"none of the logs"},
		{[]string{"system.evtx", "dash.evtx"}, exitUnexplained,
			"How the gateway is, as far as its log tells (it ends on 2017-05-04 12:00:00)", ""},
	} {
		args := []string{"diagnose", "--exit-code"}
		for _, arg := range tt.args {
			if strings.HasSuffix(arg, ".evtx") {
				arg = in(arg)
			}
			args = append(args, arg)
		}
		got := runWith(t, nil, args...)
		first, _, _ := strings.Cut(got.out, "\n")
		if got.code != tt.code || first != tt.first || !strings.Contains(got.err, tt.note) || tt.note == "" && got.err != "" {
			t.Errorf("%v: exit code %d, %q, %q", tt.args, got.code, first, got.err)
		}
	}
	got := runWith(t, nil, "diagnose", "--format", "json", in("security.evtx"))
	if !strings.Contains(got.out, `"gateway_logs": 0,`) || !strings.Contains(got.out, `"status": [],`) ||
		!strings.Contains(got.out, `"channel": "Security"`) {
		t.Error(got.out)
	}
	got = runWith(t, nil, "diagnose", "--report", in("r.html"), in("security.evtx"))
	if page, err := os.ReadFile(in("r.html")); err != nil || !strings.Contains(string(page), "no gateway&#39;s: it is Security") {
		t.Errorf("the page does not say so: %v %s", err, got.err)
	}
}
