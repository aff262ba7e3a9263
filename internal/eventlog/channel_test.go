package eventlog

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// fakeChannels serve the sample as every channel that they have.
type fakeChannels struct {
	names    []string
	namesErr error
	info     Channel
	faults   []uint32 // of one Export after the other; 0 for none
	block    chan struct{}
	calls    []string
	modes    []fs.FileMode // of the folders that were exported to
}

func (c *fakeChannels) Names() ([]string, error) { return c.names, c.namesErr }

func (c *fakeChannels) Look(name string) (*Channel, error) {
	info := c.info
	info.Name = name
	return &info, nil
}

func (c *fakeChannels) Export(name, query, file string) error {
	c.calls = append(c.calls, name+" "+query+" "+filepath.Base(file))
	if info, err := os.Stat(filepath.Dir(file)); err == nil {
		c.modes = append(c.modes, info.Mode().Perm())
	}
	if c.block != nil {
		<-c.block
	}
	var code uint32
	if len(c.faults) > 0 {
		code, c.faults = c.faults[0], c.faults[1:]
	}
	data, err := os.ReadFile(sample)
	if err == nil {
		err = os.WriteFile(file, data, 0o600) // also when it fails: half a file
	}
	if code != 0 {
		return &Fault{"EvtExportLog", code}
	}
	return err
}

// ownTemp makes an empty folder that temporary files go to; nothing may be left in it.
func ownTemp(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	t.Cleanup(func() {
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("left %v, %v", left, err)
		}
	})
	return folder
}

func export(t *testing.T, s *Set, want evtx.Selection) (failed []string) {
	t.Helper()
	err := s.Export(context.Background(), &want, func(e *Error) { failed = append(failed, e.Error()) })
	if err != nil {
		t.Fatal(err)
	}
	return failed
}

func TestChannelSource(t *testing.T) {
	ownTemp(t)
	c := &fakeChannels{}
	s := find(t, Options{Channels: c}, "channel:First", sample, "Channel:Größe/Admin", "channel: ")
	if !s.Live() || len(s.Failed) != 1 || s.Failed[0].Error() != "channel: : names no channel" {
		t.Errorf("live %v, failed %v", s.Live(), s.Failed)
	}
	if _, _, err := s.Logs[0].start(context.Background()); err == nil {
		t.Error("opened before it was exported")
	}
	if failed := export(t, s, evtx.Selection{IDs: []evtx.IDRange{{From: 25, To: 25}}}); len(failed) > 0 {
		t.Errorf("failed %q", failed)
	}
	want := []string{"First *[System[EventID=25]] channel-1.evtx", "Größe/Admin *[System[EventID=25]] channel-2.evtx"}
	if !slices.Equal(c.calls, want) {
		t.Errorf("calls %q", c.calls)
	}
	if got := names(s); !slices.Equal(got, []string{"channel:First", sample, "Channel:Größe/Admin"}) {
		t.Errorf("logs %q", got)
	}
	for range 2 {
		for _, l := range s.Logs {
			if n := events(t, l); n != sampleEvents {
				t.Errorf("%s: %d events", l.Name, n)
			}
		}
	}
	if runtime.GOOS != "windows" && c.modes[0] != 0o700 {
		t.Errorf("mode %v of the folder", c.modes[0])
	}
	if s.Logs[0].Live() == nil || s.Logs[1].Live() != nil || s.Logs[0].Size == 0 {
		t.Error("what is live, and what is not")
	}
}

func TestNoChannels(t *testing.T) {
	s := find(t, Options{}, "channel:Integration Runtime")
	if len(s.Failed) != 1 || s.Failed[0].Error() != "channel:Integration Runtime: live channels exist on Windows alone" ||
		s.Failed[0].Hint != `there, save the channel as a file and give that: wevtutil export-log "Integration Runtime" events.evtx` {
		t.Errorf("failed %v", s.Failed)
	}
	if s.Live() {
		t.Error("live")
	}
}

func TestDefaults(t *testing.T) {
	ownTemp(t)
	defaults := []Default{{Name: "Old"}, {Name: "New"}, {Name: "Application", Only: []evtx.Selection{{Providers: []string{"gwlogs"}}}}}
	c := &fakeChannels{names: []string{"APPLICATION", "Other", "new"}}
	s := find(t, Options{Channels: c, Defaults: defaults})
	if got := names(s); !slices.Equal(got, []string{"channel:new", "channel:APPLICATION"}) || !slices.Equal(s.Absent, []string{"Old"}) {
		t.Errorf("logs %q, absent %q", got, s.Absent)
	}
	export(t, s, evtx.Selection{})
	if want := []string{"new * channel-1.evtx",
		"APPLICATION *[System[Provider[@Name='gwlogs']]] channel-2.evtx"}; !slices.Equal(c.calls, want) {
		t.Errorf("calls %q", c.calls)
	}
	c.names = []string{"Other"}
	s = find(t, Options{Channels: c, Defaults: defaults})
	if len(s.Logs) != 0 || len(s.Failed) != 1 ||
		s.Failed[0].Error() != "live channels: none of a gateway on this computer: looked for Old, New, Application" {
		t.Errorf("logs %q, failed %v", names(s), s.Failed)
	}
	c.namesErr = &Fault{"EvtOpenChannelEnum", 1722}
	s = find(t, Options{Channels: c, Defaults: defaults})
	if len(s.Failed) != 1 || s.Failed[0].Error() != "live channels: the Windows Event Log service does not answer (Windows error 1722)" {
		t.Errorf("failed %v", s.Failed)
	}
}

// A channel that fails does not end the others.
func TestExportFails(t *testing.T) {
	ownTemp(t)
	c := &fakeChannels{faults: []uint32{5}}
	s := find(t, Options{Channels: c}, "channel:a", "channel:b")
	if failed := export(t, s, evtx.Selection{}); !slices.Equal(failed, []string{"channel:a: access denied (Windows error 5)"}) {
		t.Errorf("failed %q", failed)
	}
	if len(s.Logs) != 1 || len(s.Failed) != 1 || events(t, s.Logs[0]) != sampleEvents {
		t.Errorf("logs %q", names(s))
	}
}

func TestExportAgain(t *testing.T) {
	tests := []struct {
		name   string
		faults []uint32
		calls  []string
		failed int
	}{
		{"cleared", []uint32{15011, 15011}, []string{"a *[System[Level=2]] channel-1.evtx", "a *[System[Level=2]] channel-2.evtx",
			"a *[System[Level=2]] channel-3.evtx"}, 0},
		{"cleared for ever", []uint32{15011, 15011, 15011}, []string{"a *[System[Level=2]] channel-1.evtx",
			"a *[System[Level=2]] channel-2.evtx", "a *[System[Level=2]] channel-3.evtx"}, 1},
		{"query", []uint32{15001}, []string{"a *[System[Level=2]] channel-1.evtx", "a * channel-2.evtx"}, 0},
		{"any query", []uint32{15001, 15021}, []string{"a *[System[Level=2]] channel-1.evtx", "a * channel-2.evtx"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ownTemp(t)
			c := &fakeChannels{faults: tt.faults}
			s := find(t, Options{Channels: c}, "channel:a")
			failed := export(t, s, evtx.Selection{Levels: []evtx.Level{2}})
			if len(failed) != tt.failed || !slices.Equal(c.calls, tt.calls) {
				t.Errorf("failed %q, calls %q", failed, c.calls)
			}
		})
	}
}

// Ctrl-C ends the waiting, and what was exported by then is gone.
func TestExportInterrupted(t *testing.T) {
	ownTemp(t)
	c := &fakeChannels{block: make(chan struct{})}
	s := find(t, Options{Channels: c}, "channel:a")
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	context.AfterFunc(ctx, func() { time.AfterFunc(40*time.Millisecond, func() { close(c.block) }) })
	err := s.Export(ctx, new(evtx.Selection), func(e *Error) { t.Error(e) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestNoTemp(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	t.Setenv("TMPDIR", missing)
	t.Setenv("TMP", missing)
	s := find(t, Options{Channels: &fakeChannels{}}, "channel:a")
	failed := export(t, s, evtx.Selection{})
	if len(failed) != 1 || !strings.HasPrefix(failed[0], "channel:a: cannot be copied to "+missing+": ") {
		t.Errorf("failed %q", failed)
	}
}

// What a killed process left is removed; what is not ours, or lives, is not.
func TestRemoveStale(t *testing.T) {
	folder := t.TempDir()
	stale := filepath.Join(folder, "gwlogs-live-999999999-ABCDEFGHIJKL")
	write(t, filepath.Join(stale, "channel-1.evtx"), nil)
	lives, err := privateFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	other := write(t, filepath.Join(folder, "gwlogs-live-x", "channel-1.evtx"), nil)
	foreign := write(t, filepath.Join(folder, "gwlogs-live-999999998-ABCDEFGHIJKL", "mine.txt"), nil)
	removeStale(folder)
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", stale, err)
	}
	for _, name := range []string{lives, other, foreign} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	removeStale(filepath.Join(folder, "missing")) // does not panic
}

func day(d int) time.Time { return time.Date(2017, 5, d, 0, 0, 0, 0, time.UTC) }

// What Windows did not export is counted all the same.
func TestWhole(t *testing.T) {
	info := &Channel{Counted: true, Records: 100, OldestID: 1001, Oldest: day(1), Newest: day(10)}
	read := evtx.Stats{Records: 9, Selected: 5, First: day(5), Last: day(10), LowestID: 1081, HighestID: 1100}
	times, others := query{times: []string{"t"}}, query{others: []string{"o"}}
	whole := evtx.Stats{Records: 100, Selected: 5, First: day(1), Last: day(10), LowestID: 1001, HighestID: 1100}
	gaps := whole
	gaps.Records = 89 // 11 are missing among the 20 of the window
	none := whole
	none.Selected = 0
	tests := []struct {
		name string
		live *live
		read evtx.Stats
		want evtx.Stats
	}{
		{"a file", nil, read, read},
		{"everything", &live{info: info}, read, read},
		{"nothing known", &live{info: &Channel{}, query: times}, read, read},
		{"times", &live{info: info, query: times}, read, gaps},
		{"more than times", &live{info: info, query: others}, read, whole},
		{"nothing selected", &live{info: info, query: times}, evtx.Stats{}, none},
	}
	for _, tt := range tests {
		if got := (&Log{live: tt.live}).Whole(tt.read); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
