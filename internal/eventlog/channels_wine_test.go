//go:build windows && wine

package eventlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/gwlogs/gwlogs/evtx"
)

// The stand-in for wevtapi.dll serves four channels; interop/wine/test says which.
const runtimeChannel = "Integration Runtime"

func TestNames(t *testing.T) {
	names, err := SystemChannels().Names()
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 4 || names[1] != runtimeChannel || names[2] != "Größe/Admin" || len(names[3]) <= 128 {
		t.Errorf("names %q", names)
	}
}

func TestNamesFail(t *testing.T) {
	for _, call := range []string{"EvtOpenChannelEnum", "EvtNextChannelPath"} {
		t.Setenv("WEVT_FAIL", call+"=1722")
		_, err := SystemChannels().Names()
		wantFault(t, err, call, codeNoServer)
	}
}

func wantFault(t *testing.T, err error, call string, code uint32) {
	t.Helper()
	if f := fault(err); f == nil || f.Call != call || f.Code != code {
		t.Errorf("error %#v, want %d of %s", err, code, call)
	}
}

func TestLook(t *testing.T) {
	r, err := evtx.Open(filepath.Join("..", "..", "testdata", "gateway-en.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var want evtx.Stats
	for rec, err := range r.Records() {
		if err == nil {
			at := rec.TimeCreated()
			want.Add(evtx.Stats{Records: 1, First: at, Last: at, LowestID: rec.EventRecordID(), HighestID: rec.EventRecordID()})
		}
	}
	for config, retention := range map[string]Retention{
		"": OverwriteOld, "backup=1": OverwriteOld, "retention=1": KeepOld, "retention=1;backup=1": ArchiveFull,
	} {
		t.Setenv("WEVT_CONFIG", config+";enabled=0;max=5000000000;full=1")
		c, err := SystemChannels().Look("integration runtime")
		if err != nil {
			t.Fatal(err)
		}
		file := os.Getenv("SystemRoot") + `\System32\Winevt\Logs\Integration Runtime.evtx`
		if !c.Configured || c.Enabled || c.MaxBytes != 5e9 || c.Retention != retention || !strings.EqualFold(c.File, file) {
			t.Errorf("%s: settings %+v", config, c)
		}
		if !c.Counted || c.Records != uint64(want.Records) || c.OldestID != want.LowestID || !c.Full || c.Bytes != uint64(r.Size()) {
			t.Errorf("counts %+v", c)
		}
		if !c.Oldest.Equal(want.First) || !c.Newest.Equal(want.Last) {
			t.Errorf("from %v to %v, want %v to %v", c.Oldest, c.Newest, want.First, want.Last)
		}
	}
}

// Each of the calls may fail; what the others say is kept.
func TestLookFails(t *testing.T) {
	tests := []struct {
		call       string
		configured bool
	}{
		{"EvtOpenChannelConfig", false},
		{"EvtGetChannelConfigProperty", false},
		{"EvtGetChannelConfigProperty@9", false},
		{"EvtOpenLog", true},
		{"EvtGetLogInfo", true},
		{"EvtGetLogInfo@7", true},
		{"EvtQuery", true},
		{"EvtNext", true},
		{"EvtRender", true},
	}
	for _, tt := range tests {
		t.Setenv("WEVT_FAIL", tt.call+":"+runtimeChannel+"=5")
		if name, property, ok := strings.Cut(tt.call, "@"); ok {
			t.Setenv("WEVT_FAIL", name+"@"+property+"=5")
		}
		c, err := SystemChannels().Look(runtimeChannel)
		call, _, _ := strings.Cut(tt.call, "@")
		wantFault(t, err, call, codeAccessDenied)
		if c.Configured != tt.configured || c.Counted == tt.configured {
			t.Errorf("%s: %+v", tt.call, c)
		}
	}
	t.Setenv("WEVT_FAIL", "")
	_, err := SystemChannels().Look("nothing")
	wantFault(t, err, "EvtOpenChannelConfig", codeNoChannel)
}

func TestExport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ü.evtx")
	if err := SystemChannels().Export("Größe/Admin", "*", file); err != nil {
		t.Fatal(err)
	}
	wantFault(t, SystemChannels().Export("Größe/Admin", "*", file), "EvtExportLog", codeFileExists)
	wantFault(t, SystemChannels().Export("Größe/Admin", "*", "relative.evtx"), "EvtExportLog", codeParameter)
	for i := range 3 {
		args := []string{runtimeChannel, "*", file}
		args[i] += "\x00"
		wantFault(t, SystemChannels().Export(args[0], args[1], args[2]), "EvtExportLog", codeParameter)
	}
}

// A Set reads a channel as it reads the file that the channel is.
func TestSetReadsChannel(t *testing.T) {
	s := Find([]string{"channel:" + runtimeChannel, "channel:none"}, Options{Channels: SystemChannels()})
	defer s.Close()
	var failed []string
	err := s.Export(context.Background(), new(evtx.Selection), func(e *Error) { failed = append(failed, e.Error()) })
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(failed, []string{"channel:none: there is no such channel on this computer (Windows error 15007)"}) {
		t.Errorf("failed %q", failed)
	}
	if len(s.Logs) != 1 {
		t.Fatalf("%d logs", len(s.Logs))
	}
	for range 2 { // an export can be read again
		r, closeLog, err := s.Logs[0].start(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range r.Records() {
			if err == nil {
				n++
			}
		}
		if uint64(n) != s.Logs[0].Live().Records {
			t.Errorf("%d records, want %d", n, s.Logs[0].Live().Records)
		}
		if err := closeLog(); err != nil {
			t.Error(err)
		}
	}
}

// Functions that are not there are an error, and no panic.
func TestNoDLL(t *testing.T) {
	c := systemChannels{newWevtapi("gwlogs-no-such.dll")}
	_, err := c.Names()
	wantFault(t, err, "EvtOpenChannelEnum", codeNoProcedure)
	_, err = c.Look(runtimeChannel)
	wantFault(t, err, "EvtOpenChannelConfig", codeNoProcedure)
	wantFault(t, c.Export(runtimeChannel, "*", `C:\x.evtx`), "EvtExportLog", codeNoProcedure)
	_, err = c.api.nextName(0)
	wantFault(t, err, "EvtNextChannelPath", codeNoProcedure)
	_, err = c.api.logInfo(0, 0)
	wantFault(t, err, "EvtGetLogInfo", codeNoProcedure)
	_, err = c.edge(runtimeChannel, evtQueryForward)
	wantFault(t, err, "EvtQuery", codeNoProcedure)
	_, err = c.api.nextEvent(0)
	wantFault(t, err, "EvtNext", codeNoProcedure)
	_, err = c.api.xml(0)
	wantFault(t, err, "EvtRender", codeNoProcedure)
}

func TestZeroInName(t *testing.T) {
	c := systemChannels{newWevtapi("wevtapi.dll")}
	_, err := c.Look("a\x00b")
	wantFault(t, err, "EvtOpenChannelConfig", codeParameter)
	_, err = c.edge("a\x00b", evtQueryForward)
	wantFault(t, err, "EvtQuery", codeParameter)
}

func TestVariant(t *testing.T) {
	tests := []struct {
		kind, number uint64
		want         uint64
	}{
		{evtTypeUInt64, 5e9, 5e9},
		{evtTypeUInt32, 0xdead_0000_0007, 7},
		{evtTypeBoolean, 0xdead_0000_0001, 1},
		{0, 7, 0},
	}
	for _, tt := range tests {
		v := variant{[]uint64{tt.number, tt.kind << 32}}
		if got := v.number(); got != tt.want || v.text() != "" {
			t.Errorf("kind %d: %d, %q", tt.kind, got, v.text())
		}
	}
}

func TestTimeCreated(t *testing.T) {
	for text, want := range map[string]string{
		"<Event xmlns='u'><System><TimeCreated SystemTime='2017-05-04T18:00:00.1234567Z'/></System></Event>": "2017-05-04 18:00:00.1234567 +0000 UTC",
		"<Event><System><TimeCreated SystemTime='soon'/></System></Event>":                                   "0001-01-01 00:00:00 +0000 UTC",
		"<Event>": "0001-01-01 00:00:00 +0000 UTC",
	} {
		if got := timeCreated(text); fmt.Sprint(got) != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestFailureOfSuccess(t *testing.T) {
	// What GetLastError says after success means nothing.
	if err := failure(newWevtapi("wevtapi.dll").query, 1, windows.Errno(5)); err != nil {
		t.Error(err)
	}
	if err := failure(newWevtapi("wevtapi.dll").query, 0, errors.New("no number")); fault(err) == nil {
		t.Error(err)
	}
}
