package eventlog

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"

	"github.com/gwlogs/gwlogs/evtx"
)

// The layout of a log's file, as far as it takes to see that it has grown (sections "Chunk header", "Event record").
const (
	fileHead       = 4096
	slotSize       = 64 << 10
	chunkHead      = 512
	slotFront      = chunkHead + 24 // the chunk's header, and that of its first record
	slotsAtOnce    = 64             // are read into memory: 4 MiB
	patience       = 5              // looks at a chunk whose checksum is wrong: it may be in the middle of being written
	toldAtMost     = 10_000         // places of damage that are remembered, to be told once
	chunkSignature = "ElfChnk\x00"
)

// followedFile is a log in a file that may grow.
type followedFile struct {
	log     *Log
	info    os.FileInfo // of the file that was there last
	gone    bool
	slots   []slotMark
	highest uint64 // record of all

	mu   sync.Mutex
	told map[int64]bool // where damage was told
}

// slotMark is what is known of a chunk that was read.
type slotMark struct {
	sum      uint32 // of its header, and of how much of it is there
	first    uint64 // number of its first record; 0 if it has none
	written  uint64 // when that was written: with its number, it tells a chunk from the one that takes its place
	last     uint64 // number of its last record
	unsettle int    // how often it was found to be in the middle of being written
}

// followFile takes what is in the file by now as known, and the log to be that alone.
func followFile(l *Log) *followedFile {
	f := &followedFile{log: l, told: make(map[int64]bool)}
	l.place = f.tell
	file, err := os.Open(l.path)
	if err != nil {
		return f // so says the first pass
	}
	defer file.Close()
	if f.info, err = file.Stat(); err != nil {
		return f
	}
	size := f.info.Size()
	front := make([]byte, slotFront)
	active := 0
	for i := range slotsIn(size) {
		m := readMark(file, i, size, front)
		f.slots = append(f.slots, m)
		if m.last > f.highest {
			f.highest, active = m.last, i
		}
	}
	// Of these the header may say more than is there yet.
	for _, i := range []int{active, len(f.slots) - 1} {
		if i >= 0 && i < len(f.slots) {
			f.slots[i] = markOf(readSlot(file, i, size))
		}
	}
	known := slices.Clone(f.slots)
	l.accept = func(rec *evtx.Record) bool {
		i := rec.Chunk()
		return rec.Recovered() || i < len(known) && (known[i].first == 0 || rec.HeaderID() <= known[i].last)
	}
	return f
}

func (f *followedFile) close() {}

// tell says whether damage at a place is still to be told. It may come up with every change of its chunk.
func (f *followedFile) tell(place *evtx.FormatError) *evtx.FormatError {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told[place.Offset] || len(f.told) >= toldAtMost {
		return nil
	}
	f.told[place.Offset] = true
	return place
}

// news implements followed.
func (f *followedFile) news(_ context.Context, notice func(Notice)) (*Log, error) {
	if info, err := os.Stat(f.log.path); err == nil && !info.Mode().IsRegular() {
		return nil, nil // a pipe would not open
	}
	file, err := os.Open(f.log.path)
	if err != nil {
		if f.gone = f.gone || f.info == nil; !f.gone {
			f.gone = true
			if errors.Is(err, fs.ErrNotExist) {
				notice(f.log.saying("is gone: waiting for it to come back"))
			} else {
				notice(sourceError(f.log.Name, err).Notice())
			}
		}
		return nil, nil
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, nil
	}
	switch { // a new file may have the number of the one that is gone
	case f.gone && f.info != nil:
		notice(f.log.saying("is there again: its events follow"))
		f.slots, f.highest = nil, 0
	case f.info != nil && !os.SameFile(f.info, info):
		notice(f.log.saying("is another file now: its events follow"))
		f.slots, f.highest = nil, 0
	}
	f.info, f.gone = info, false
	return f.changes(file, info.Size(), notice), nil
}

// A changed is a chunk with new records.
type changed struct {
	index int
	data  []byte
	after uint64 // the record behind which they begin
	first uint64
}

// changes finds the chunks that have changed, and returns their new records as a log.
func (f *followedFile) changes(file io.ReaderAt, size int64, notice func(Notice)) *Log {
	n := slotsIn(size)
	if n < len(f.slots) {
		f.slots = f.slots[:n]
	}
	front := make([]byte, slotFront)
	var all []changed
	for i := range n {
		if i == len(f.slots) {
			f.slots = append(f.slots, slotMark{})
		}
		now := readMark(file, i, size, front)
		if now.sum == f.slots[i].sum {
			continue
		}
		if len(all) == slotsAtOnce {
			break // the next time
		}
		if c, ok := f.change(file, i, size); ok {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b changed) int { return cmp.Compare(a.first, b.first) })
	if all[0].after == 0 && all[0].first <= f.highest {
		notice(f.log.saying("was cleared: its new events follow"))
		f.highest = 0
	}
	for _, c := range all {
		f.highest = max(f.highest, f.slots[c.index].last)
	}
	return f.view(all)
}

// change reads a chunk that has changed, unless it is about to change on.
func (f *followedFile) change(file io.ReaderAt, i int, size int64) (c changed, ok bool) {
	before := &f.slots[i]
	data := readSlot(file, i, size)
	now := markOf(data)
	if now.first != 0 && !settled(data) && before.unsettle < patience {
		before.unsettle++
		return c, false
	}
	c = changed{index: i, data: data, first: now.first}
	if now.first == before.first && now.written == before.written && now.last >= before.last {
		c.after = before.last
	}
	*before = now
	return c, now.first != 0 && now.last > c.after
}

// view is a log of the chunks alone, of which the known records are left out.
func (f *followedFile) view(all []changed) *Log {
	var b bytes.Buffer
	b.Write(emptyHead())
	for _, c := range all {
		b.Write(c.data)
		b.Write(make([]byte, slotSize-len(c.data)))
	}
	at := bytes.NewReader(b.Bytes())
	l := f.log.part(func(context.Context) (*content, error) {
		return &content{at: at, size: at.Size(), close: func() error { return nil }}, nil
	}, at.Size())
	l.accept = func(rec *evtx.Record) bool {
		i := rec.Chunk()
		return !rec.Recovered() && i < len(all) && rec.HeaderID() > all[i].after
	}
	l.place = func(place *evtx.FormatError) *evtx.FormatError {
		if place.Chunk < 0 || place.Chunk >= len(all) {
			return nil
		}
		there := *place
		there.Chunk = all[place.Chunk].index
		there.Offset += int64(there.Chunk-place.Chunk) * slotSize
		return f.tell(&there)
	}
	return l
}

// emptyHead is the header of a log without a chunk.
func emptyHead() []byte {
	var b bytes.Buffer
	w := evtx.NewWriter(&b)
	if err := w.Close(); err != nil || b.Len() < fileHead {
		return make([]byte, fileHead)
	}
	return b.Bytes()[:fileHead]
}

// slotsIn is how many chunks there is room for, the last perhaps not quite.
func slotsIn(size int64) int {
	if size < fileHead+slotFront {
		return 0
	}
	return int((size - fileHead - slotFront + slotSize) / slotSize)
}

// readMark looks at the front of a chunk, and believes what its header says.
func readMark(file io.ReaderAt, i int, size int64, front []byte) slotMark {
	at := fileHead + int64(i)*slotSize
	clear(front)
	n, _ := file.ReadAt(front, at)
	m := markFront(front[:n], min(slotSize, size-at))
	if m.first != 0 {
		m.last = max(m.first, binary.LittleEndian.Uint64(front[32:]))
	}
	return m
}

// markFront takes of a chunk's front what is certain.
func markFront(front []byte, size int64) slotMark {
	m := slotMark{sum: crc32.Update(uint32(size), crc32.IEEETable, front[:min(len(front), 128)])}
	if len(front) >= slotFront && string(front[:8]) == chunkSignature && isRecord(front[chunkHead:]) {
		m.first = binary.LittleEndian.Uint64(front[chunkHead+8:])
		m.written = binary.LittleEndian.Uint64(front[chunkHead+16:])
	}
	return m
}

// readSlot reads a chunk, as much of it as is there.
func readSlot(file io.ReaderAt, i int, size int64) []byte {
	at := fileHead + int64(i)*slotSize
	data := make([]byte, max(0, min(slotSize, size-at)))
	n, _ := file.ReadAt(data, at)
	return data[:n]
}

// markOf goes through the records of a chunk, as far as its header says that there are any.
func markOf(data []byte) slotMark {
	m := markFront(data[:min(len(data), slotFront)], int64(len(data)))
	if m.first == 0 {
		return m
	}
	end := min(int64(binary.LittleEndian.Uint32(data[48:])), int64(len(data)))
	for at := int64(chunkHead); at+24 <= end && isRecord(data[at:]); {
		size := int64(binary.LittleEndian.Uint32(data[at+4:]))
		if size < 28 || size > end-at || binary.LittleEndian.Uint32(data[at+size-4:]) != uint32(size) {
			break // torn, or about to be written
		}
		m.last = binary.LittleEndian.Uint64(data[at+8:])
		at += size
	}
	m.last = max(m.last, m.first)
	return m
}

func isRecord(b []byte) bool { return len(b) >= 24 && string(b[:4]) == "**\x00\x00" }

// settled says whether a chunk's checksums are right: nobody is writing to it.
func settled(data []byte) bool {
	if len(data) < chunkHead {
		return false
	}
	end := int64(binary.LittleEndian.Uint32(data[48:]))
	if end < chunkHead || end > int64(len(data)) {
		return false
	}
	head := crc32.Update(crc32.ChecksumIEEE(data[:120]), crc32.IEEETable, data[128:chunkHead])
	return head == binary.LittleEndian.Uint32(data[124:]) && crc32.ChecksumIEEE(data[chunkHead:end]) == binary.LittleEndian.Uint32(data[52:])
}
