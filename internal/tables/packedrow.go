package tables

import (
	"encoding/binary"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// A packedRow appends a row in few bytes, to be put into columns later: rows are made by several goroutines, and go the way of
// every other format's pieces. The length comes first, in four bytes, then each column's value: 0 for null; of a text its length
// and 1, and its bytes; of a number or time (microseconds since 1970) 1 and a varint; of a boolean 1 or 2; of a list 1, then 1
// and the texts of each item, then 0. [packed] reads it.
type packedRow struct {
	dst   []byte
	start int
	buf   []byte
}

const packedLength = 4

func (r *packedRow) begin(dst []byte) {
	r.start = len(dst)
	r.dst = append(dst, 0, 0, 0, 0)
}

func (r *packedRow) done() []byte {
	binary.LittleEndian.PutUint32(r.dst[r.start:], uint32(len(r.dst)-r.start-packedLength))
	return r.dst
}

func (r *packedRow) null() { r.dst = append(r.dst, 0) }

func (r *packedRow) time(t time.Time) {
	if !readable(t) {
		r.null()
		return
	}
	r.integer(t.UnixMicro())
}

func (r *packedRow) integer(n int64) { r.dst = binary.AppendVarint(append(r.dst, 1), n) }

func (r *packedRow) text(s string) {
	r.dst = append(binary.AppendUvarint(r.dst, uint64(len(s))+1), s...)
}

func (r *packedRow) value(v evtx.Value) {
	if v.IsNull() {
		r.null()
		return
	}
	r.appendValue(v)
}

func (r *packedRow) appendValue(v evtx.Value) {
	r.buf = v.AppendText(r.buf[:0])
	r.appendBuf()
}

func (r *packedRow) appendBuf() {
	r.dst = append(binary.AppendUvarint(r.dst, uint64(len(r.buf))+1), r.buf...)
}

func (r *packedRow) message(rec *evtx.Record) {
	r.buf = rec.AppendMessage(r.buf[:0])
	r.appendBuf()
}

func (r *packedRow) boolean(b bool) {
	if b {
		r.dst = append(r.dst, 2)
	} else {
		r.dst = append(r.dst, 1)
	}
}

func (r *packedRow) list() { r.dst = append(r.dst, 1) }

func (r *packedRow) item(s string) {
	r.dst = append(r.dst, 1)
	r.text(s)
}

func (r *packedRow) pair(name string, v evtx.Value) {
	r.dst = append(r.dst, 1)
	if name == "" {
		r.null()
	} else {
		r.text(name)
	}
	r.appendValue(v)
}

func (r *packedRow) textPair(name, value string) {
	r.dst = append(r.dst, 1)
	r.text(name)
	r.text(value)
}

func (r *packedRow) end() { r.dst = append(r.dst, 0) }

// packed reads what a packedRow wrote.
type packed []byte

// row takes the next row.
func (p *packed) row() packed {
	n := binary.LittleEndian.Uint32(*p)
	row := (*p)[packedLength : packedLength+n]
	*p = (*p)[packedLength+n:]
	return row
}

// some takes a mark, and reports whether something follows it.
func (p *packed) some() bool {
	mark := (*p)[0]
	*p = (*p)[1:]
	return mark != 0
}

func (p *packed) number() int64 {
	n, size := binary.Varint(*p)
	*p = (*p)[size:]
	return n
}

// text takes a text; ok is false for null.
func (p *packed) text() (text []byte, ok bool) {
	n, size := binary.Uvarint(*p)
	*p = (*p)[size:]
	if n == 0 {
		return nil, false
	}
	text = (*p)[:n-1]
	*p = (*p)[n-1:]
	return text, true
}

// boolean takes a boolean; ok is false for null.
func (p *packed) boolean() (b, ok bool) {
	mark := (*p)[0]
	*p = (*p)[1:]
	return mark == 2, mark != 0
}
