package evtx

import (
	"io"
	"os"
	"sort"
	"sync"
	"sync/atomic"
)

// A slot is 64 KiB of a log, where a chunk should be.
type slot struct {
	index int
	order int // of all slots in the order of the scan
	n     int // bytes that the file has of it: 0 of the slot behind the last, negative of any further
	span  int // how many slots it stands for: a hole in the file, all of zeros, is one

	// around is what lies before, in and behind the slot, zeros where nothing
	// does, of a stream whose slot needs it; of a file it can be read.
	around *[3 * chunkSize]byte
	behind int // bytes that the stream has of the next slot
}

// A slotSource hands out the slots of a log, in order, to any number of
// goroutines. Every slot of the file is looked at: how many chunks there are
// is for the file's size to say, not for its header.
type slotSource interface {
	// next fills buf with the next slot, and zeroes what the file has not of it.
	next(buf *[chunkSize]byte) (slot, error)
}

// A slotFile is a file whose slots can be read in any order.
type slotFile struct {
	r    io.ReaderAt
	size int64
	base int64 // of slot 0

	// oldest is the slot with which reading begins: that of the oldest chunk
	// of a log that has wrapped, else 0. See wrap.go.
	oldest int
}

// slotAt is the offset in the file of a slot.
func (f *slotFile) slotAt(index int) int64 { return f.base + int64(index)*chunkSize }

// slots is the number of slots, the last of which may be cut off.
func (f *slotFile) slots() int {
	return int(max(f.size-f.base+chunkSize-1, 0) / chunkSize)
}

// read fills buf with bytes of the file from off on, zeros where it has none,
// and returns how many it has.
func (f *slotFile) read(buf []byte, off int64) (int, error) {
	want := min(f.size-off, int64(len(buf)))
	if want <= 0 || off < 0 {
		clear(buf)
		return 0, nil
	}
	n, err := f.r.ReadAt(buf[:want], off)
	clear(buf[n:])
	if err == io.EOF {
		err = nil // the file shrank while it was read; what is there counts
	}
	return n, err
}

// readSlot fills buf with a slot. In front of a hole it stands for all slots
// of it, as far as the file system tells.
func (f *slotFile) readSlot(index int, buf *[chunkSize]byte) (slot, error) {
	s := slot{index: index, span: 1}
	var err error
	s.n, err = f.read(buf[:], f.slotAt(index))
	if err == nil && s.n == chunkSize && isZero(buf[:]) {
		s.span = max(f.nextData(index+1)-index, 1)
	}
	return s, err
}

// readNth reads the slot that comes nth in the order of reading: from the
// oldest on, then from slot 0, and the one behind the last slot at the end.
func (f *slotFile) readNth(n int, buf *[chunkSize]byte) (slot, error) {
	index := f.nth(n)
	s, err := f.readSlot(index, buf)
	s.order = n
	if index < f.oldest {
		s.span = min(s.span, f.oldest-index)
	}
	return s, err
}

// nth is the index of the slot that comes nth.
func (f *slotFile) nth(n int) int {
	slots := f.slots()
	if n >= slots {
		return n
	}
	return (f.oldest + n) % slots
}

// nextData returns the first slot from index on that is not in a hole.
func (f *slotFile) nextData(index int) int {
	file, ok := f.r.(*os.File)
	if !ok || index >= f.slots() {
		return index
	}
	off, ok := seekData(file, f.slotAt(index), f.size)
	if !ok {
		return index
	}
	return min(int((off-f.base)/chunkSize), f.slots()-1)
}

// readAround fills in a slot with its neighbours.
func (f *slotFile) readAround(index int, around *[3 * chunkSize]byte) {
	for i := range 3 {
		// What cannot be read counts as not there: whose slot it is will tell.
		f.read(around[i*chunkSize:][:chunkSize], f.slotAt(index-1+i))
	}
}

// hole returns the first slot of the hole that index lies in, index itself if
// it lies in none.
func (f *slotFile) hole(index int) int {
	return sort.Search(index, func(i int) bool { return f.nextData(i) > index })
}

// slotsAt reads slots of a file, each goroutine its own.
type slotsAt struct {
	slotFile
	turn atomic.Int64
}

func (s *slotsAt) next(buf *[chunkSize]byte) (slot, error) {
	order := int(s.turn.Add(1) - 1)
	if order > s.slots() {
		return slot{index: order, order: order, n: -1}, nil
	}
	read, err := s.readNth(order, buf)
	// A hole is passed over by whom nobody has overtaken.
	if read.span > 1 && !s.turn.CompareAndSwap(int64(order+1), int64(order+read.span)) {
		read.span = 1
	}
	return read, err
}

// slotsBack reads them from the last to the first. The slot behind the last one
// comes first, as of every log.
type slotsBack struct {
	slotFile
	turn atomic.Int64
}

func (s *slotsBack) next(buf *[chunkSize]byte) (slot, error) {
	order := int(s.turn.Add(1) - 1)
	if order > s.slots() {
		return slot{index: -1, order: order, n: -1}, nil
	}
	read, err := s.readNth(s.slots()-order, buf)
	read.order, read.span = order, 1
	if err == nil && read.n == chunkSize && isZero(buf[:]) {
		first := s.hole(read.index)
		if read.index >= s.oldest {
			first = max(first, s.oldest)
		}
		if span := read.index - first + 1; s.turn.CompareAndSwap(int64(order+1), int64(order+span)) {
			read.span = span
		}
	}
	return read, err
}

// slotsStream reads slots from standard input or out of a compressed archive.
type slotsStream struct {
	mu      sync.Mutex
	r       io.Reader
	index   int
	done    bool
	last    [chunkSize]byte // the slot before
	ahead   [chunkSize]byte // the one behind, if it has been read
	aheadN  int
	isAhead bool
	odd     bool // the slot before was not regular
}

// begin makes it the slots of a stream. What is in its buffers is not looked at.
func (s *slotsStream) begin(r io.Reader) {
	s.r, s.index, s.done, s.isAhead, s.aheadN, s.odd = r, 0, false, false, 0, false
}

func (s *slotsStream) next(buf *[chunkSize]byte) (slot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		return slot{index: s.index, n: -1}, nil
	}
	out := slot{index: s.index, order: s.index, span: 1}
	if out.n = s.aheadN; s.isAhead {
		*buf, s.isAhead = s.ahead, false
	} else {
		var err error
		if out.n, err = s.fill(buf); err != nil {
			return out, err
		}
	}
	odd := !regular(buf[:])
	if out.n > 0 && (odd || s.odd && string(buf[:8]) != chunkMagic) {
		var err error
		if s.aheadN, err = s.fill(&s.ahead); err != nil {
			return out, err
		}
		s.isAhead, out.behind = true, s.aheadN
		out.around = new([3 * chunkSize]byte)
		if s.index > 0 {
			copy(out.around[:], s.last[:])
		}
		copy(out.around[chunkSize:], buf[:])
		copy(out.around[2*chunkSize:], s.ahead[:])
	}
	s.last, s.odd = *buf, odd
	s.done = out.n == 0
	s.index++
	return out, nil
}

func (s *slotsStream) fill(buf *[chunkSize]byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = s.r.Read(buf[n:])
		n += m
	}
	clear(buf[n:])
	if err == io.EOF { // and no other: an archive that ends too early has not been read
		err = nil
	}
	return n, err
}
