package evtx

import (
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every record is found again at its place, whatever was asked for before: of whole logs, of damaged ones, and of what is recovered.
func TestRecordAt(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "testdata", "*.evtx"))
	if err != nil || len(names) == 0 {
		t.Fatal("no logs:", err)
	}
	more, _ := filepath.Glob(filepath.Join("testdata", "*.evtx"))
	names = append(names, more...)
	testAllAt(t, names)
}

// The same with real logs, many of them damaged.
func TestRecordAtCorpus(t *testing.T) {
	t.Parallel()
	testAllAt(t, slices.Sorted(maps.Values(logsBelow(t, shared(t, "corpus/rust-evtx-samples")))))
}

func testAllAt(t *testing.T, names []string) {
	b := NewBuffer(nil)
	for _, name := range names {
		for _, recovering := range []bool{false, true} {
			testRecordAt(t, b, name, recovering)
		}
	}
}

func testRecordAt(t *testing.T, b *Buffer, name string, recovering bool) {
	r, err := Open(name)
	if err != nil {
		return // not a log at all: others test that
	}
	defer r.Close()
	r.Recover = recovering
	type at struct {
		place Place
		line  string
	}
	var all []at
	for rec, err := range r.Records() {
		if err == nil {
			all = append(all, at{rec.Place(), recordLine(rec)})
		}
	}
	random := rand.New(rand.NewPCG(1, uint64(len(all))))
	for range min(2*len(all), 2000) {
		want := all[random.IntN(len(all))]
		rec, err := b.RecordAt(r, want.place)
		if err != nil {
			t.Errorf("%s: %x: %v", name, want.place, err)
			return
		}
		if got := recordLine(rec); got != want.line || rec.Place() != want.place {
			t.Errorf("%s: at %x\n got %.200s\nwant %.200s", name, want.place, got, want.line)
			return
		}
	}
	if !recovering && r.file.oldest == 0 && !slices.IsSortedFunc(all, func(a, b at) int {
		if a.place < b.place {
			return -1
		}
		return 1
	}) {
		t.Errorf("%s: places are not in the order of the log", name)
	}
}

// A place where there is no record, and a stream, are errors.
func TestRecordAtNothing(t *testing.T) {
	name := filepath.Join("..", "testdata", "gateway-en.evtx")
	r, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b := NewBuffer(nil)
	var gone *FormatError
	for _, p := range []Place{0, 1 << 40, ^Place(0), 77<<placeOff | chunkSize<<placeBase} {
		if _, err := b.RecordAt(r, p); !errors.As(err, &gone) {
			t.Errorf("%x: %v", uint64(p), err)
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewStreamReader(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.RecordAt(s, 0); !errors.Is(err, ErrNotSeekable) {
		t.Error("of a stream:", err)
	}
}
