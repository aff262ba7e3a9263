package eventlog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// logOf makes a log of the events with these numbers, each at a time of its own unless it is said.
func logOf(t *testing.T, name, computer string, at func(id uint64) time.Time, ids ...uint64) *Log {
	t.Helper()
	var out bytes.Buffer
	w := evtx.NewWriter(&seekable{Buffer: &out})
	for _, id := range ids {
		err := w.WriteEvent(&evtx.Event{
			Provider: "p", Channel: "c", Computer: computer, EventID: 7, EventRecordID: id, TimeCreated: at(id), Strings: []string{"x"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return NewLog(name, bytes.NewReader(out.Bytes()), int64(out.Len()))
}

// seekable is a file in memory.
type seekable struct {
	*bytes.Buffer
	at int64
}

func (s *seekable) Write(p []byte) (int, error) {
	if missing := s.at + int64(len(p)) - int64(s.Len()); missing > 0 {
		s.Buffer.Write(make([]byte, missing))
	}
	copy(s.Bytes()[s.at:], p)
	s.at += int64(len(p))
	return len(p), nil
}

func (s *seekable) Seek(offset int64, whence int) (int64, error) {
	s.at = []int64{0, s.at, int64(s.Len())}[whence] + offset
	return s.at, nil
}

func span(from, to uint64) (ids []uint64) {
	for id := from; id <= to; id++ {
		ids = append(ids, id)
	}
	return ids
}

// What is in several logs is visited in the first of them, whatever the order and the number of goroutines.
func TestPassOnce(t *testing.T) {
	t.Parallel()
	usual := func(id uint64) time.Time { return time.Unix(1_493_900_000+int64(id), 0) }
	later := func(id uint64) time.Time { return usual(id).Add(time.Hour) }
	clockBack := func(id uint64) time.Time { return usual((id * 7919) % 1000) }
	never := func(uint64) time.Time { return time.Time{} }
	for _, tt := range []struct {
		name       string
		logs       func() []*Log
		visited    int
		duplicates uint64
	}{
		{"one log", func() []*Log { return []*Log{logOf(t, "a", "GW", usual, span(1, 3000)...)} }, 3000, 0},
		{"a copy", func() []*Log {
			return []*Log{logOf(t, "a", "GW", usual, span(1, 3000)...), logOf(t, "b", "GW", usual, span(1, 3000)...)}
		}, 3000, 3000},
		{"exports that overlap", func() []*Log {
			return []*Log{
				logOf(t, "a", "GW", usual, span(1, 2000)...), logOf(t, "b", "GW", usual, span(1501, 3000)...),
				logOf(t, "c", "GW", usual, span(2990, 3010)...),
			}
		}, 3010, 511},
		{"another computer", func() []*Log {
			return []*Log{logOf(t, "a", "GW1", usual, span(1, 300)...), logOf(t, "b", "GW2", usual, span(1, 300)...)}
		}, 600, 0},
		{"numbers anew after the log was cleared", func() []*Log {
			return []*Log{logOf(t, "a", "GW", usual, span(1, 300)...), logOf(t, "b", "GW", later, span(1, 300)...)}
		}, 600, 0},
		{"twice in one log", func() []*Log {
			return []*Log{logOf(t, "a", "GW", usual, 1, 2, 1), logOf(t, "b", "GW", usual, 2, 2, 3)}
		}, 4, 2},
		{"a clock that goes back", func() []*Log {
			return []*Log{logOf(t, "a", "GW", clockBack, span(1, 900)...), logOf(t, "b", "GW", clockBack, span(1, 900)...)}
		}, 900, 900},
		{"no time", func() []*Log { return []*Log{logOf(t, "a", "GW", never, 1, 2), logOf(t, "b", "GW", never, 1, 2)} }, 4, 0},
	} {
		var plain []string
		for _, threads := range []int{1, 2, 5} {
			got, totals := gathered(t, &Pass{Logs: tt.logs(), Once: true, Threads: threads})
			if len(got) != tt.visited || totals.Duplicates != tt.duplicates || totals.Visited != uint64(tt.visited) || totals.Forgot {
				t.Errorf("%s: %d threads: %d events, %+v", tt.name, threads, len(got), totals)
			}
			if plain != nil && !slices.Equal(got, plain) {
				t.Errorf("%s: %d threads find others than 1", tt.name, threads)
			}
			plain = got
		}
		merged, totals := gathered(t, &Pass{Logs: tt.logs(), Once: true, ByTime: true})
		if len(merged) != tt.visited || totals.Duplicates != tt.duplicates {
			t.Errorf("%s: by time: %d events, %+v", tt.name, len(merged), totals)
		}
		all, totals := gathered(t, &Pass{Logs: tt.logs()})
		if len(all) != tt.visited+int(tt.duplicates) || totals.Duplicates != 0 {
			t.Errorf("%s: with duplicates: %d events, %+v", tt.name, len(all), totals)
		}
	}
}

// Of more events than are remembered, the youngest are, and it is said.
func TestPassOnceForgets(t *testing.T) {
	t.Parallel()
	usual := func(id uint64) time.Time { return time.Unix(1_493_900_000+int64(id), 0) }
	for _, byTime := range []bool{false, true} {
		logs := []*Log{
			logOf(t, "a", "GW", usual, span(1, 100)...), logOf(t, "b", "GW", usual, span(101, 200)...),
			logOf(t, "c", "GW", usual, span(201, 300)...), logOf(t, "d", "GW", usual, span(201, 300)...),
		}
		_, totals := gathered(t, &Pass{Logs: logs, Once: true, ByTime: byTime, remember: 100})
		if totals.Duplicates != 100 || !totals.Forgot {
			t.Errorf("by time %v: %+v", byTime, totals)
		}
	}
}

// The events of a text count by their numbers only if it has some.
func TestPassOnceTexts(t *testing.T) {
	t.Parallel()
	const line = "2017-05-02 08:14:07.123 [Error] Something failed on the gateway\n"
	const export = "Level,TimeCreated,ProviderName,Id,RecordId,MachineName,Message\nError,2017-05-02T08:14:07Z,DMG,4,77,GW01,It failed\n"
	for text, want := range map[string][2]int{
		line + strings.Replace(line, "07", "08", 1): {4, 0},
		export: {1, 1},
		strings.NewReplacer("RecordId,", "", "77,", "").Replace(export): {2, 0},
	} {
		s := Find(nil, Options{Text: true, Texts: []Text{{"a", text}, {"b", text}}})
		defer s.Close()
		if got, totals := gathered(t, &Pass{Logs: s.Logs, Once: true}); len(got) != want[0] || totals.Duplicates != uint64(want[1]) {
			t.Errorf("%q: %d events, %+v", text, len(got), totals)
		}
	}
}

func BenchmarkPassOnce(b *testing.B) {
	for _, once := range []bool{false, true} {
		b.Run(fmt.Sprint(once), func(b *testing.B) {
			s := Find([]string{sample, other, sample, other}, Options{})
			defer s.Close()
			for b.Loop() {
				pass := &Pass{Logs: s.Logs, Once: once, Threads: 1}
				_, err := Run(b.Context(), pass, Consumer[struct{}]{
					New:   func() struct{} { return struct{}{} },
					Visit: func(struct{}, *evtx.Record) (bool, error) { return false, nil },
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
