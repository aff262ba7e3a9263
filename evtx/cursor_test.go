package evtx

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func recordLine(rec *Record) string {
	text, err := rec.AppendJSON(nil)
	return fmt.Sprintf("%d %v %s %v", rec.Offset(), rec.Recovered(), text, err)
}

// sequence is all that Records gives of a log.
func sequence(r *Reader, wanted *Selection) (all []string) {
	filter := new(Selection).Filter()
	if wanted != nil {
		filter = wanted.Filter()
	}
	for rec, err := range r.Records() {
		switch {
		case err != nil:
			all = append(all, err.Error())
		case filter.Match(rec):
			all = append(all, recordLine(rec))
		}
	}
	return all
}

// walkBoth goes through two logs in turns, with one Buffer for both of them.
func walkBoth(t *testing.T, readers [2]*Reader, wanted *Selection) (all [2][]string) {
	t.Helper()
	b := NewBuffer(wanted)
	var cursors [2]Cursor
	var ended [2]bool
	for i := 0; !ended[0] || !ended[1]; i = 1 - i {
		if ended[i] {
			continue
		}
		_, err := cursors[i].Next(readers[i], b, func(e *FormatError) { all[i] = append(all[i], e.Error()) })
		if errors.Is(err, io.EOF) {
			ended[i] = true
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		// The other log takes the Buffer before this one's record is looked at.
		if j := 1 - i; len(all[j]) > 0 && !ended[j] {
			if _, err := cursors[j].Record(readers[j], b); err != nil {
				t.Fatal(err)
			}
		}
		rec, err := cursors[i].Record(readers[i], b)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = append(all[i], recordLine(rec))
	}
	return all
}

// compareCursor reads each log side by side with the next one.
func compareCursor(t *testing.T, names []string) {
	t.Helper()
	open := func(name string) *Reader {
		r, err := Open(name)
		if err != nil {
			return nil // no log
		}
		t.Cleanup(func() { r.Close() })
		r.Recover = true
		return r
	}
	for i, name := range names {
		readers := [2]*Reader{open(name), open(names[(i+1)%len(names)])}
		if readers[0] == nil || readers[1] == nil || readers[0].Size() > 3<<20 || readers[1].Size() > 3<<20 {
			continue
		}
		for _, wanted := range []*Selection{nil, {Levels: []Level{1, 2}}} {
			got := walkBoth(t, readers, wanted)
			for j := range readers {
				want := sequence(readers[j], wanted)
				if wanted != nil { // damage inside of records that are not wanted may go unreported
					got[j], want = onlyRecords(got[j]), onlyRecords(want)
				}
				if !slices.Equal(got[j], want) {
					t.Errorf("%s: %d records and errors, want %d", name, len(got[j]), len(want))
				}
			}
		}
	}
}

func onlyRecords(lines []string) []string {
	return slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, " at 0x") && !strings.Contains(line, "{") })
}

// A Cursor gives what Records gives, whatever is read between its records.
func TestCursor(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("..", "testdata", "*.evtx"))
	if err != nil || len(names) == 0 {
		t.Fatal("no logs", err)
	}
	compareCursor(t, names)
}

// The same with real logs, many of them damaged.
func TestCursorCorpus(t *testing.T) {
	t.Parallel()
	logs := logsBelow(t, shared(t, "corpus/rust-evtx-samples"))
	compareCursor(t, slices.Sorted(maps.Values(logs)))
}
