package evtx

import (
	"bytes"
	"fmt"
)

// continued yields the records behind the confirmed end of a chunk whose
// header lags behind.
func (w *walker) continued() {
	for !w.done {
		if w.inside.outer != 0 {
			w.lookInside()
			continue
		}
		if !w.confirmed || !w.header.Dirty() || w.emptied || w.pos < w.end || !w.continues() {
			return
		}
		size, ok := w.size(w.pos, chunkSize)
		if !ok {
			w.fail(DamageRecord, w.pos, 0, "record has an impossible size")
			return
		}
		id := u64(w.d.chunk.buf[:], w.pos+8)
		w.counts = 0
		w.advance(size, id)
		if !w.complete(w.pos, chunkSize) {
			w.fail(DamageTorn, w.pos, id, "record is torn: the copy of its size differs")
			return
		}
		w.pos += size
		w.decode(w.pos-size, size, id)
	}
}

// continues reports whether the live records go on at pos: what starts there
// has the number after the last one's and is not older.
//
// A stale record can be there by chance: what Windows allocated may hold
// records of another log, with numbers from 1 as well. But then they are older
// than those that have been written over them.
func (w *walker) continues() bool {
	b := w.d.chunk.buf[:]
	if w.pos > chunkSize-recordHeader || string(b[w.pos:w.pos+4]) != recordMagic {
		return false
	}
	if w.live == 0 {
		return w.pos == chunkHeaderSize && continuesEmpty(b, w.header)
	}
	return u64(b, w.pos+8) == w.lastID+1 && u64(b, w.pos+16) >= u64(b, w.last+16)
}

// continuesEmpty reports the same of the first record of a chunk that is said
// to be empty: it has the number that the file header says comes next. Number
// 1 proves nothing, as the first chunk of any log begins with it: then the
// header's tables must know names, which a new chunk has none of.
func continuesEmpty(b []byte, h Header) bool {
	if string(b[chunkHeaderSize:chunkHeaderSize+4]) != recordMagic || u64(b, chunkHeaderSize+8) != h.NextRecordID {
		return false
	}
	return h.NextRecordID > 1 || len(bytes.Trim(b[128:chunkHeaderSize], "\x00")) > 0
}

// checkLive reports what shows when all live records have been read: that some
// are absent, and what was damaged and read all the same.
func (w *walker) checkLive() {
	w.checkCount()
	for _, r := range w.d.names.repairs {
		w.fail(DamageName, r.off, 0, r.what)
	}
}

// checkCount compares the records with the number that the chunk's header
// counts, where both checksums say that nobody but the writer touched them.
func (w *walker) checkCount() {
	have := uint64(w.live + w.hidden)
	if w.damaged || have >= w.counts || w.counts-have > chunkSize/recordMinSize {
		return
	}
	w.stats.absent += int(w.counts - have)
	w.fail(DamageAbsent, w.tail, 0, fmt.Sprintf("chunk counts %d records and has %d", w.counts, have))
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
