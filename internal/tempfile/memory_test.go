package tempfile_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/gwlogs/gwlogs/internal/tempfile"
)

// Memory does what a file does.
func TestMemory(t *testing.T) {
	file, err := tempfile.New()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	memory := tempfile.NewMemory()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		off, data := random.Int64N(400<<10), bytes.Repeat([]byte{byte(i + 1)}, random.IntN(150<<10))
		both := func(do func(f tempfile.File)) { do(file); do(memory) }
		switch i % 5 {
		case 4:
			both(func(f tempfile.File) { f.Seek(off, i%3) })
		case 0:
			both(func(f tempfile.File) { f.WriteAt(data, off) })
		case 1:
			both(func(f tempfile.File) { f.Write(data) })
		case 2:
			both(func(f tempfile.File) { f.Truncate(off) })
		default:
			a, b := make([]byte, len(data)), make([]byte, len(data))
			n, errA := file.ReadAt(a, off)
			m, errB := memory.ReadAt(b, off)
			if n != m || !bytes.Equal(a[:n], b[:m]) || errA == io.EOF != (errB == io.EOF) && len(data) > 0 {
				t.Fatalf("step %d: %d, %v; a file reads %d, %v", i, m, errB, n, errA)
			}
		}
	}
	if _, err := memory.WriteAt(nil, -1); err == nil {
		t.Error("written in front of it")
	}
}
