package evtx

import (
	"bytes"
	"fmt"
)

// A walker goes through the records of the current chunk. The chunk's header
// says where they end, and a checksum over just these bytes may confirm it.
// Up to there one record follows the other, even where identifiers jump: a
// log copied while it was written has chunks that are half old, half new.
// Behind a confirmed end there is nothing but unused space, with stale
// records in it as often as not: what Windows allocates for a log is not
// cleared, nor is a log that was. The one exception is a dirty log whose
// header lags behind: records that lie right at the end, one behind the
// other, are live if they have the numbers that are expected next (see
// continues). Behind an end that is not confirmed a record is live as long as
// the identifiers go on counting. Where a record should start and does not,
// or one is torn, the walk goes on at the next complete record, by the same
// rule of identifiers.
type walker struct {
	file    slotFile // without a reader of a stream
	header  Header   // of the file
	emptied bool     // the log was cleared, and nothing is live
	image   bool     // the input is no log, but may hold some: see NewImageReader
	recover bool     // stale records too
	library *library
	filter  *Filter // nil: all records are wanted
	stats   stats
	d       *decoder
	glance  glance
	chunks  chunkVisitor

	slot        slot // that is in the decoder's chunk
	parts       []part
	weighed     weighedHeader        // of the chunk in it
	around, own *[3 * chunkSize]byte // the slot and its neighbours; memory of the walker's own for that

	walk
}

// A walk is a walker's way through one part of a slot, a chunk as a rule. When yield returns false it stops
// right there, and goes on from there once done is false again: a Cursor does
// that.
type walk struct {
	yield func(*Record, error) bool
	done  bool // yield has returned false

	pos       int
	end       int    // behind the last record, says the header
	confirmed bool   // nothing is live behind end
	headerID  uint64 // of the last record, says the header
	counts    uint64 // records, says the header; 0 if that is not to be checked
	lastID    uint64 // of the last live record; meaningless before the first
	last      int    // where it is, likewise
	tail      int    // behind the last live record
	live      int    // live records so far, torn ones included
	hidden    int    // records inside of them
	damaged   bool   // something in the chunk was reported
	seen      bool   // a record has been counted
	inside    inside // of the record that was yielded last

	// Of bytes that are no chunk: places in the slot.
	raw      bool // they are; end is their end
	windowed bool // the chunk's buffer starts at base
	base     int
	looked   bool // for the chunk that the slot before ends in
	definer  int  // a record that says where its chunk starts, or where none was found up to
}

// An inside is the end of a record, where hidden ones are to be looked for.
type inside struct {
	id        uint64
	from, end int
	outer     uint32 // size of the record; 0 if there is nothing to look for
}

func newWalker(r *Reader) *walker {
	d := newDecoder(r.cache())
	w := &walker{d: d, glance: glance{d: d}}
	w.reads(r)
	return w
}

// reads makes the walker one of that log.
func (w *walker) reads(r *Reader) {
	w.file, w.header, w.emptied, w.image = r.file, r.header, r.emptied, r.image
	w.recover = r.Recover || r.image
	w.library = &r.library
	w.d.renderer.codePage = r.CodePage
	w.d.names.library = &r.library
}

// read yields the records and errors of the slot that was read into the
// decoder's chunk, and reports whether to go on.
func (w *walker) read(s slot, yield func(*Record, error) bool) bool {
	w.split(s)
	for i := range w.parts {
		if w.enter(i, yield) {
			if !w.whole() {
				w.records()
				w.continued()
			}
			if !w.done {
				w.checkLive()
				w.stale()
			}
		}
		if w.done {
			return false
		}
	}
	return true
}

// enter begins a part and reports whether it may hold records.
func (w *walker) enter(i int, yield func(*Record, error) bool) bool {
	p := w.parts[i]
	w.d.chunk.part = i
	n := w.lay(p)
	w.walk = walk{yield: yield, pos: chunkHeaderSize, tail: chunkHeaderSize}
	w.d.budget = chunkBudget
	switch {
	case p.kind == partRaw:
		return w.rawBytes(p)
	case w.emptied && w.slot.index > 0:
		w.confirmed, w.tail = true, 0
	case string(w.d.chunk.buf[:8]) == chunkMagic:
		if p.jump {
			w.fail(DamageChunk, 0, 0, fmt.Sprintf("chunk lies 0x%x bytes behind its place", p.from))
		}
		w.chunkHeader(n, p)
	default:
		return w.stray(n)
	}
	return true
}

// rawBytes begins bytes that are no chunk, although chunks are near.
func (w *walker) rawBytes(p part) bool {
	if w.counted() {
		w.fail(DamageNoChunk, 0, 0, fmt.Sprintf("%d bytes that are no chunk", p.to-p.from))
	}
	w.raw, w.confirmed, w.pos, w.tail, w.end = true, true, p.to, p.from, p.to
	return true
}

// counted reports whether the file header counts the slot; without a header
// all count.
func (w *walker) counted() bool {
	return w.slot.index < int(w.header.Chunks) || w.header.MajorVersion == 0
}

// chunkHeader weighs a chunk header and reports what is wrong with it.
func (w *walker) chunkHeader(n int, p part) {
	h := &w.weighed
	sums := !w.header.noChecksums() && h.flags&flagNoCRC == 0
	switch {
	case p.kind == partSlot && p.to < w.slot.n:
		w.fail(DamageChunk, n, 0, fmt.Sprintf("another chunk begins after %d bytes of the chunk", n))
	case n < chunkSize:
		w.fail(DamageTruncated, n, 0, fmt.Sprintf("file is cut off after %d bytes of the chunk", n))
	}
	if sums && !h.headerOK {
		w.fail(DamageChecksum, 0, 0, "chunk header checksum is wrong")
	}
	if !h.plausible() {
		w.fail(DamageChunk, 0, 0, fmt.Sprintf("free space offset 0x%x is impossible", h.freeOffset))
		return
	}
	w.end, w.headerID = int(h.freeOffset), h.lastID
	switch {
	case !sums:
		w.confirmed = !w.header.Dirty()
	case h.dataOK:
		w.confirmed = !w.header.Dirty() || h.headerOK
		if h.headerOK {
			w.counts = h.count()
			w.d.chunk.intact = p.kind == partSlot && n == chunkSize
		}
	case n == chunkSize:
		w.fail(DamageChecksum, 0, 0, "checksum of the event records is wrong")
	}
}

// stray looks at a slot without a chunk signature and reports whether it may
// hold records all the same.
func (w *walker) stray(n int) bool {
	// Windows allocates ahead, and what it allocates may hold anything; only
	// among the chunks that the file header counts is that damage.
	h, buf := w.header, w.d.chunk.buf[:]
	counted, empty := w.counted(), isZero(buf)
	first, ok := w.next(0, chunkSize)
	switch {
	case n < chunkSize && !counted && !empty && !ok: // what Windows allocates is whole chunks
		w.fail(DamageNoChunk, 0, 0, fmt.Sprintf("%d bytes behind the last chunk that are no chunk", n))
	case !counted && (!h.Dirty() || ok && u64(buf, first+8) < h.NextRecordID):
		w.confirmed, w.tail = true, 0
		return ok
	case empty && counted && !h.Dirty():
		w.fail(DamageNoChunk, 0, 0, w.nothingButZeros())
	case !empty && !ok && counted:
		w.fail(DamageNoChunk, 0, 0, fmt.Sprintf("%d bytes that are no chunk", n))
	}
	if !ok {
		return false
	}
	w.fail(DamageChunk, 0, 0, "chunk signature is missing")
	if !w.complete(chunkHeaderSize, chunkSize) {
		w.pos = 0
	}
	return true
}

func (w *walker) nothingButZeros() string {
	n := w.slot.span
	if w.header.MajorVersion != 0 {
		n = min(n, int(w.header.Chunks)-w.slot.index)
	}
	if n == 1 {
		return "chunk holds nothing but zeros"
	}
	return fmt.Sprintf("%d chunks hold nothing but zeros", n)
}

// fail yields an error at a place in the chunk. In an image there is nothing
// that should be different.
func (w *walker) fail(kind Damage, off int, id uint64, reason string) {
	w.damaged = true
	if w.done || w.image {
		return
	}
	err := &FormatError{Offset: w.d.chunk.offset(off), Chunk: w.d.chunk.index, RecordID: id, Kind: kind, Reason: reason}
	w.done = !w.yield(nil, err)
}

func (w *walker) complete(off, limit int) bool { return completeRecord(w.d.chunk.buf[:], off, limit) }

func (w *walker) size(off, limit int) (int, bool) { return recordSize(w.d.chunk.buf[:], off, limit) }

// next returns the first complete record from off on.
func (w *walker) next(off, limit int) (int, bool) {
	return findRecord(w.d.chunk.buf[:], off, limit, limit)
}

// records yields the live records.
func (w *walker) records() {
	for !w.done {
		if w.inside.outer != 0 {
			w.lookInside()
			continue
		}
		if w.confirmed && w.pos >= w.end {
			return
		}
		size, ok := w.size(w.pos, w.limit())
		if !ok {
			if !w.resume(w.pos, true) {
				return
			}
			continue
		}
		id := u64(w.d.chunk.buf[:], w.pos+8)
		if w.pos >= w.end && !w.follows(w.pos, id) {
			return
		}
		w.advance(size, id)
		w.record(size, id)
	}
}

// advance takes in the live record at pos.
func (w *walker) advance(size int, id uint64) {
	w.lastID, w.last = id, w.pos
	w.live++
	w.tail = w.pos + size
}

// record yields the record at pos, or why it cannot be read, and moves on.
func (w *walker) record(size int, id uint64) {
	at := w.pos
	w.pos += size
	if u32(w.d.chunk.buf[:], at+size-4) == uint32(size) {
		w.decode(at, size, id)
		return
	}
	w.fail(DamageTorn, at, id, "record is torn: the copy of its size differs")
	// Either size may be the wrong one. A record right behind this one says
	// that the first was right.
	if _, ok := w.size(w.pos, w.limit()); !ok {
		w.pos, w.tail = at+4, at
		if !w.resume(at, false) {
			w.pos = chunkSize
		}
	}
}

// wants reports whether the record is wanted, and counts it if it is selected.
func (w *walker) wants(r *Record) bool {
	if w.filter == nil {
		return true
	}
	v := w.filter.judge(r)
	w.count(v)
	return v == wanted
}

func (w *walker) count(v verdict) {
	if v != refused {
		w.stats.selected++
	}
}

// decode yields the record at off if it is wanted.
func (w *walker) decode(off, size int, id uint64) {
	if w.filter != nil && w.confirmed {
		if v := w.glance.judge(w.filter, off, size); v != wanted {
			w.stats.see(&w.glance.record, !w.seen)
			w.seen = true
			w.count(v)
			return
		}
	}
	w.d.instances.elsewhere = nil
	rec, err := w.d.decode(off, size)
	if err != nil {
		w.fail(DamageRecord, off, id, err.reason)
		if w.recover && !w.done {
			w.yieldRecovered(off, size)
		}
		return
	}
	rec.recovered = w.image
	w.see(rec)
	if off+size-w.d.end >= recordMinSize {
		w.inside = inside{id, w.d.end, off + size, uint32(size)}
	}
	if w.wants(rec) {
		w.done = !w.yield(rec, nil)
	}
}

// lookInside looks for complete records in the end of the record that was
// decoded last, behind its binary XML, where Windows leaves no more than
// padding. The tool that hides events so makes the record before them longer;
// the last one ends where that does, and its copy of the size is the longer
// one's.
func (w *walker) lookInside() {
	b, in := w.d.chunk.buf[:], &w.inside
	for !w.done {
		i := bytes.Index(b[in.from:in.end], []byte(recordMagic))
		if i < 0 {
			in.outer = 0
			return
		}
		at := in.from + i
		size, ok := w.size(at, in.end)
		if ok {
			last := u32(b, at+size-4)
			ok = last == uint32(size) || at+size == in.end && last == in.outer
		}
		if !ok {
			in.from = at + 4
			continue
		}
		in.from = at + size
		w.hidden++
		w.stats.hidden++
		w.stats.numbers.hide(HiddenRecord{Offset: w.d.chunk.offset(at), Chunk: w.d.chunk.index, RecordID: u64(b, at+8), InsideID: in.id})
		if w.recover {
			w.yieldRecovered(at, size)
		}
	}
}

// resume moves to the next complete record that is live, and reports whether
// there is one. What is lost from at on is an error, if one is wanted; space
// that is merely unused is none.
func (w *walker) resume(at int, report bool) bool {
	limit := w.limit()
	next, found := w.next(w.pos, limit)
	if found && (w.confirmed || w.follows(next, u64(w.d.chunk.buf[:], next+8))) {
		if report {
			w.fail(DamageRecord, at, 0, fmt.Sprintf("no record where one should be; reading goes on 0x%x bytes later", next-at))
		}
		w.pos = next
		return true
	}
	switch {
	case report && at < w.end && w.lost():
		w.fail(DamageRecord, at, 0, fmt.Sprintf("no record where one should be; 0x%x bytes are lost", w.end-at))
	case report && at >= w.end && w.startsLive(at):
		w.fail(DamageRecord, at, 0, "record has an impossible size")
	}
	return false
}

// lost reports whether records are missing between pos and the end. Some
// archived logs end their chunks with zeros, and count these as used.
func (w *walker) lost() bool {
	if w.live > 0 && w.lastID == w.headerID {
		return false
	}
	return len(bytes.Trim(w.d.chunk.buf[w.pos:w.end], "\x00")) > 0
}

// startsLive reports whether the next record by number seems to start at off.
func (w *walker) startsLive(off int) bool {
	b := w.d.chunk.buf[:]
	return off <= chunkSize-recordHeader && string(b[off:off+4]) == recordMagic && u64(b, off+8) == w.lastID+1
}

// see counts a record.
func (w *walker) see(rec *Record) {
	w.stats.see(rec, !w.seen)
	w.seen = true
	if id := &rec.fields[FieldEventID]; id.kind == refHole && rec.vals[id.hole].typ() == TypeUint16 {
		// The short way, which nearly all records take.
		if !isClearing(uint16(u16(w.d.chunk.buf[:], rec.vals[id.hole].off()))) {
			return
		}
	}
	if isClearing(rec.EventID()) && !rec.recovered && rec.saysCleared() {
		w.stats.numbers.cleared(rec)
	}
}

// endOfFile yields an error if the file ends before the chunks that its
// header counts. The header of a dirty log lags behind and says nothing.
func (w *walker) endOfFile(slots int, yield func(*Record, error) bool) bool {
	h := w.header
	if int(h.Chunks) <= slots || h.Dirty() || h.Flags&^fileFlagsMask != 0 {
		return true
	}
	return yield(nil, &FormatError{
		Offset: w.file.slotAt(slots),
		Chunk:  slots,
		Kind:   DamageTruncated,
		Reason: fmt.Sprintf("file ends after %d of %d chunks", slots, h.Chunks),
	})
}
