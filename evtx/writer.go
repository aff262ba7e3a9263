package evtx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// A Writer writes an event log that Windows can open: chunk by chunk, with
// all tables and checksums, and nothing in unused space. Records are numbered
// from 1 in their headers, as Windows' own exports are; the EventRecordID
// inside stays.
//
// Records are encoded anew: names and templates are stored at first use in a
// chunk, NULL values take no bytes, and nested XML has a fragment header in
// front, which is how Windows writes exports. Chunks of a Batch that are wanted
// as they are keep their arrangement. What a Reader gives for the records is the
// same as before.
type Writer struct {
	// Edit, if not nil, is called for every value of the records that are
	// written, each item of an array on its own, and for the text in
	// templates, and returns what to write instead: v itself for no change,
	// the zero Value for none. The name is the Name of a Data element, and
	// otherwise that of the element or attribute around the value: Computer,
	// UserID. Edit gives the same result for the same arguments.
	Edit func(name string, v Value) Value

	out     io.Writer
	seek    io.WriteSeeker // nil: out cannot seek, and spool is used
	base    int64          // where the log starts in seek
	spool   *os.File
	chunk   chunkWriter
	chunks  int
	unused  int   // bytes, by chunks that were taken over
	err     error // of out: nothing more is written
	convert converter
	shared  *templateEdits // of Batches
	copies  eventReader

	// A full chunk is sealed and written while the next is being filled.
	writing chan error
	spare   []byte // memory for a chunk
}

// NewWriter returns a Writer to w. If w can seek, memory is that of one
// chunk. If it cannot, the log lies in a temporary file until Close copies
// it, as the file header, which comes first, is known last. The caller ends
// the Writer with Close or Discard.
func NewWriter(w io.Writer) *Writer {
	out := &Writer{out: w}
	if s, ok := w.(io.WriteSeeker); ok {
		if at, err := s.Seek(0, io.SeekCurrent); err == nil {
			out.seek, out.base = s, at
		}
	}
	out.chunk.begin(1)
	return out
}

// A RecordError is a record that cannot be written. The log goes on without it.
type RecordError struct {
	// Index is the place of the record in its Batch, from 0 in the order of
	// Add. It is 0 for a record that was written alone.
	Index         int
	EventRecordID uint64
	Reason        string // lower case, no full stop

	// Where the record was read, as of a [FormatError]; zero for an Event.
	Offset   int64
	Chunk    int
	RecordID uint64
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("record %d: %s", e.EventRecordID, e.Reason)
}

// WriteRecord writes a record of a Reader. An error of type *RecordError
// concerns this record alone; any other is of the underlying writer, and final.
func (w *Writer) WriteRecord(r *Record) error {
	w.convert.begin(w.Edit)
	var err error
	body := body{rec: r, convert: &w.convert}
	if w.Edit != nil || r.tree != nil {
		body, err = w.convert.record(r)
	}
	if err == nil {
		err = w.add(r.written, body)
	}
	return w.refusal(r, err)
}

// refusal tells an error that concerns a record from one of the output.
func (w *Writer) refusal(r *Record, err error) error {
	if err == nil || w.err != nil {
		return w.err
	}
	return r.recordPlace().error(0, err)
}

// WriteEvent writes an event made in Go, with errors like those of WriteRecord.
func (w *Writer) WriteEvent(e *Event) error {
	if r := w.copies.record(e); r != nil {
		return w.writeCopy(r)
	}
	id := e.EventRecordID
	if id == 0 {
		id = w.chunk.next
	}
	in, err := e.instance(id)
	if err == nil {
		err = w.add(toFileTime(e.TimeCreated), in)
	}
	return w.recordError(id, err)
}

// writeCopy writes the record that an Event is a copy of, without Edit.
func (w *Writer) writeCopy(r *Record) error {
	return w.recordError(r.EventRecordID(), w.addRecord(&w.copies.convert, r))
}

// addRecord writes a record as it is.
func (w *Writer) addRecord(c *converter, r *Record) error {
	c.begin(nil)
	b, err := body{rec: r, convert: c}, error(nil)
	if r.tree != nil {
		b, err = c.record(r)
	}
	if err == nil {
		err = w.add(r.written, b)
	}
	return err
}

// recordError is refusal for an Event.
func (w *Writer) recordError(id uint64, err error) error {
	if err == nil || w.err != nil {
		return w.err
	}
	return &RecordError{EventRecordID: id, Reason: err.Error()}
}

var errClosed = errors.New("evtx: the writer is closed")

var errTooLarge = errors.New("does not fit into a chunk of 64 KiB")

// add writes a record to the current chunk, or to the next if it is full.
func (w *Writer) add(written uint64, b body) error {
	if w.err != nil {
		return w.err
	}
	write := func() error { return w.chunk.body(b) }
	ok, err := w.chunk.record(written, write)
	if !ok && err == nil && !w.chunk.empty() {
		if w.err = w.flush(); w.err != nil {
			return w.err
		}
		ok, err = w.chunk.record(written, write)
	}
	if !ok && err == nil {
		err = errTooLarge
	}
	return err
}

// flush lets the current chunk be written and begins the next.
func (w *Writer) flush() error {
	if err := w.wait(); err != nil {
		return err
	}
	if w.chunks == 0 {
		if err := w.start(); err != nil {
			return err
		}
	}
	full, out, done := w.chunk, w.file(), make(chan error, 1)
	w.writing = done
	w.chunk.b, w.spare = w.spare, full.b
	w.chunk.begin(full.next)
	w.chunks++
	go func() {
		_, err := out.Write(full.finish())
		done <- err
	}()
	return nil
}

// affords reports whether a chunk can be taken over: the space that stays unused
// in it, and in the chunk of the Writer's own that ends before it, may make the
// log an eighth larger, and one chunk.
func (w *Writer) affords(c *wholeChunk) bool {
	return w.unused+w.unusedBy(c) <= chunkSize+w.chunks*(chunkSize/8)
}

func (w *Writer) unusedBy(c *wholeChunk) int {
	n := chunkSize - c.end
	if !w.chunk.empty() {
		n += chunkSize - len(w.chunk.b)
	}
	return n
}

// takeOver writes a whole chunk.
func (w *Writer) takeOver(c *wholeChunk) error {
	w.unused += w.unusedBy(c)
	if !w.chunk.empty() {
		w.err = w.flush()
	}
	if w.err == nil {
		w.err = w.wait()
	}
	if w.err == nil && w.chunks == 0 {
		w.err = w.start()
	}
	if w.err != nil {
		return w.err
	}
	b := c.seal(w.chunk.next)
	w.chunk.next += uint64(c.n)
	w.chunk.first = w.chunk.next
	w.chunks++
	_, w.err = w.file().Write(b)
	return w.err
}

// wait waits for the chunk that is being written.
func (w *Writer) wait() error {
	if w.writing == nil {
		return nil
	}
	err := <-w.writing
	w.writing = nil
	return err
}

// start makes room for the file header.
func (w *Writer) start() error {
	if w.seek == nil {
		f, err := os.CreateTemp("", "evtx-*.tmp")
		if err != nil {
			return err
		}
		w.spool = f
	}
	_, err := w.file().Write(make([]byte, fileHeaderSize))
	return err
}

func (w *Writer) file() io.WriteSeeker {
	if w.spool != nil {
		return w.spool
	}
	return w.seek
}

// Close writes what is left and the file header. It does not close the
// underlying writer. A log without any record has one empty chunk.
func (w *Writer) Close() error {
	defer w.dropSpool()
	if w.err != nil {
		w.wait()
		return w.err
	}
	w.err = errClosed
	var err error
	if !w.chunk.empty() || w.chunks == 0 {
		err = w.flush()
	}
	if last := w.wait(); err == nil {
		err = last
	}
	if err != nil {
		return err
	}
	if w.spool != nil {
		return w.copySpool()
	}
	end, err := w.seek.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = w.seek.Seek(w.base, io.SeekStart)
	}
	if err == nil {
		_, err = w.seek.Write(w.header())
	}
	if err == nil {
		_, err = w.seek.Seek(end, io.SeekStart)
	}
	return err
}

// Discard gives the log up: nothing more is written, and no temporary file is
// left. After Close it does nothing.
func (w *Writer) Discard() {
	w.wait()
	w.dropSpool()
	if w.err == nil {
		w.err = errClosed
	}
}

func (w *Writer) copySpool() error {
	if _, err := w.spool.WriteAt(w.header(), 0); err != nil {
		return err
	}
	if _, err := w.spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w.out, w.spool)
	return err
}

func (w *Writer) dropSpool() {
	if w.spool != nil {
		w.spool.Close()
		os.Remove(w.spool.Name())
		w.spool = nil
	}
}

// header returns the file header of the finished log.
func (w *Writer) header() []byte {
	b := make([]byte, fileHeaderSize)
	le := binary.LittleEndian
	copy(b, fileMagic)
	le.PutUint64(b[16:], uint64(w.chunks-1))
	le.PutUint64(b[24:], w.chunk.next)
	le.PutUint32(b[32:], 128)
	le.PutUint16(b[36:], 1) // version 3.1
	le.PutUint16(b[38:], 3)
	le.PutUint16(b[40:], fileHeaderSize)
	le.PutUint16(b[42:], uint16(w.chunks))
	le.PutUint32(b[124:], crc32.ChecksumIEEE(b[:120]))
	return b
}
