package evtx_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// shout is an edit that changes values, texts of templates and sizes.
func shout(_ string, v evtx.Value) evtx.Value {
	if v.Type != evtx.TypeString || len(v.Raw) == 0 {
		return v
	}
	return evtx.StringValue(strings.ToUpper(v.String()) + "!")
}

// written writes a log record by record.
func written(t *testing.T, name string) []byte {
	t.Helper()
	r, err := evtx.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	w.Edit = shout
	for rec, err := range r.Records() {
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
	return out.Bytes()
}

// batched writes a log by batches, on several goroutines, and returns how often edit was called.
func batched(t *testing.T, name string, threads int) (log []byte, edits int64) {
	t.Helper()
	r, err := evtx.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out bytes.Buffer
	var count atomic.Int64
	w := evtx.NewWriter(&out)
	edit := func(name string, v evtx.Value) evtx.Value {
		count.Add(1)
		return shout(name, v)
	}
	batches := make(chan *evtx.Batch, threads)
	for range threads {
		batches <- w.NewBatch(edit)
	}
	err = evtx.Scanner[*evtx.Batch]{
		Threads: threads,
		New:     func() *evtx.Batch { return <-batches },
		Visit: func(b *evtx.Batch, rec *evtx.Record, err error) bool {
			if err != nil {
				t.Error(err)
				return false
			}
			b.Add(rec)
			return false
		},
		Flush: func(b *evtx.Batch, _ evtx.Progress) error {
			return w.WriteBatch(b, func(e *evtx.RecordError) { t.Error(e) })
		},
	}.Run(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), count.Load()
}

// TestBatchesWriteTheSameLog: however many goroutines convert the records, the
// log is the one that a single one writes, and each value is edited once.
func TestBatchesWriteTheSameLog(t *testing.T) {
	t.Parallel()
	for _, log := range []string{"problems-en.evtx", "secrets.evtx", "short.evtx"} {
		name := filepath.Join("..", "testdata", log)
		want := written(t, name)
		one, edits := batched(t, name, 1)
		if !bytes.Equal(one, want) {
			t.Errorf("%s: a batch does not write what a record at a time does", name)
		}
		for range 3 {
			many, again := batched(t, name, 4)
			if !bytes.Equal(many, want) {
				t.Errorf("%s: four batches write another log", name)
			}
			if again != edits {
				t.Errorf("%s: %d edits with four batches, %d with one", name, again, edits)
			}
		}
	}
}

// TestBatchNamesWhatItRefuses: a record that does not fit any more is given
// back, and the others are written.
func TestBatchNamesWhatItRefuses(t *testing.T) {
	t.Parallel()
	log, err := os.ReadFile(filepath.Join("..", "testdata", "short.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	const oneChunk = 4096 + 65536 // a batch holds the records of one
	r, err := evtx.NewReader(bytes.NewReader(log), oneChunk)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	grown, adding, want := false, 0, -1
	b := w.NewBatch(func(name string, v evtx.Value) evtx.Value {
		if v.Type == evtx.TypeString && len(v.Raw) > 100 && !grown {
			grown, want = true, adding
			return evtx.StringValue(strings.Repeat("x", 40_000))
		}
		return v
	})
	var refused []int
	left := 0
	for rec, err := range r.Records() {
		if err != nil {
			continue // the end of the file comes too early
		}
		adding = b.Len()
		b.Add(rec)
	}
	all := b.Len()
	if err := w.WriteBatch(b, func(e *evtx.RecordError) { refused = append(refused, e.Index) }); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := evtx.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for range again.Records() {
		left++
	}
	if len(refused) != 1 || refused[0] != want || left != all-1 {
		t.Errorf("records %d of %d refused, want %d; %d written", refused, all, want, left)
	}
}
