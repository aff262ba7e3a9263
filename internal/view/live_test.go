//go:build !js

package view

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/matcher"
)

// firstEvents is a log of the first n events of a sample.
func firstEvents(t *testing.T, sample string, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := evtx.NewWriter(&b)
	r, err := evtx.Open(sample)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for rec, err := range r.Records() {
		if n--; n < 0 {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WriteRecord(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// until waits for something that another goroutine does.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for begun := time.Now(); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("never:", what)
		}
	}
}

// New events of a file wait until the page takes them; the list stays as it is, and then has them, with the findings.
func TestLive(t *testing.T) {
	t.Parallel()
	sample := testdata("gateway-en.evtx")
	name := filepath.Join(t.TempDir(), "growing.evtx")
	write := func(n int) {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666) // in its place: a log is never cut off while it grows
		if err == nil {
			_, err = f.Write(firstEvents(t, sample, n))
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write(900)
	e := New(Options{Mode: "server", Catalogue: matcher.BuiltinCatalogue})
	defer e.Close()
	set := eventlog.Find([]string{name}, eventlog.Options{})
	follower := set.FollowSome(t.Context(), nil)
	if follower == nil {
		t.Fatal("a file cannot grow")
	}
	e.Open(set)
	e.Follow(follower)
	status := func() *statusResult { return call[statusResult](t, e, "status", `{}`) }
	until(t, "the first findings", func() bool { return status().FindingsReady })
	if !call[helloResult](t, e, "hello", `{}`).Live || status().Events != 900 {
		t.Fatalf("%+v", status())
	}
	for _, n := range []int{1000, 2700} {
		before := status().Events
		write(n)
		until(t, "new events", func() bool { return status().NewEvents == n-before })
		if got := call[rowsResult](t, e, "rows", `{"count":1}`); got.Total != before {
			t.Errorf("the list has %d events before anybody took the new ones", got.Total)
		}
		if got := call[statusResult](t, e, "accept", `{}`); got.Events != n || got.NewEvents != 0 || len(got.Sources) != 1 || got.Sources[0].Events != n {
			t.Errorf("%d events: %+v", n, got)
		}
		rows := call[rowsResult](t, e, "rows", `{"count":500}`)
		for _, r := range rows.Rows {
			if r.Gone {
				t.Fatalf("%+v", r)
			}
		}
		whole := openEngine(t, Options{}, name)
		for _, filter := range []string{`{}`, `{"conditions":[{"field":"text","values":["proxy"]}]}`, `{"conditions":[{"field":"level","values":[2]}]}`} {
			params := `{"count":500,"order":"oldest","filter":` + filter + `}`
			got, want := call[rowsResult](t, e, "rows", params), call[rowsResult](t, whole, "rows", params)
			if got.Matched != want.Matched || got.Matched == 0 {
				t.Errorf("%d events, %s: %d, of the whole file %d", n, filter, got.Matched, want.Matched)
			}
		}
		want := call[findingsResult](t, whole, "findings", `{}`)
		until(t, "findings of all events", func() bool {
			got := call[findingsResult](t, e, "findings", `{}`)
			return len(each(got.Page["findings"])) == len(each(want.Page["findings"]))
		})
	}
}

// channel is a live channel of our own that grows.
type channel struct {
	mu   sync.Mutex
	data []byte
}

func (c *channel) Names() ([]string, error) { return []string{"A"}, nil }

func (c *channel) Look(name string) (*eventlog.Channel, error) {
	return &eventlog.Channel{Name: name}, nil
}

func (c *channel) Export(_, _, file string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return os.WriteFile(file, c.data, 0o600)
}

func (c *channel) have(data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.data = data
}

// The same of a live channel, whose export is gone by the time that its events are looked at again.
func TestLiveChannel(t *testing.T) {
	t.Parallel()
	c := &channel{data: firstEvents(t, testdata("gateway-en.evtx"), 100)}
	e := New(Options{Mode: "server", Catalogue: matcher.BuiltinCatalogue})
	defer e.Close()
	set := eventlog.Find([]string{"channel:A"}, eventlog.Options{Channels: c})
	window := &eventlog.Window{Now: time.Now}
	if err := set.Prepare(t.Context(), window, new(evtx.Selection), func(err *eventlog.Error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	follower := set.FollowSome(t.Context(), new(evtx.Selection))
	if follower == nil {
		t.Fatal("a channel cannot be followed")
	}
	e.Open(set)
	e.Follow(follower)
	status := func() *statusResult { return call[statusResult](t, e, "status", `{}`) }
	until(t, "the first events", func() bool { return status().Events == 100 && status().FindingsReady })
	for _, n := range []int{150, 400} {
		before := status().Events
		c.have(firstEvents(t, testdata("gateway-en.evtx"), n))
		until(t, "new events", func() bool { return status().NewEvents == n-before })
		if got := call[statusResult](t, e, "accept", `{}`); got.Events != n || len(got.Sources) != 1 {
			t.Errorf("%+v", got)
		}
	}
	c.have(nil)
	for _, r := range call[rowsResult](t, e, "rows", `{"count":400,"filter":{"conditions":[{"field":"text","values":["gateway"]}]}}`).Rows {
		if r.Gone {
			t.Errorf("%+v", r)
		}
	}
}
