package evtx

import (
	"bytes"
	"fmt"
	"hash/crc32"
)

// A walker goes through the records of the current chunk. The chunk's header
// says where they end, and a checksum over just these bytes may confirm it.
// Up to there one record follows the other, even where identifiers jump: a
// log copied while it was written has chunks that are half old, half new.
// Behind a confirmed end there is nothing but unused space, with stale
// records in it as often as not. Behind an end that is not confirmed, and in
// a dirty log, a record is live as long as the identifiers go on counting.
// Where a record should start and does not, or one is torn, the walk goes on
// at the next complete record, by the same rule of identifiers.
type walker struct {
	header  Header  // of the file
	recover bool    // stale records too
	filter  *Filter // nil: all records are wanted
	stats   stats
	d       *decoder
	glance  glance
	walk
}

// A walk is a walker's way through one chunk.
type walk struct {
	yield func(*Record, error) bool
	done  bool // yield has returned false

	pos       int
	end       int    // behind the last record, says the header
	confirmed bool   // nothing is live behind end
	headerID  uint64 // of the last record, says the header
	lastID    uint64 // of the last live record; meaningless before the first
	tail      int    // behind the last live record
	live      int    // live records so far, torn ones included
}

func newWalker(r *Reader) *walker {
	d := newDecoder(r.templates, r.CodePage)
	return &walker{header: r.header, recover: r.Recover, d: d, glance: glance{d: d}}
}

// chunk yields the records and errors of the slot that was read into the
// decoder's chunk, of which the file holds n bytes, and reports whether to go
// on.
func (w *walker) chunk(index, n int, yield func(*Record, error) bool) bool {
	w.d.begin(index)
	w.walk = walk{yield: yield, pos: chunkHeaderSize, tail: chunkHeaderSize}
	if string(w.d.chunk.buf[:8]) == chunkMagic {
		w.chunkHeader(n)
	} else if !w.stray(n) {
		return !w.done
	}
	w.records()
	if w.recover && !w.done {
		w.stale()
	}
	return !w.done
}

// chunkHeader weighs a chunk header and reports what is wrong with it.
func (w *walker) chunkHeader(n int) {
	buf := &w.d.chunk.buf
	h := parseChunkHeader(buf[:chunkHeaderSize])
	sums := !w.header.noChecksums() && h.flags&flagNoCRC == 0
	plausible := h.freeOffset >= chunkHeaderSize && h.freeOffset <= chunkSize
	if n < chunkSize {
		w.fail(n, 0, fmt.Sprintf("file is cut off after %d bytes of the chunk", n))
	}
	if sums && !h.headerOK {
		w.fail(0, 0, "chunk header checksum is wrong")
	}
	if !plausible {
		w.fail(0, 0, fmt.Sprintf("free space offset 0x%x is impossible", h.freeOffset))
		return
	}
	w.end, w.headerID = int(h.freeOffset), h.lastID
	switch {
	case !sums || crc32.ChecksumIEEE(buf[chunkHeaderSize:w.end]) == h.dataCRC:
		w.confirmed = !w.header.Dirty()
	case n == chunkSize:
		w.fail(0, 0, "checksum of the event records is wrong")
	}
}

// stray looks at a slot without a chunk signature and reports whether it may
// hold records all the same.
func (w *walker) stray(n int) bool {
	// Windows allocates ahead, and what it allocates may hold anything; only
	// among the chunks that the file header counts is that damage.
	h, buf := w.header, w.d.chunk.buf[:]
	counted := w.d.chunk.index < int(h.Chunks) || h.MajorVersion == 0
	empty := true
	for b := buf; empty && len(b) > 0; b = b[512:] {
		empty = [512]byte(b) == [512]byte{}
	}
	_, ok := w.next(0, chunkSize)
	switch {
	case n < chunkSize && !counted && !empty && !ok: // what Windows allocates is whole chunks
		w.fail(0, 0, fmt.Sprintf("%d bytes behind the last chunk that are no chunk", n))
	case !counted && !h.Dirty():
		return w.recover && ok
	case empty && counted && !h.Dirty():
		w.fail(0, 0, "chunk holds nothing but zeros")
	case !empty && !ok && counted:
		w.fail(0, 0, fmt.Sprintf("%d bytes that are no chunk", n))
	}
	if !ok {
		return false
	}
	w.fail(0, 0, "chunk signature is missing")
	if !w.complete(chunkHeaderSize, chunkSize) {
		w.pos = 0
	}
	return true
}

// fail yields an error at a place in the chunk.
func (w *walker) fail(off int, id uint64, reason string) {
	if w.done {
		return
	}
	err := &FormatError{Offset: w.d.chunk.offset(off), Chunk: w.d.chunk.index, RecordID: id, Reason: reason}
	w.done = !w.yield(nil, err)
}

// complete reports whether a whole record with both its sizes lies at off.
func (w *walker) complete(off, limit int) bool {
	size, ok := w.size(off, limit)
	return ok && u32(w.d.chunk.buf[:], off+size-4) == uint32(size)
}

// size returns the size of the record that starts at off, if one does and
// its size is possible.
func (w *walker) size(off, limit int) (int, bool) {
	b := w.d.chunk.buf[:]
	if off > limit-recordMinSize || string(b[off:off+4]) != recordMagic {
		return 0, false
	}
	size := u32(b, off+4)
	return int(size), size >= recordMinSize && size <= uint32(limit-off)
}

// next returns the first complete record from off on.
func (w *walker) next(off, limit int) (int, bool) {
	for off < limit {
		i := bytes.Index(w.d.chunk.buf[off:limit], []byte(recordMagic))
		if i < 0 {
			break
		}
		off += i
		if w.complete(off, limit) {
			return off, true
		}
		off += 4
	}
	return 0, false
}

// records yields the live records.
func (w *walker) records() {
	for !w.done {
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
		w.lastID = id
		w.live++
		w.tail = w.pos + size
		w.record(size, id)
	}
}

// limit is where records must end: an end that is not confirmed may lie.
func (w *walker) limit() int {
	if w.confirmed {
		return w.end
	}
	return chunkSize
}

// shortRecord is a size that real records stay above: one is 170 bytes long
// before it says anything.
const shortRecord = 128

// follows reports whether a record at off with that identifier comes after
// the last live one: it is the next, or higher by no more than what fits into
// the bytes lost between them.
func (w *walker) follows(off int, id uint64) bool {
	gap := uint64(off-w.tail)/shortRecord + 1
	return w.live == 0 || id > w.lastID && id-w.lastID <= gap+1
}

// record yields the record at pos, or why it cannot be read, and moves on.
func (w *walker) record(size int, id uint64) {
	at, limit := w.pos, w.limit()
	w.pos += size
	if w.complete(at, limit) {
		w.decode(at, size, id)
		return
	}
	w.fail(at, id, "record is torn: the copy of its size differs")
	// Either size may be the wrong one. A record right behind this one says
	// that the first was right.
	if _, ok := w.size(w.pos, w.limit()); !ok {
		w.pos, w.tail = at+4, at
		if !w.resume(at, false) {
			w.pos = chunkSize
		}
	}
}

// decode yields the record at off if it is wanted.
func (w *walker) decode(off, size int, id uint64) {
	if w.filter != nil && w.confirmed && w.glance.refused(w.filter, off, size) {
		w.stats.see(&w.glance.record)
		return
	}
	rec, err := w.d.decode(off, size)
	if err != nil {
		w.fail(off, id, err.reason)
		return
	}
	w.stats.see(rec)
	if w.filter == nil || w.filter.Match(rec) {
		w.done = !w.yield(rec, nil)
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
			w.fail(at, 0, fmt.Sprintf("no record where one should be; reading goes on 0x%x bytes later", next-at))
		}
		w.pos = next
		return true
	}
	switch {
	case report && at < w.end && w.lost():
		w.fail(at, 0, fmt.Sprintf("no record where one should be; 0x%x bytes are lost", w.end-at))
	case report && at >= w.end && w.startsLive(at):
		w.fail(at, 0, "record has an impossible size")
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

// stale yields the complete records in the space behind the live ones. They
// may refer to names and templates that have been overwritten since; those
// that cannot be read are passed over.
func (w *walker) stale() {
	for !w.done {
		at, ok := w.next(w.tail, chunkSize)
		if !ok {
			return
		}
		size, _ := w.size(at, chunkSize)
		rec, err := w.d.decode(at, size)
		if err != nil {
			w.tail = at + 4
			continue
		}
		rec.recovered = true
		w.tail = at + size
		w.stats.see(rec)
		if w.filter == nil || w.filter.Match(rec) {
			w.done = !w.yield(rec, nil)
		}
	}
}

// endOfFile yields an error if the file ends before the chunks that its
// header counts. The header of a dirty log lags behind and says nothing.
func (w *walker) endOfFile(slots int, yield func(*Record, error) bool) bool {
	h := w.header
	if int(h.Chunks) <= slots || h.Dirty() || h.Flags&^fileFlagsMask != 0 {
		return true
	}
	w.d.chunk.place(slots)
	return yield(nil, &FormatError{
		Offset: w.d.chunk.offset(0),
		Chunk:  slots,
		Reason: fmt.Sprintf("file ends after %d of %d chunks", slots, h.Chunks),
	})
}
