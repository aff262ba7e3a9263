package evtx

import "sync"

// A Pool is what the Readers of many logs share, so that a small log costs
// little more than its records: the memory that a Scanner reads chunks with,
// some 100 KB for each goroutine and as much for a stream, and the compiled templates, which the same
// provider's events in all logs have in common. The zero Pool is ready to use, by
// any number of goroutines. It holds up to 12 MiB of templates; nothing of what a
// log says goes from one to the other.
type Pool struct {
	templates templateCache
	mu        sync.Mutex
	walkers   []*walker
	streams   []*slotsStream
}

const (
	maxPooledWalkers = 64
	// maxPooledValues is how many values a record may have had for the memory
	// to be kept: hostile ones reach thousands of times what real ones do.
	maxPooledValues = 1 << 14
	maxPooledNodes  = 1 << 14
)

// walker is one to read r with.
func (p *Pool) walker(r *Reader) *walker {
	if p == nil {
		return newWalker(r)
	}
	p.mu.Lock()
	var w *walker
	if n := len(p.walkers); n > 0 {
		w = p.walkers[n-1]
		p.walkers = p.walkers[:n-1]
	}
	p.mu.Unlock()
	if w == nil {
		return newWalker(r)
	}
	w.reads(r)
	return w
}

// put takes a walker back. No record of it is used any more.
func (p *Pool) put(w *walker) {
	if p == nil || cap(w.d.instances.supply) > maxPooledValues || cap(w.d.binder.tree.nodes) > maxPooledNodes {
		return
	}
	w.forget()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.walkers) < maxPooledWalkers {
		p.walkers = append(p.walkers, w)
	}
}

// slots are those of a Reader's log, from the first to the last, and done is for
// when they have been read.
func (p *Pool) slots(r *Reader) (slots slotSource, done func()) {
	if p == nil || r.file.r != nil {
		return r.slots(), func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s := new(slotsStream)
	if n := len(p.streams); n > 0 {
		s, p.streams = p.streams[n-1], p.streams[:n-1]
	}
	s.begin(r.stream)
	return s, func() {
		s.begin(nil)
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.streams) < maxPooledWalkers {
			p.streams = append(p.streams, s)
		}
	}
}

// cache is where the Reader's templates are kept.
func (r *Reader) cache() *templateCache {
	if r.Pool != nil {
		return &r.Pool.templates
	}
	return &r.templates
}

// forget makes the walker as good as a new one, of no log. What stays is memory,
// names as texts, and what the decoder learned of a chunk, which is void in the next.
func (w *walker) forget() {
	d := w.d
	d.definitions.forget()
	d.names.forget()
	d.names.library, d.instances.elsewhere, d.renderer.codePage = nil, nil, nil
	d.record, d.copier = Record{d: d}, nil
	numbers := w.stats.numbers
	numbers.reset()
	*w = walker{d: d, glance: glance{d: d}, stats: stats{numbers: numbers}, parts: w.parts[:0], own: w.own,
		chunks: chunkVisitor{chunk: w.chunks.chunk}}
}
