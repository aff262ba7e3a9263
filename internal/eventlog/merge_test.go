package eventlog

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// randomLog has up to 60 events in up to a few chunks, with times that often are the same as those of others, and now and then
// go back; and sometimes damage.
func randomLog(t *testing.T, r *rand.Rand) []byte {
	t.Helper()
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	at := time.Date(2017, 5, 4, 12, r.IntN(20), 0, 0, time.UTC)
	for range r.IntN(60) {
		if at = at.Add(time.Duration(r.IntN(3)) * time.Minute); r.IntN(20) == 0 {
			at = at.Add(-10 * time.Minute)
		}
		err := w.WriteEvent(&evtx.Event{
			Provider: "p", Channel: "c", Computer: "pc", EventID: uint16(r.IntN(3)), Level: 2, TimeCreated: at,
			Strings: []string{strings.Repeat("x", r.IntN(4000))},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	data := out.Bytes()
	if r.IntN(4) == 0 && len(data) > 8000 {
		at := 5000 + r.IntN(len(data)-6000)
		copy(data[at:], "\xff\xff\xff\xff\xff\xff\xff\xff")
	}
	return data
}

// randomLogs are the same logs, each time they are asked for: files, entries of an archive, sections and streams.
func randomLogs(t *testing.T, data [][]byte) []*Log {
	t.Helper()
	dir := t.TempDir()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for i := 1; i < len(data); i += 4 {
		w, err := z.Create(fmt.Sprintf("%03d.evtx", i))
		if err == nil {
			_, err = w.Write(data[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	inside := find(t, Options{}, write(t, filepath.Join(dir, "x.zip"), packed.Bytes())).Logs
	var logs []*Log
	for i, b := range data {
		name := fmt.Sprintf("%03d.evtx", i)
		switch i % 4 {
		case 0:
			logs = append(logs, find(t, Options{}, write(t, filepath.Join(dir, name), b)).Logs...)
		case 1:
			logs = append(logs, inside[i/4])
		case 2:
			logs = append(logs, NewLog(name, bytes.NewReader(b), int64(len(b))))
		case 3:
			logs = append(logs, NewStream(name, bytes.NewReader(b)))
		}
	}
	return logs
}

// slowMerge is the definition: of the next wanted events of all logs the earliest, and of those the one of the first log.
func slowMerge(t *testing.T, data [][]byte, wanted func(*evtx.Record) bool) []string {
	t.Helper()
	type event struct {
		name string
		at   time.Time
	}
	logs := make([][]event, len(data))
	for i, b := range data {
		r, err := evtx.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range r.Records() {
			if err == nil && wanted(rec) {
				logs[i] = append(logs[i], event{fmt.Sprintf("%03d.evtx %d", i, rec.EventRecordID()), rec.TimeCreated()})
			}
		}
	}
	var all []string
	for {
		best := -1
		for i, log := range logs {
			if len(log) > 0 && (best < 0 || log[0].at.Before(logs[best][0].at)) {
				best = i
			}
		}
		if best < 0 {
			return all
		}
		all = append(all, logs[best][0].name)
		logs[best] = logs[best][1:]
	}
}

// However few logs may be held at a time, a merge has the order of its definition, and the sums of a pass by log.
func TestMergeProperty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 0))
		data := make([][]byte, 2+r.IntN(14))
		for i := range data {
			data[i] = randomLog(t, r)
		}
		p := &Pass{}
		wanted := func(*evtx.Record) bool { return true }
		if r.IntN(3) == 0 {
			p.Select = &evtx.Selection{IDs: []evtx.IDRange{{From: 1, To: 1}}}
			wanted = func(rec *evtx.Record) bool { return rec.EventID() == 1 }
		}
		want := slowMerge(t, data, wanted)
		p.Logs = randomLogs(t, data)
		_, sums := gathered(t, p)
		for _, limits := range []*mergeLimits{
			nil, {desks: 1, damage: 10}, {desks: 2, open: 3, streams: 1, damage: 1000}, {desks: 5, open: 100, streams: 4, damage: 1000},
		} {
			p.Logs, p.ByTime, p.limits = randomLogs(t, data), true, limits
			got, mergedSums := gathered(t, p)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, %+v:\n%q\nwant\n%q", seed, limits, got, want)
			}
			if sums.Bytes = mergedSums.Bytes; !reflect.DeepEqual(mergedSums, sums) { // a stream that was kept has a size
				t.Fatalf("seed %d, %+v: sums %+v, want %+v", seed, limits, mergedSums, sums)
			}
		}
	}
}

// A merge of many logs holds few open.
func TestMergeOpenFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 500 {
		write(t, filepath.Join(dir, fmt.Sprintf("%03d.evtx", i)), randomLog(t, r))
	}
	open, most := 0, 0
	s := find(t, Options{}, dir)
	for _, l := range s.Logs {
		l.from = func(ctx context.Context) (*content, error) {
			c, err := (&Log{path: l.path, set: l.set}).open(ctx)
			if err != nil {
				return nil, err
			}
			open++
			most = max(most, open)
			file := c.close
			c.close = func() error { open--; return file() }
			return c, nil
		}
	}
	gathered(t, &Pass{Logs: s.Logs, ByTime: true, limits: &mergeLimits{desks: 10, open: 10, damage: 1000}})
	if most > 10 || open != 0 {
		t.Errorf("%d open at a time, %d in the end", most, open)
	}
}
