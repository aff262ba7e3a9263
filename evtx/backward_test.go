package evtx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// chunkRecords are the offsets of a chunk's records and damage.
type chunkRecords struct {
	chunk   int
	offsets []int64
	failed  int
}

func scanChunks(t *testing.T, r *Reader, threads int, backward bool) []chunkRecords {
	t.Helper()
	var all []chunkRecords
	err := Scanner[*chunkRecords]{
		Threads: threads, Backward: backward,
		New: func() *chunkRecords { return new(chunkRecords) },
		Visit: func(c *chunkRecords, rec *Record, err error) bool {
			if err != nil {
				c.failed++
				return false
			}
			c.chunk = rec.Chunk()
			c.offsets = append(c.offsets, rec.Offset())
			return false
		},
		Flush: func(c *chunkRecords, _ Progress) error {
			if len(c.offsets)+c.failed > 0 {
				all = append(all, *c)
			}
			*c = chunkRecords{}
			return nil
		},
	}.Run(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestBackward: the same chunks the other way round, and the same sums, for any number of goroutines, of damaged logs too.
func TestBackward(t *testing.T) {
	t.Parallel()
	paths, _ := filepath.Glob("../testdata/*.evtx")
	if len(paths) == 0 {
		t.Fatal("no logs")
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		read := func() *Reader {
			r, err := NewReader(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(path, err)
			}
			return r
		}
		r := read()
		want, sums := scanChunks(t, r, 1, false), r.Stats()
		slices.Reverse(want)
		for _, threads := range []int{1, 3} {
			r := read()
			if got := scanChunks(t, r, threads, true); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %d goroutines: other records", path, threads)
			}
			if got := r.Stats(); !reflect.DeepEqual(got, sums) {
				t.Errorf("%s, %d goroutines: %+v, want %+v", path, threads, got, sums)
			}
		}
	}
}

func TestBackwardStream(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(gateway(t, "en"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewStreamReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := (Scanner[struct{}]{Backward: true}).Run(context.Background(), r); !errors.Is(err, ErrNotSeekable) {
		t.Errorf("%v", err)
	}
}

// TestBackwardEnds: who has enough reads no more of the log.
func TestBackwardEnds(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(gateway(t, "en"))
	if err != nil {
		t.Fatal(err)
	}
	at := &lowestRead{ReaderAt: bytes.NewReader(data), lowest: int64(len(data))}
	r, err := NewReader(at, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	at.lowest = int64(len(data))
	enough := errors.New("enough")
	err = Scanner[*int]{
		Threads: 1, Backward: true,
		New:   func() *int { return new(int) },
		Visit: func(n *int, _ *Record, _ error) bool { *n++; return false },
		Flush: func(n *int, _ Progress) error {
			if *n > 0 {
				return enough
			}
			return nil
		},
	}.Run(context.Background(), r)
	if err != enough || int64(len(data))-at.lowest > 2*chunkSize {
		t.Errorf("%v; read from %d of %d on", err, at.lowest, len(data))
	}
}

type lowestRead struct {
	io.ReaderAt
	lowest int64
}

func (l *lowestRead) ReadAt(p []byte, off int64) (int, error) {
	l.lowest = min(l.lowest, off)
	return l.ReaderAt.ReadAt(p, off)
}
