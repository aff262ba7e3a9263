package eventlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// gathered is what a pass gave of the events: "LOG RECORD", as they were flushed.
func gathered(t *testing.T, p *Pass) ([]string, *Totals) {
	t.Helper()
	var all []string
	totals, err := Run(context.Background(), p, Consumer[*[]uint64]{
		New: func() *[]uint64 { return new([]uint64) },
		Visit: func(b *[]uint64, rec *evtx.Record) (bool, error) {
			*b = append(*b, rec.EventRecordID())
			return len(*b) >= 100, nil
		},
		Flush: func(b *[]uint64, in *Reading) error {
			for _, id := range *b {
				all = append(all, fmt.Sprint(filepath.Base(in.Log.Name), " ", id))
			}
			*b = (*b)[:0]
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, totals
}

const other = "../../testdata/gateway-en.evtx"

// By time or not, the same events come, each of its own log.
func TestPassByTime(t *testing.T) {
	t.Parallel()
	s := find(t, Options{}, sample, other)
	plain, sums := gathered(t, &Pass{Logs: s.Logs})
	merged, mergedSums := gathered(t, &Pass{Logs: s.Logs, ByTime: true})
	if slices.Equal(plain, merged) {
		t.Error("both orders are the same: the logs do not overlap, and show nothing")
	}
	slices.Sort(plain)
	slices.Sort(merged)
	if !slices.Equal(plain, merged) {
		t.Errorf("%d events, and by time %d others", len(plain), len(merged))
	}
	if !reflect.DeepEqual(sums, mergedSums) {
		t.Errorf("sums %+v, and by time %+v", sums, mergedSums)
	}
}

// Some damage is told, all of it counted.
func TestPassDamage(t *testing.T) {
	t.Parallel()
	data := bytes.Clone(read(t, other))
	copy(data[0x11240:], "\xff\xff\xff\xff\xff\xff\xff\xff")
	for _, byTime := range []bool{false, true} {
		told := map[string]int{}
		var ended []string
		p := &Pass{
			Logs:   []*Log{NewLog("bad", bytes.NewReader(data), int64(len(data))), find(t, Options{}, sample).Logs[0]},
			ByTime: byTime,
			Damage: func(in *Reading, _ *evtx.FormatError) { told[in.Log.Name]++ },
			Ended:  func(in *Reading) { ended = append(ended, fmt.Sprint(filepath.Base(in.Log.Name), " ", in.Damaged)) },
		}
		_, totals := gathered(t, p)
		if totals.Damaged != 153 || totals.LogsDamaged != 1 || told["bad"] != DamageShown || len(told) != 1 {
			t.Errorf("by time %v: %+v, told %v", byTime, totals, told)
		}
		if want := []string{"bad 153", "gateway-fr.evtx 0"}; !slices.Equal(ended, want) {
			t.Errorf("by time %v: ended %q, want %q", byTime, ended, want)
		}
	}
}

// A log that has gone does not end the others, nor do one that is none and one that ends too early.
func TestPassFailed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := read(t, sample)
	gone := write(t, filepath.Join(dir, "gone.evtx"), data)
	none := write(t, filepath.Join(dir, "none.evtx"), []byte("hello"))
	for _, byTime := range []bool{false, true} {
		s := find(t, Options{Stdin: &failing{bytes.NewReader(data[:200<<10])}}, gone, none, sample, "-")
		if err := os.Remove(gone); err != nil {
			t.Fatal(err)
		}
		var failed []string
		p := &Pass{Logs: s.Logs, ByTime: byTime, Failed: func(in *Reading) { failed = append(failed, in.Err.Error()) }}
		all, totals := gathered(t, p)
		want := []string{gone + ": no such file or folder", none + ": is a text file, not an event log (.evtx)",
			"standard input: the line is dead"}
		if !slices.Equal(failed, want) || totals.LogsFailed != 3 {
			t.Errorf("by time %v: failed %q, want %q", byTime, failed, want)
		}
		if len(all) <= sampleEvents || totals.Visited != uint64(len(all)) {
			t.Errorf("by time %v: %d events, visited %d", byTime, len(all), totals.Visited)
		}
		write(t, gone, data)
	}
}

// failing ends with an error.
type failing struct{ *bytes.Reader }

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil {
		err = errors.New("the line is dead")
	}
	return n, err
}

// A look ahead keeps a stream for the pass that follows; what of it cannot be kept fails there.
func TestPassAhead(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("TMP", os.Getenv("TMPDIR"))
	s := find(t, Options{Stdin: bytes.NewReader(read(t, sample))}, "-")
	ahead, _ := gathered(t, &Pass{Logs: s.Logs, Ahead: true})
	again, totals := gathered(t, &Pass{Logs: s.Logs})
	if len(ahead) != sampleEvents || !slices.Equal(ahead, again) || totals.LogsFailed > 0 {
		t.Errorf("%d events ahead, then %d; %+v", len(ahead), len(again), totals)
	}

	s = find(t, Options{Stdin: &failing{bytes.NewReader(read(t, sample))}}, "-", sample)
	for _, p := range []*Pass{{Logs: s.Logs, Ahead: true}, {Logs: s.Logs}} {
		all, totals := gathered(t, p)
		if len(all) != sampleEvents || totals.LogsFailed != 1 {
			t.Errorf("%d events, %+v", len(all), totals)
		}
	}
}

// An error of the consumer ends the pass, whichever call it comes from.
func TestPassStopped(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	stop := func(*Reading) error { return full }
	for name, change := range map[string]func(*Consumer[int]){
		"begin": func(c *Consumer[int]) { c.Begin = stop },
		"flush": func(c *Consumer[int]) { c.Flush = func(int, *Reading) error { return full } },
		"end":   func(c *Consumer[int]) { c.End = stop },
	} {
		for _, byTime := range []bool{false, true} {
			c := Consumer[int]{New: func() int { return 0 }, Visit: func(int, *evtx.Record) (bool, error) { return false, nil }}
			change(&c)
			if _, err := Run(context.Background(), &Pass{Logs: find(t, Options{}, sample, other).Logs, ByTime: byTime}, c); err != full {
				t.Errorf("%s, by time %v: %v", name, byTime, err)
			}
		}
	}
}

func TestPassCancelled(t *testing.T) {
	t.Parallel()
	for _, byTime := range []bool{false, true} {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := Run(ctx, &Pass{Logs: find(t, Options{}, sample, other).Logs, ByTime: byTime}, Consumer[int]{
			New:   func() int { return 0 },
			Visit: func(int, *evtx.Record) (bool, error) { cancel(); return false, nil },
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("by time %v: %v", byTime, err)
		}
	}
}

// An image of a disk is no log; with Recover, the records in it are found, and a text stays a text.
func TestPassImage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	image := write(t, filepath.Join(dir, "disk.img"), slices.Concat(make([]byte, 3<<20+512), read(t, sample),
		bytes.Repeat([]byte("junk"), 1000)))
	text := write(t, filepath.Join(dir, "notes.txt"), bytes.Repeat([]byte("hello\n"), 1000))
	for _, recovering := range []bool{false, true} {
		var failed []string
		p := &Pass{
			Logs:   find(t, Options{Recover: recovering}, image, text).Logs,
			Failed: func(in *Reading) { failed = append(failed, in.Err.Error()) },
		}
		all, totals := gathered(t, p)
		want, fails := 0, 2
		if recovering {
			want, fails = sampleEvents, 1
		}
		if len(all) != want || len(failed) != fails || totals.Damaged > 0 {
			t.Errorf("recovering %v: %d events, want %d; failed %q; %d damaged places", recovering, len(all), want, failed, totals.Damaged)
		}
	}
}

// TestPassAllocates: an event costs a pass no memory, also where each is looked
// for in other logs, and a log that is like one before it costs little.
func TestPassAllocates(t *testing.T) {
	s := find(t, Options{}, sample, other)
	for _, once := range []bool{false, true} {
		events := 0
		pass := func() {
			events = 0
			_, err := Run(context.Background(), &Pass{Logs: s.Logs, Threads: 1, Once: once}, Consumer[*int]{
				New:   func() *int { return new(int) },
				Visit: func(n *int, rec *evtx.Record) (bool, error) { *n++; return false, nil },
				Flush: func(n *int, _ *Reading) error { events += *n; *n = 0; return nil },
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if allocs := testing.AllocsPerRun(3, pass); events < 2500 || allocs > float64(events)/10 {
			t.Errorf("once %v: %v allocations for %d events of two logs", once, allocs, events)
		}
	}
}
