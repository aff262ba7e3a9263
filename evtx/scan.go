package evtx

import (
	"context"
	"runtime"
	"sync"
)

// A Scanner reads a log on several goroutines and gives its results in the
// order of the log, as Reader.Records does. T gathers what Visit makes of the records of a chunk; it belongs to
// one goroutine at a time.
//
// Each goroutine reads and visits a chunk of its own, then waits for its turn
// to flush. Memory is thus one chunk and one T for each, whatever the size of
// the log.
type Scanner[T any] struct {
	// Threads is the number of goroutines; 0 means one for each processor.
	Threads int

	// Select says which records are wanted; nil means all. Visit then gets
	// only these, and most others are passed over without being read whole:
	// damage deep inside a record that is not wanted goes unreported if its
	// chunk's checksum is right.
	Select *Selection

	// Backward takes the chunks from the last to the first. Visit still gets
	// the records of a chunk in their order. It needs a Reader that can read
	// its log in any order: Run fails with ErrNotSeekable for one of a stream.
	Backward bool

	// New returns an empty T, once for each goroutine.
	New func() T

	// Visit is called for every record and every error, in their order within
	// a chunk. If full, t is flushed before the next call: a Visit that gathers
	// text limits it that way. The record is valid until Visit returns, or
	// until that Flush does.
	Visit func(t T, rec *Record, err error) (full bool)

	// VisitChunk, if there is one, is called in place of Visit for a chunk all of
	// whose records are wanted, if it can be taken over as it is: see
	// [Batch.AddChunk]. Which chunks that are is not to be relied on.
	VisitChunk func(t T, c *Chunk) (full bool)

	// Flush takes what t has gathered and empties it. It is never called
	// twice at once, and in the order of the log. An error ends the scan.
	Flush func(t T, p Progress) error
}

// Progress says how far a Scanner has come.
type Progress struct {
	Pos   int64 // bytes of the log that have been read
	Stats Stats // of the records since the last Flush, wanted or not
}

// Run scans all of r. It returns the first error of Flush, of reading r, or
// of ctx; damage to the log is for Visit.
func (s Scanner[T]) Run(ctx context.Context, r *Reader) error {
	run := &scanRun[T]{Scanner: s, ctx: ctx, r: r}
	switch {
	case !s.Backward:
		var done func()
		run.slots, done = r.Pool.slots(r)
		defer done()
	case r.file.r == nil:
		return ErrNotSeekable
	default:
		run.slots = &slotsBack{slotFile: r.file}
	}
	run.turn.L = &run.mu
	threads := s.Threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if r.file.size >= 0 {
		threads = min(threads, max(1, r.file.slots()))
	}
	var wg sync.WaitGroup
	for range threads - 1 {
		wg.Go(run.worker)
	}
	run.worker()
	wg.Wait()
	if run.err == nil {
		r.setStats(run.sum)
	}
	return run.err
}

type scanRun[T any] struct {
	Scanner[T]
	ctx   context.Context
	r     *Reader
	slots slotSource

	mu   sync.Mutex
	turn sync.Cond
	next int // order of the slot whose worker may flush
	err  error
	sum  Stats
}

func (s *scanRun[T]) worker() {
	w, t := s.r.Pool.walker(s.r), s.New()
	defer s.r.Pool.put(w)
	if s.Select != nil && !s.Select.everything() {
		w.filter = s.Select.Filter()
	}
	var failed error // a worker's own, seen in Visit
	var at slot
	visit := func(rec *Record, err error) bool {
		if s.Visit(t, rec, err) {
			failed = s.flush(t, at, Progress{s.behind(at, 0), w.takeStats()}, false)
		}
		return failed == nil
	}
	if s.VisitChunk != nil {
		w.visitChunks(func(c *Chunk) bool {
			if s.VisitChunk(t, c) {
				failed = s.flush(t, at, Progress{s.behind(at, 0), w.takeStats()}, false)
			}
			return failed == nil
		})
	}
	for {
		if err := s.ctx.Err(); err != nil {
			s.stop(err)
			return
		}
		var err error
		if at, err = s.slots.next(&w.d.chunk.buf); err != nil {
			s.stop(err)
			return
		}
		if at.n < 0 {
			return // another worker has met the end
		}
		if at.index == 0 && s.r.headerErr != nil {
			visit(nil, s.r.headerErr)
		}
		if at.n > 0 {
			w.read(at, visit)
		} else {
			w.endOfFile(at.index, visit)
		}
		if failed == nil {
			failed = s.flush(t, at, Progress{s.behind(at, at.n), w.takeStats()}, true)
		}
		if failed != nil || at.n == 0 && !s.Backward {
			return
		}
	}
}

// behind is how many bytes have been read when n of the slot have.
func (s *scanRun[T]) behind(at slot, n int) int64 {
	f := &s.r.file
	if s.Backward {
		return f.size - f.slotAt(f.slots()-at.order)
	}
	pos := f.slotAt(at.order) + int64(n)
	if n > 0 {
		pos += int64(at.span-1) * chunkSize
	}
	if f.size >= 0 {
		pos = min(pos, f.size)
	}
	return pos
}

// flush waits until all slots before at are flushed and flushes t. The last
// flush of a slot passes the turn on.
func (s *scanRun[T]) flush(t T, at slot, p Progress, last bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.next < at.order && s.err == nil {
		s.turn.Wait()
	}
	if s.err != nil {
		return s.err
	}
	s.err = s.Flush(t, p)
	switch {
	case s.err != nil:
	case s.Backward:
		before := s.sum
		s.sum = p.Stats
		s.sum.Add(before)
	default:
		s.sum.Add(p.Stats)
	}
	if last {
		s.next = at.order + at.span
	}
	if last || s.err != nil {
		s.turn.Broadcast()
	}
	return s.err
}

func (s *scanRun[T]) stop(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	s.turn.Broadcast()
}
