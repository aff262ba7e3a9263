package eventlog

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// part is the events from one on up to another of the sample, as a log that is written at once. A log of more events begins with
// the same bytes, but for its headers: it is what Windows makes of it.
func part(t *testing.T, from, to int) []byte {
	t.Helper()
	r, err := evtx.Open(other)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	w := evtx.NewWriter(&b)
	n := 0
	for rec, err := range r.Records() {
		if n++; n > to {
			break
		}
		if n <= from {
			continue
		}
		if err := errors.Join(err, w.WriteRecord(rec)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// grow makes a file have other content without making another file of it.
func grow(t *testing.T, name string, data []byte) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Truncate(int64(len(data))), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// following is a Follower and what it said.
type following struct {
	*Follower
	t    *testing.T
	set  *Set
	said []string
}

// follow reads what is there, and follows it from there.
func follow(t *testing.T, o Options, sources ...string) (*following, []string) {
	t.Helper()
	s := find(t, o, sources...)
	want := &evtx.Selection{}
	if err := s.Export(context.Background(), want, func(err *Error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	f, err := s.Follow(context.Background(), want)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	own := &following{f, t, s, nil}
	f.every = time.Millisecond
	f.Notice = func(n Notice) { own.said = append(own.said, strings.TrimPrefix(n.Text, sources[0]+": ")) }
	return own, own.read(s.Logs)
}

func (f *following) read(logs []*Log) []string {
	p := &Pass{Logs: logs, ByTime: true, Damage: func(in *Reading, place *evtx.FormatError) { f.said = append(f.said, place.Error()) }}
	got, _ := gathered(f.t, p)
	for i := range got {
		_, got[i], _ = strings.Cut(got[i], " ")
	}
	return got
}

// next waits for what comes, until there are n events.
func (f *following) next(n int) []string {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var all []string
	for len(all) < n {
		logs, err := f.Next(ctx)
		if err != nil {
			f.t.Fatalf("%v, with %d of %d events", err, len(all), n)
		}
		all = append(all, f.read(logs)...)
	}
	return all
}

// numbers are the records from one on up to another.
func numbers(t *testing.T, from, to int) []string {
	t.Helper()
	got, _ := gathered(t, &Pass{Logs: []*Log{NewLog("x", bytes.NewReader(part(t, from, to)), int64(len(part(t, from, to))))}})
	for i := range got {
		_, got[i], _ = strings.Cut(got[i], " ")
	}
	return got
}

// Each event of a file that grows comes once, in the chunk that is there and in those that are added.
func TestFollowFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.evtx")
	grow(t, name, part(t, 0, 100))
	f, got := follow(t, Options{}, name)
	if want := numbers(t, 0, 100); !slices.Equal(got, want) {
		t.Fatalf("at first %q, want %q", got, want)
	}
	last := 100
	for _, n := range []int{101, 102, 190, 200, 900} {
		grow(t, name, part(t, 0, n))
		if got, want := f.next(n-last), numbers(t, last, n); !slices.Equal(got, want) {
			t.Errorf("up to %d: %q, want %q", n, got, want)
		}
		last = n
	}
	if len(f.said) > 0 {
		t.Errorf("said %q", f.said)
	}
}

// What came between the begin of following and the first pass is not read by both.
func TestFollowGrowsBefore(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.evtx")
	grow(t, name, part(t, 0, 100))
	s := find(t, Options{}, name)
	f, err := s.Follow(context.Background(), &evtx.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	grow(t, name, part(t, 0, 300))
	own := &following{f, t, s, nil}
	if got := own.read(s.Logs); !slices.Equal(got, numbers(t, 0, 100)) {
		t.Errorf("at first %d events", len(got))
	}
	if got := own.next(200); !slices.Equal(got, numbers(t, 100, 300)) {
		t.Errorf("then %d events", len(got))
	}
}

// A log that is cleared begins anew, in its file or in another one; until there is one again, it is gone.
func TestFollowBeginsAnew(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.evtx")
	grow(t, name, part(t, 0, 300))
	f, _ := follow(t, Options{}, name)
	grow(t, name, part(t, 500, 510))
	if got := f.next(10); !slices.Equal(got, numbers(t, 500, 510)) {
		t.Errorf("after clearing: %q", got)
	}
	if err := errors.Join(os.WriteFile(name+".new", part(t, 600, 630), 0o600), os.Rename(name+".new", name)); err != nil {
		t.Fatal(err)
	}
	if got := f.next(30); !slices.Equal(got, numbers(t, 600, 630)) {
		t.Errorf("in another file: %q", got)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	quiet, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if logs, err := f.Next(quiet); err == nil {
		t.Errorf("of a file that is gone: %d logs", len(logs))
	}
	grow(t, name, part(t, 700, 705))
	if got := f.next(5); !slices.Equal(got, numbers(t, 700, 705)) {
		t.Errorf("back again: %q", got)
	}
	want := []string{"was cleared: its new events follow", "is another file now: its events follow", "is gone: waiting for it to come back",
		"is there again: its events follow"}
	if !slices.Equal(f.said, want) {
		t.Errorf("said %q", f.said)
	}
}

// lastChunk is the last chunk of a log, and where its records end.
func lastChunk(log []byte) (chunk []byte, end int) {
	chunk = log[len(log)-slotSize:]
	return chunk, int(binary.LittleEndian.Uint32(chunk[48:]))
}

// A chunk that is being written is left until it is complete.
func TestFollowUnsettled(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.evtx")
	grow(t, name, part(t, 0, 20))
	f, _ := follow(t, Options{}, name)
	whole := part(t, 0, 40)
	half := slices.Clone(whole)
	chunk, end := lastChunk(half)
	clear(chunk[end-1000 : end])
	grow(t, name, half)
	for range patience {
		if l, err := f.logs[0].news(context.Background(), f.notice); l != nil || err != nil {
			t.Fatalf("half written: %v, %v", l, err)
		}
	}
	grow(t, name, whole)
	if got, want := f.next(20), numbers(t, 20, 40); !slices.Equal(got, want) || len(f.said) > 0 {
		t.Errorf("complete: %q, want %q, said %q", got, want, f.said)
	}
}

// One that stays wrong is read as far as it goes, and told of once.
func TestFollowDamaged(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.evtx")
	grow(t, name, part(t, 0, 20))
	f, _ := follow(t, Options{}, name)
	for n := 40; n <= 60; n += 20 {
		log := part(t, 0, n)
		chunk, _ := lastChunk(log)
		chunk[chunkHead+24] ^= 0xff // in the first record
		grow(t, name, log)
		if got, want := f.next(20), numbers(t, n-20, n); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	told := slices.Clone(f.said)
	slices.Sort(told)
	if len(told) == 0 || len(slices.Compact(told)) != len(f.said) {
		t.Errorf("said %q", f.said)
	}
}

// Logs that are packed or archives do not grow.
func TestFollowNothing(t *testing.T) {
	t.Parallel()
	s := find(t, Options{Stdin: strings.NewReader("")}, "-")
	_, err := s.Follow(context.Background(), &evtx.Selection{})
	if err == nil || err.Error() != "standard input: cannot grow" {
		t.Errorf("error %v", err)
	}
}
