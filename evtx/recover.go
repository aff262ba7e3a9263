package evtx

import "bytes"

// Records that are no part of a log any more lie in three kinds of places: in
// the unused space behind a chunk's records, inside of other records, and in
// bytes that are no chunk. They were written as part of a chunk, and refer to
// names and templates of it by offset; so of those in no chunk it is found out
// where theirs began. What they refer to may have been written over since: then
// the log's other chunks are asked, and what they do not know either is left
// out of the record (see skeleton).

// stale counts the complete records in the space behind the live ones, and
// yields them if they are wanted.
func (w *walker) stale() {
	for !w.done {
		b, at, size := w.nextStale()
		if size == 0 {
			return
		}
		w.stats.stale++
		if w.beforeClear() {
			w.stats.beforeClear++
		}
		if w.recover {
			if w.raw {
				at = w.toWindow(b, at, size)
			}
			w.yieldRecovered(at, size)
		}
	}
}

// nextStale returns the next complete record that is no part of the log, and
// moves behind it. Of raw bytes it may reach into the slot that follows.
func (w *walker) nextStale() (b []byte, at, size int) {
	b, to := w.d.chunk.buf[:], chunkSize
	if w.raw {
		b, to = w.around[chunkSize:], w.end
	}
	at, ok := findRecord(b, w.tail, to, len(b))
	if !ok {
		return nil, 0, 0
	}
	size, _ = recordSize(b, at, len(b))
	w.tail = at + size
	return b, at, size
}

// yieldRecovered yields a record that is no part of the log, if it can be
// read and is wanted.
func (w *walker) yieldRecovered(at, size int) {
	rec, err := w.decodeRecovered(at, size)
	if err != nil {
		return
	}
	rec.recovered = true
	w.see(rec)
	if w.wants(rec) {
		w.done = !w.yield(rec, nil)
	}
}

// decodeRecovered reads a record that is no part of the log: the rest of the log
// is asked for templates.
func (w *walker) decodeRecovered(at, size int) (*Record, *syntaxError) {
	w.d.instances.elsewhere = w.library
	return w.d.decode(at, size)
}

// again reads a record once more that was read before.
func (w *walker) again(at, size int, recovered bool) (*Record, *syntaxError) {
	w.d.instances.elsewhere = nil
	if recovered {
		w.d.instances.elsewhere = w.library
	}
	return w.d.again(at, size)
}

// beforeClear reports whether stale records of this chunk are older than the
// log as it is now. What lies behind the end of its very first chunk was there
// when the log began; in later ones, and where a log has wrapped, it is left
// of the log itself. A log that was closed may be a saved selection, in which
// Windows leaves what was not selected; unless there is nothing in it.
func (w *walker) beforeClear() bool {
	if w.emptied {
		return true
	}
	first := w.d.chunk.index == 0 && w.header.FirstChunk == 0 && w.confirmed && !w.raw
	return first && (w.header.Dirty() || w.live == 0 && w.header.Chunks <= 1)
}

// toWindow puts the chunk that a record among raw bytes was written in into the
// chunk's buffer, and returns where the record is in it. b starts with the slot.
// A record that does not say lies in the chunk of the one before, or in that of
// the next one that does.
func (w *walker) toWindow(b []byte, at, size int) int {
	holds := func(start int) bool { return start+chunkHeaderSize <= at && at+size <= start+chunkSize }
	base, ok := chunkOf(b, at)
	if !ok && !w.windowed && !w.looked {
		w.looked = true
		if base, ok := w.chunkBefore(); ok {
			w.base, w.windowed = base, true
			w.window(base)
		}
	}
	switch {
	case ok:
	case w.windowed && holds(w.base):
		return at - w.base
	default:
		if w.definer <= at {
			w.definer = w.nextDefiner(b, at+size, at+chunkSize)
		}
		if base, ok = chunkOf(b, w.definer); !ok || !holds(base) {
			base = at - chunkHeaderSize
		}
	}
	base = max(base, -chunkSize)
	if !w.windowed || base != w.base {
		w.base, w.windowed = base, true
		w.window(base)
	}
	return at - base
}

// chunkBefore returns where the chunk starts that the last record of the slot
// before lies in, if that record or one before it says so.
func (w *walker) chunkBefore() (start int, ok bool) {
	b := w.around[:]
	for from := 0; ; {
		at, found := findRecord(b, from, chunkSize, len(b))
		if !found {
			return start, ok
		}
		if s, says := chunkOf(b, at); says {
			start, ok = s-chunkSize, true
		}
		size, _ := recordSize(b, at, len(b))
		from = at + size
	}
}

// nextDefiner returns the next record that says where its chunk starts, or else
// where it was looked for in vain up to.
func (w *walker) nextDefiner(b []byte, from, to int) int {
	to = min(to, len(b))
	for from < to {
		at, ok := findRecord(b, from, to, len(b))
		if !ok {
			break
		}
		if _, ok := chunkOf(b, at); ok {
			return at
		}
		from = at + 4
	}
	return to
}

// chunkOf returns where the chunk of a record starts, if the record defines its
// template: it says at what offset of the chunk that lies. The result may be
// negative, as b starts anywhere.
func chunkOf(b []byte, at int) (start int, ok bool) {
	pos := at + recordHeader
	if len(b)-pos < fragmentHeaderLen+10+definitionSize {
		return 0, false
	}
	if u32(b, pos) == fragmentHeader {
		pos += fragmentHeaderLen
	}
	id, off := u32(b, pos+2), int64(u32(b, pos+6))
	pos += 10
	if b[pos-10] != tokenInstance || u32(b, pos+4) != id || u32(b, pos+20) > chunkSize || off < chunkHeaderSize || off >= chunkSize {
		return 0, false
	}
	start = pos - int(off)
	return start, start+chunkHeaderSize <= at
}

// recordSize returns the size of the record that starts at off, if one does and
// its size is possible.
func recordSize(b []byte, off, limit int) (int, bool) {
	if off > limit-recordMinSize || string(b[off:off+4]) != recordMagic {
		return 0, false
	}
	size := u32(b, off+4)
	return int(size), size >= recordMinSize && size <= uint32(limit-off)
}

// completeRecord reports whether a whole record with both its sizes lies at off.
func completeRecord(b []byte, off, limit int) bool {
	size, ok := recordSize(b, off, limit)
	return ok && u32(b, off+size-4) == uint32(size)
}

// findRecord returns the first complete record that starts from off on and
// before to; it must end before limit.
func findRecord(b []byte, off, to, limit int) (int, bool) {
	for off < to {
		i := bytes.Index(b[off:min(to+len(recordMagic)-1, limit)], []byte(recordMagic))
		if i < 0 {
			break
		}
		off += i
		if completeRecord(b, off, limit) && u32(b, off+4) <= chunkSize-chunkHeaderSize {
			return off, true
		}
		off += 4
	}
	return 0, false
}
