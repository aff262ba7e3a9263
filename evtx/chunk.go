package evtx

import (
	"bytes"
	"fmt"
	"hash/crc32"
)

// A walk goes through the records of the current chunk. What the chunk's
// header says of them is checked first and believed as far as it holds:
//
//   - records lie from 512 to the free space offset, if that is possible and
//     the checksum over just these bytes is right;
//   - otherwise, and in a dirty log behind that offset, a record is live as
//     long as identifiers go on counting; then the space is unused, and what
//     looks like records there is stale;
//   - where a record should start and does not, or one is torn, the walk goes
//     on at the next complete record.
type walk struct {
	d     *decoder
	yield func(*Record, error) bool
	done  bool // yield has returned false

	pos     int
	end     int    // behind the last record that the header vouches for
	trusted bool   // the header vouches for the bytes up to end
	lastID  uint64 // of the last live record; 0 before the first
	live    int    // records and torn records so far
}

// chunk yields the records and errors of the slot in d.buf, of which the file
// holds n bytes, and reports whether to go on.
func (d *decoder) chunk(index, n int, yield func(*Record, error) bool) bool {
	d.begin(index)
	w := walk{d: d, yield: yield, pos: chunkHeaderSize}
	if string(d.buf[:8]) == chunkMagic {
		w.header(n)
	} else if !w.stray(n) {
		return !w.done
	}
	w.records()
	if d.recover && !w.done {
		w.stale()
	}
	return !w.done
}

// header weighs a chunk header and reports what is wrong with it.
func (w *walk) header(n int) {
	d := w.d
	h := parseChunkHeader(d.buf[:chunkHeaderSize])
	sums := !d.header.noChecksums() && h.flags&flagNoCRC == 0
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
	if !sums {
		w.end, w.trusted = int(h.freeOffset), true
		return
	}
	if crc32.ChecksumIEEE(d.buf[chunkHeaderSize:h.freeOffset]) == h.dataCRC {
		w.end, w.trusted = int(h.freeOffset), true
	} else if n == chunkSize {
		w.fail(0, 0, "checksum of the event records is wrong")
	}
}

// stray looks at a slot without a chunk signature and reports whether it may
// hold records all the same.
func (w *walk) stray(n int) bool {
	d := w.d
	empty := true
	for b := d.buf[:]; empty && len(b) > 0; b = b[512:] {
		empty = [512]byte(b) == [512]byte{}
	}
	if empty {
		// Windows allocates ahead; only a hole among used chunks is damage.
		if d.index < int(d.header.Chunks) && !d.header.Dirty() {
			w.fail(0, 0, "chunk holds nothing but zeros")
		}
		return false
	}
	if _, ok := w.next(0, chunkSize); !ok {
		w.fail(0, 0, fmt.Sprintf("%d bytes that are no chunk", n))
		return false
	}
	w.fail(0, 0, "chunk signature is missing")
	w.pos = 0
	if w.complete(chunkHeaderSize, chunkSize) {
		w.pos = chunkHeaderSize
	}
	return true
}

// fail yields an error at a place in the chunk.
func (w *walk) fail(off int, id uint64, reason string) {
	if w.done {
		return
	}
	err := &FormatError{Offset: w.d.offset(off), Chunk: w.d.index, RecordID: id, Reason: reason}
	w.done = !w.yield(nil, err)
}

// complete reports whether a whole record with both its sizes lies at off.
func (w *walk) complete(off, limit int) bool {
	size, ok := w.size(off, limit)
	return ok && u32(w.d.buf[:], off+size-4) == uint32(size)
}

// size returns the size of the record that starts at off, if one does and
// its size is possible.
func (w *walk) size(off, limit int) (int, bool) {
	b := w.d.buf[:]
	if off > limit-recordMinSize || string(b[off:off+4]) != recordMagic {
		return 0, false
	}
	size := u32(b, off+4)
	return int(size), size >= recordMinSize && size <= uint32(limit-off)
}

// next returns the first complete record from off on.
func (w *walk) next(off, limit int) (int, bool) {
	for off < limit {
		i := bytes.Index(w.d.buf[off:limit], []byte(recordMagic))
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
func (w *walk) records() {
	for !w.done {
		if w.trusted && w.pos >= w.end {
			if !w.d.header.Dirty() {
				return
			}
			w.trusted = false // written after the header was
		}
		limit := chunkSize
		if w.trusted {
			limit = w.end
		}
		size, ok := w.size(w.pos, limit)
		id := uint64(0)
		if ok {
			id = u64(w.d.buf[:], w.pos+8)
		}
		switch {
		case !ok && !w.resume(limit):
			return
		case !ok:
		case !w.trusted && w.live > 0 && id != w.lastID+1:
			if !w.follows(id) {
				return
			}
			fallthrough
		default:
			w.lastID = id
			w.live++
			w.one(size, id, limit)
		}
	}
}

// follows reports whether a record behind a gap still belongs to the chunk:
// its identifier is higher by no more than a chunk's worth of records.
func (w *walk) follows(id uint64) bool {
	return id > w.lastID && id-w.lastID <= chunkSize/recordMinSize
}

// one yields the record at pos, or why it cannot be read, and moves on.
func (w *walk) one(size int, id uint64, limit int) {
	at := w.pos
	w.pos += size
	if !w.complete(at, limit) {
		w.fail(at, id, "record is torn: the copy of its size differs")
		// Either size may be the wrong one. A record behind this one says
		// that the first was right.
		if _, ok := w.size(w.pos, limit); !ok && w.pos < limit {
			if next, found := w.next(at+4, limit); found {
				w.pos = next
			}
		}
		return
	}
	rec, err := w.d.decode(at, size)
	if err != nil {
		w.fail(at, id, err.reason)
		return
	}
	w.done = !w.yield(rec, nil)
}

// resume finds where records go on after a place that holds none, and
// reports whether they do. Space that is merely unused is no damage.
func (w *walk) resume(limit int) bool {
	at := w.pos
	next, found := w.next(at, limit)
	if found && !w.trusted && w.live > 0 && !w.follows(u64(w.d.buf[:], next+8)) {
		found = false
	}
	switch {
	case found:
		w.fail(at, 0, fmt.Sprintf("no record where one should be; reading goes on 0x%x bytes later", next-at))
		w.pos = next
		return true
	case w.trusted:
		w.fail(at, 0, fmt.Sprintf("no record where one should be; 0x%x bytes are lost", limit-at))
		w.pos = limit
		return true
	}
	if w.torn(at) {
		w.fail(at, 0, "record has an impossible size")
	}
	return false
}

// torn reports whether a live record seems to have started at off.
func (w *walk) torn(off int) bool {
	b := w.d.buf[:]
	return off <= chunkSize-recordHeader && string(b[off:off+4]) == recordMagic && u64(b, off+8) == w.lastID+1
}

// stale yields the complete records in the space behind the live ones. They
// may refer to names and templates that have been overwritten since; those
// that cannot be read are passed over.
func (w *walk) stale() {
	for !w.done {
		at, ok := w.next(w.pos, chunkSize)
		if !ok {
			return
		}
		size, _ := w.size(at, chunkSize)
		rec, err := w.d.decode(at, size)
		if err != nil {
			w.pos = at + 4
			continue
		}
		rec.recovered = true
		w.pos = at + size
		w.done = !w.yield(rec, nil)
	}
}

// endOfFile yields an error if the file ends before the chunks that its
// header counts. The header of a dirty log lags behind and says nothing.
func (d *decoder) endOfFile(slots int, yield func(*Record, error) bool) bool {
	h := d.header
	if int(h.Chunks) <= slots || h.Dirty() || h.Flags&^fileFlagsMask != 0 {
		return true
	}
	d.index = slots
	return yield(nil, &FormatError{
		Offset: d.offset(0),
		Chunk:  slots,
		Reason: fmt.Sprintf("file ends after %d of %d chunks", slots, h.Chunks),
	})
}
