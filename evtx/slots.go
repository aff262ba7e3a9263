package evtx

import (
	"io"
	"sync"
	"sync/atomic"
)

// A slotSource hands out the 64 KiB slots behind the file header, in order,
// to any number of goroutines. Every slot of the file is looked at: how many
// chunks there are is for the file's size to say, not for its header.
type slotSource interface {
	// next fills buf with the next slot, zeroes what the file does not hold
	// of it, and returns how many bytes that is: 0 for the slot behind the
	// last, negative for any further.
	next(buf *[chunkSize]byte) (index int, n int, err error)
}

// slotsAt reads slots of a file, each goroutine its own.
type slotsAt struct {
	r    io.ReaderAt
	size int64
	turn atomic.Int64
}

func (s *slotsAt) next(buf *[chunkSize]byte) (int, int, error) {
	index := s.turn.Add(1) - 1
	n, err := readSlot(s.r, s.size, index, buf)
	if n == 0 && err == nil && index > 0 && fileHeaderSize+(index-1)*chunkSize >= s.size {
		return int(index), -1, nil
	}
	return int(index), n, err
}

// readSlot fills buf with a slot of a file, as next does, and returns 0 for
// any slot behind the last.
func readSlot(r io.ReaderAt, size, index int64, buf *[chunkSize]byte) (int, error) {
	off := fileHeaderSize + index*chunkSize
	want := min(size-off, chunkSize)
	if want <= 0 {
		return 0, nil
	}
	n, err := r.ReadAt(buf[:want], off)
	clear(buf[n:])
	if err == io.EOF {
		err = nil // the file shrank while it was read; what is there counts
	}
	return n, err
}

// slotsStream reads slots from standard input or out of a compressed archive.
type slotsStream struct {
	mu    sync.Mutex
	r     io.Reader
	index int
	done  bool
}

func (s *slotsStream) next(buf *[chunkSize]byte) (int, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		return s.index, -1, nil
	}
	n, err := 0, error(nil)
	for n < len(buf) && err == nil {
		var m int
		m, err = s.r.Read(buf[n:])
		n += m
	}
	clear(buf[n:])
	if err == io.EOF { // and no other: an archive that ends too early has not been read
		err = nil
	}
	s.done = n == 0
	s.index++
	return s.index - 1, n, err
}
