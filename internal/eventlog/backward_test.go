package eventlog

import (
	"bytes"
	"context"
	"io"
	"sync/atomic"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// countedAt counts the bytes that are read.
type countedAt struct {
	io.ReaderAt
	n atomic.Int64
}

func (c *countedAt) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.n.Add(int64(n))
	return n, err
}

// The last ten events cost the last chunks, not the log.
func TestLastReadsTheEnd(t *testing.T) {
	t.Parallel()
	whole := read(t, other)
	log := bytes.Repeat(whole[fileHead:], 10) // 180 chunks
	log = append(bytes.Clone(whole[:fileHead]), log...)
	at := &countedAt{ReaderAt: bytes.NewReader(log)}
	const threads = 2
	left := 10
	_, err := Run(context.Background(), &Pass{Logs: []*Log{NewLog("x", at, int64(len(log)))}, Backward: true, Threads: threads}, Consumer[*int]{
		New: func() *int { return new(int) },
		Visit: func(n *int, _ *evtx.Record) (bool, error) {
			*n++
			return false, nil
		},
		Flush: func(n *int, _ *Reading) error {
			left -= *n
			*n = 0
			if left <= 0 {
				return ErrEnoughOfLog
			}
			return nil
		},
	})
	if err != nil || left > 0 {
		t.Fatalf("%d events are missing: %v", left, err)
	}
	// Each goroutine may have a chunk under way, and one more.
	if most := int64((2*threads + 2) * slotSize); at.n.Load() > most {
		t.Errorf("%d of %d bytes were read, want %d at most", at.n.Load(), len(log), most)
	}
}
