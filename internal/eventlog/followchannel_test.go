package eventlog

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// growingChannel is a live channel that events come to.
type growingChannel struct {
	t     *testing.T
	deaf  bool // there are no subscriptions
	mu    sync.Mutex
	from  int
	to    int
	fault uint32
	calls []string
	woken func()
}

func (c *growingChannel) Names() ([]string, error) { return []string{"A"}, nil }

func (c *growingChannel) Look(name string) (*Channel, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := firstOf(c.t, part(c.t, c.from, c.to))
	return &Channel{Name: name, Counted: true, Records: uint64(c.to - c.from), OldestID: first}, nil
}

func (c *growingChannel) Export(_, query, file string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, query)
	if c.fault != 0 {
		return &Fault{"EvtExportLog", c.fault}
	}
	return os.WriteFile(file, part(c.t, c.from, c.to), 0o600)
}

func (c *growingChannel) Subscribe(_ string, woken func()) (func(), error) {
	if c.deaf {
		return nil, &Fault{"EvtSubscribe", codeDirect}
	}
	c.woken = woken
	return func() {}, nil
}

// have sets what is in the channel, and wakes who waits for it.
func (c *growingChannel) have(from, to int, fault uint32) {
	c.mu.Lock()
	c.from, c.to, c.fault = from, to, fault
	c.mu.Unlock()
	if c.woken != nil {
		c.woken()
	}
}

func firstOf(t *testing.T, log []byte) uint64 {
	name := filepath.Join(t.TempDir(), "x.evtx")
	grow(t, name, log)
	r, err := evtx.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for rec, err := range r.Records() {
		if err == nil {
			return rec.EventRecordID()
		}
	}
	return 0
}

// Each event of a channel comes once, as soon as Windows says that there is one; what comes is asked for by its number.
func TestFollowChannel(t *testing.T) {
	ownTemp(t)
	c := &growingChannel{t: t, to: 20}
	f, got := follow(t, Options{Channels: c}, "channel:A")
	if want := numbers(t, 0, 20); !slices.Equal(got, want) {
		t.Fatalf("at first %q, want %q", got, want)
	}
	for n := 25; n <= 35; n += 5 {
		c.have(0, n, 0)
		if got, want := f.next(5), numbers(t, n-5, n); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if last := c.calls[len(c.calls)-1]; last != "*[System[EventRecordID>"+numbers(t, 29, 30)[0]+"]]" {
		t.Errorf("asked for %q", c.calls)
	}
	c.have(0, 35, codeNoServer) // the service restarts
	ask := f.logs[0].(*followedChannel)
	for range 2 {
		ask.woken.Store(true)
		if l, err := ask.news(t.Context(), f.notice); l != nil || err != nil {
			t.Errorf("%v, %v", l, err)
		}
	}
	c.have(3, 8, 0) // cleared
	if got, want := f.next(5), numbers(t, 3, 8); !slices.Equal(got, want) {
		t.Errorf("cleared: %q, want %q", got, want)
	}
	if len(f.said) != 2 || !strings.HasPrefix(f.said[0], "the Windows Event Log service does not answer") ||
		f.said[1] != "was cleared: its new events follow" {
		t.Errorf("said %q", f.said)
	}
	f.Close()
	if err := f.set.Close(); err != nil {
		t.Error(err)
	}
}

// A channel that takes no subscription is looked at now and then.
func TestFollowChannelDeaf(t *testing.T) {
	ownTemp(t)
	c := &growingChannel{t: t, to: 20, deaf: true}
	f, _ := follow(t, Options{Channels: c}, "channel:A")
	channel := f.logs[0].(*followedChannel)
	if channel.often != lookAtOthers {
		t.Errorf("looked at every %v", channel.often)
	}
	channel.often = 0
	c.have(0, 25, 0)
	if got, want := f.next(5), numbers(t, 20, 25); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	f.Close()
	if err := f.set.Close(); err != nil {
		t.Error(err)
	}
}

// The numbers of forwarded events say nothing.
func TestFollowForwarded(t *testing.T) {
	c := &growingChannel{t: t, to: 5}
	s := find(t, Options{Channels: c}, "channel:forwardedevents")
	if _, err := s.Follow(t.Context(), &evtx.Selection{}); err == nil || !strings.Contains(err.Error(), "cannot be followed") {
		t.Errorf("error %v", err)
	}
}
