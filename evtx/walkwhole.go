package evtx

// A Chunk is a chunk of the log all of whose records are wanted, and that is as a
// Writer would leave it but for its place: see wholechunk.go. Like a Record it is
// valid until the Visit that got it returns, or the Flush that follows does.
type Chunk struct{ whole *wholeChunk }

// Len is the number of its records.
func (c *Chunk) Len() int { return c.whole.n }

// A chunkVisitor takes chunks in place of their records.
type chunkVisitor struct {
	yield  func(*Chunk) bool // nil: none are taken; false: go no further
	filter *Filter           // what is wanted, for fields of System alone
	chunk  Chunk
	record Record // with fields of System alone
}

// visitChunks makes the walker yield chunks, of which all is wanted, in one piece.
func (w *walker) visitChunks(yield func(*Chunk) bool) {
	v := &w.chunks
	if v.filter = w.filter; v.filter == nil {
		v.filter = new(Selection).Filter()
	}
	if !v.filter.system() {
		return // only the records tell
	}
	if v.yield = yield; v.chunk.whole == nil {
		v.chunk.whole = new(wholeChunk)
	}
	v.chunk.whole.asks(v.filter)
}

// whole yields the chunk that was entered, and reports whether it did. If it did
// not, nothing has happened, and the records are to be looked at one by one: what
// is unusual in any way is left to that.
func (w *walker) whole() bool {
	v := &w.chunks
	s := &w.stats
	if v.yield == nil || !w.d.chunk.intact || w.recover || w.damaged || !w.confirmed || s.records > 0 || len(s.numbers.runs) > 0 {
		return false
	}
	before := w.walk
	if !w.wholeRecords() {
		s.numbers.reset()
		*s = stats{numbers: s.numbers}
		w.walk = before
		return false
	}
	w.stale() // before anybody writes to the chunk
	w.done = !v.yield(&v.chunk)
	return true
}

// wholeRecords looks at all records of the chunk and counts them.
func (w *walker) wholeRecords() bool {
	v := &w.chunks
	c := v.chunk.whole
	c.begin(w.d)
	b := w.d.chunk.buf[:]
	for w.pos < w.end {
		size, ok := w.size(w.pos, w.end)
		if !ok || u32(b, w.pos+size-4) != uint32(size) || !c.record(w.pos, size) {
			return false
		}
		n := c.top.values
		if n == 0 || n > c.count {
			return false
		}
		r := &v.record
		r.d, r.fields, r.vals = w.d, &c.top.t.fields, c.front[:n]
		if isClearing(r.EventID()) && r.saysCleared() || v.filter.judge(r) != wanted {
			return false
		}
		w.stats.see(r, !w.seen)
		w.seen = true
		w.stats.selected++
		w.advance(size, u64(b, w.pos+8))
		w.pos += size
	}
	return c.complete() && uint64(w.live) == w.counts && !(w.header.Dirty() && w.continues())
}
