package cli

import (
	"bytes"
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/state"
)

// lockedBuffer may be written to and read at the same time.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// result is what a command line came to.
type result struct {
	code     int
	out, err string
}

// runWith runs a command line in this process. change may say something about the streams.
func runWith(t *testing.T, change func(*IOStreams), args ...string) result {
	t.Helper()
	var out, errs lockedBuffer
	ios := &IOStreams{
		In:    bytes.NewReader(nil),
		Out:   &out,
		Err:   &errs,
		Width: 80,
		Color: true,
		State: state.Open,
		Now:   func() time.Time { return time.Date(2017, 5, 6, 0, 0, 0, 0, time.UTC) },
	}
	if change != nil {
		change(ios)
	}
	code := Run(context.Background(), args, ios)
	return result{code, out.String(), errs.String()}
}

func testLog(name string) string { return filepath.Join("..", "..", "testdata", name) }
