package evtx

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"sync"
)

// A Reader reads the records of one event log. Its exported fields may be set
// before the first use. Records and Scanner.Run may be called again, except on
// a stream, which is read once.
type Reader struct {
	// CodePage decodes AnsiString values; nil means Windows1252.
	CodePage CodePage

	// Recover also yields the complete stale records that lie in the unused
	// space of chunks: older laps of a wrapped log, and events that a "save
	// filtered log" on Windows left behind, what was there before the log was
	// cleared; records that are hidden inside of others; and those in bytes
	// that are no chunk. See Record.Recovered and Record.Incomplete.
	Recover bool

	// Pool, if it is given, is shared with the Readers of other logs.
	Pool *Pool

	header    Header
	emptied   bool         // see setFirstChunk
	headerErr *FormatError // delivered as the first error of the sequence
	image     bool
	file      slotFile
	stream    io.Reader
	closer    io.Closer
	templates templateCache // without a Pool
	library   library

	mu    sync.Mutex
	stats Stats // of the last pass that came to its end
}

// Open opens the log with that name. The caller closes the Reader.
func Open(name string) (*Reader, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return ownFile(f, name)
}

// NewReader returns a Reader of the log that r holds in size bytes. A damaged
// file header is no error here, nor is one that is not there or behind other
// bytes, as long as a chunk is among the first MiB; it is reported by the sequence
// of records.
func NewReader(r io.ReaderAt, size int64) (*Reader, error) {
	b := heads.Get().(*[headSize]byte)
	defer heads.Put(b)
	n, err := r.ReadAt(b[:min(size, headSize)], 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	f := newReader()
	f.file = slotFile{r: r, size: size, base: fileHeaderSize}
	known := f.setHeader(b[:min(n, fileHeaderSize)])
	f.setFirstChunk(b[min(n, fileHeaderSize):n])
	// Without a signature in front, chunks still make it an event log.
	var sig [len(chunkMagic)]byte
	for i := range 64 {
		if known || f.file.slotAt(i) >= size {
			break
		}
		n, _ := r.ReadAt(sig[:], f.file.slotAt(i))
		known = string(sig[:n]) == chunkMagic
	}
	if !known {
		start := make([]byte, min(size, searchedForChunk))
		n, _ := r.ReadAt(start, 0)
		known, f.file.base = anyChunk(start[:n]), 0
	}
	if !known {
		return nil, notEventLog(size == 0)
	}
	if !f.emptied {
		f.file.oldest = f.file.findOldest()
	}
	return f, nil
}

// searchedForChunk is how much of a file without a signature is searched for a
// chunk.
const searchedForChunk = 1 << 20

// anyChunk reports whether a chunk starts in b, with a header to be believed.
func anyChunk(b []byte) bool {
	for ; len(b) >= chunkHeaderSize; b = b[min(chunkSize, len(b)):] {
		if findChunk(b, 0, false) >= 0 {
			return true
		}
	}
	return false
}

// NewImageReader returns a Reader of what is no log, but may hold chunks and
// records of some: the image of a disk or of memory, a file of which parts were
// lost, unused clusters. They are looked for at any place, by their signatures,
// and all of them are recovered records (see Record.Recovered); nothing is
// reported as damage. Names and templates of a record whose chunk is gone are
// looked for in the first 4 GiB of the input.
func NewImageReader(r io.ReaderAt, size int64) *Reader {
	f := newReader()
	f.file, f.image = slotFile{r: r, size: size}, true
	return f
}

// NewStreamReader returns a Reader of a log that can only be read forward:
// standard input, or an entry of an archive.
func NewStreamReader(r io.Reader) (*Reader, error) {
	var b [headSize]byte
	n, err := io.ReadFull(r, b[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	f := newReader()
	known := f.setHeader(b[:min(n, fileHeaderSize)])
	rest := b[min(n, fileHeaderSize):n]
	f.setFirstChunk(rest)
	if !known && !bytes.HasPrefix(rest, []byte(chunkMagic)) {
		more, err := io.ReadAll(io.LimitReader(r, searchedForChunk-int64(n)))
		if err != nil {
			return nil, err
		}
		rest = append(bytes.Clone(b[:n]), more...)
		if f.file.base = 0; !anyChunk(rest) {
			return nil, notEventLog(n == 0)
		}
	}
	f.stream = io.MultiReader(bytes.NewReader(rest), r)
	return f, nil
}

func newReader() *Reader {
	r := &Reader{file: slotFile{size: -1, base: fileHeaderSize}}
	r.library.r = r
	return r
}

func notEventLog(empty bool) error {
	if empty {
		return fmt.Errorf("%w: the file is empty", ErrNotEventLog)
	}
	return ErrNotEventLog
}

// setHeader takes the file header as far as it is there and reports whether
// it names the file an event log.
func (r *Reader) setHeader(b []byte) bool {
	var problem string
	known := len(b) >= len(fileMagic) && string(b[:8]) == fileMagic
	if len(b) < 128 {
		problem = "file header is cut off"
	} else {
		r.header, problem = parseHeader(b)
	}
	if problem != "" {
		r.headerErr = &FormatError{Chunk: -1, Kind: DamageFileHeader, Reason: problem}
	}
	return known
}

// headSize is what a Reader looks at first: the file header, and the first
// chunk's with the front of its first record.
const headSize = fileHeaderSize + chunkHeaderSize + recordHeader

// heads are what they are read into.
var heads = sync.Pool{New: func() any { return new([headSize]byte) }}

// setFirstChunk looks at the front of the first chunk. A log that was cleared
// is dirty, counts one chunk, and that one is empty: whatever lies anywhere in
// the file is of before.
func (r *Reader) setFirstChunk(b []byte) {
	if len(b) < chunkHeaderSize+recordHeader || string(b[:8]) != chunkMagic || r.headerErr != nil {
		return
	}
	c, h := parseChunkHeader(b[:chunkHeaderSize]), r.header
	empty := c.headerOK && c.freeOffset == chunkHeaderSize && c.dataCRC == 0
	r.emptied = empty && !continuesEmpty(b, h) && h.Dirty() && h.FirstChunk == 0 && h.LastChunk == 0 && h.Chunks <= 1
}

// Close closes the file that Open opened; otherwise it does nothing.
func (r *Reader) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// Size returns the log's size in bytes, or -1 for a stream.
func (r *Reader) Size() int64 { return r.file.size }

// Header returns what the file header claims; zero if there was none.
func (r *Reader) Header() Header { return r.header }

// Stats sums up the log as the last pass over it, by Records or a Scanner, found
// it. It is zero before one has come to its end.
func (r *Reader) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stats
}

func (r *Reader) setStats(s Stats) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats = s
}

func (r *Reader) slots() slotSource {
	if r.file.r != nil {
		return &slotsAt{slotFile: r.file}
	}
	return &slotsStream{r: r.stream}
}

// Records returns the log's records in their order: that of the file, but a
// log that has wrapped is read from its oldest chunk on, except from a stream.
// Damage is an error of type
// *FormatError in the sequence, with a nil record, and the sequence goes on;
// an error of the underlying reader ends it. A record is valid until the next
// step of the loop.
func (r *Reader) Records() iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		if r.headerErr != nil && !yield(nil, r.headerErr) {
			return
		}
		slots, w := r.slots(), newWalker(r)
		var stats Stats
		for {
			s, err := slots.next(&w.d.chunk.buf)
			if err != nil {
				yield(nil, err)
				return
			}
			if s.n == 0 {
				r.setStats(stats)
				w.endOfFile(s.index, yield)
				return
			}
			if !w.read(s, yield) {
				return
			}
			stats.Add(w.takeStats())
		}
	}
}
