package evtx

// A log of limited size, which Windows has by default, wraps: when the file is
// full the oldest chunk gives way to the newest, so that the file begins in the
// middle of the log (format document, "File header": first and last chunk).
// Its chunks are read from the oldest on, as Event Viewer shows them: the last
// records are the newest then, whatever lap they are of.
//
// Where the oldest chunk is, the chunks say, not the file's header, which lags
// behind while the log is in use: their first record identifiers rise through
// the whole file, but for one step down. More steps, and it is no log that has
// wrapped but something put together, which is read as it lies. Other logs
// cost one more header: that of the last chunk.

// findOldest returns the slot of the oldest chunk of a log that has wrapped,
// else 0.
func (f *slotFile) findOldest() int {
	slots := int((f.size - f.base) / chunkSize) // a chunk that is cut off is none of them
	if slots < 2 || slots != f.slots() {
		return 0
	}
	first, ok := f.firstHeader(0, 1)
	last, also := f.firstHeader(slots-1, -1)
	if !ok || !also || last.firstID >= first.firstID {
		return 0
	}
	oldest, before := 0, first
	for i := 1; i < slots; i++ {
		h, ok := f.chunkHeader(i)
		if !ok {
			continue // damaged: it lies where it would if it were not
		}
		if h.firstID < before.firstID {
			if oldest != 0 {
				return 0
			}
			oldest = i
		}
		before = h
	}
	return oldest
}

// firstHeader is the first good header from a slot on, among some: a log whose
// end is damaged, or empty yet, is no other for that.
func (f *slotFile) firstHeader(index, step int) (chunkHeader, bool) {
	for range min(8, f.slots()) {
		if h, ok := f.chunkHeader(index); ok {
			return h, true
		}
		index += step
	}
	return chunkHeader{}, false
}

// chunkHeader reads the header of the chunk in a slot, false if it is none, or damaged.
func (f *slotFile) chunkHeader(index int) (chunkHeader, bool) {
	var b [chunkHeaderSize]byte
	n, err := f.read(b[:], f.slotAt(index))
	if err != nil || n < len(b) || string(b[:8]) != chunkMagic {
		return chunkHeader{}, false
	}
	h := parseChunkHeader(b[:])
	return h, h.headerOK
}
