package tables

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/evtx"
)

// A jsonRow appends a row as one JSON object. It takes no memory of its own.
type jsonRow struct {
	dst  []byte
	keys []string // what comes before each value: {"time":  ,"level":
	next int
	buf  []byte // of a text before it is escaped
	more bool   // an item has been before, in this list
}

// newJSONRow is for rows of a schema.
func newJSONRow(s Schema) *jsonRow {
	r := new(jsonRow)
	before := byte('{')
	for _, c := range s.Columns {
		r.keys = append(r.keys, string(appendJSONText([]byte{before}, c.Name))+":")
		before = ','
	}
	return r
}

// begin starts a row behind dst.
func (r *jsonRow) begin(dst []byte) { r.dst, r.next = dst, 0 }

// done ends the line, and gives what was appended.
func (r *jsonRow) done() []byte { return append(r.dst, '}', '\n') }

func (r *jsonRow) key() {
	r.dst = append(r.dst, r.keys[r.next]...)
	r.next++
}

func (r *jsonRow) null() {
	r.key()
	r.dst = append(r.dst, "null"...)
}

func (r *jsonRow) time(t time.Time) {
	if !readable(t) {
		r.null()
		return
	}
	r.key()
	r.dst = append(r.dst, '"')
	r.dst = appendMicros(r.dst, t)
	r.dst = append(r.dst, '"')
}

func (r *jsonRow) integer(n int64) {
	r.key()
	r.dst = strconv.AppendInt(r.dst, n, 10)
}

func (r *jsonRow) text(s string) {
	r.key()
	r.dst = appendJSONText(r.dst, s)
}

func (r *jsonRow) value(v evtx.Value) {
	if v.IsNull() {
		r.null()
		return
	}
	r.key()
	r.appendValue(v)
}

func (r *jsonRow) appendValue(v evtx.Value) {
	r.buf = v.AppendText(r.buf[:0])
	r.dst = appendJSONText(r.dst, r.buf)
}

func (r *jsonRow) message(rec *evtx.Record) {
	r.key()
	r.buf = rec.AppendMessage(r.buf[:0])
	r.dst = appendJSONText(r.dst, r.buf)
}

func (r *jsonRow) boolean(b bool) {
	r.key()
	r.dst = strconv.AppendBool(r.dst, b)
}

func (r *jsonRow) list() {
	r.key()
	r.dst = append(r.dst, '[')
	r.more = false
}

// between comes before each item.
func (r *jsonRow) between() {
	if r.more {
		r.dst = append(r.dst, ',')
	}
	r.more = true
}

func (r *jsonRow) item(s string) {
	r.between()
	r.dst = appendJSONText(r.dst, s)
}

func (r *jsonRow) pair(name string, v evtx.Value) {
	r.between()
	r.dst = append(r.dst, `{"name":`...)
	if name == "" {
		r.dst = append(r.dst, "null"...)
	} else {
		r.dst = appendJSONText(r.dst, name)
	}
	r.dst = append(r.dst, `,"value":`...)
	r.appendValue(v)
	r.dst = append(r.dst, '}')
}

func (r *jsonRow) textPair(name, value string) {
	r.between()
	r.dst = appendJSONText(append(r.dst, `{"name":`...), name)
	r.dst = append(appendJSONText(append(r.dst, `,"value":`...), value), '}')
}

func (r *jsonRow) end() { r.dst = append(r.dst, ']') }

// appendMicros appends 2006-01-02T15:04:05.000000Z.
func appendMicros(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	micro := t.Nanosecond() / 1000
	b := [27]byte{4: '-', 7: '-', 10: 'T', 13: ':', 16: ':', 19: '.', 26: 'Z'}
	pair := func(at, n int) { b[at], b[at+1] = '0'+byte(n/10), '0'+byte(n%10) }
	pair(0, year/100)
	pair(2, year%100)
	pair(5, int(month))
	pair(8, day)
	pair(11, hour)
	pair(14, minute)
	pair(17, second)
	pair(20, micro/10000)
	pair(22, micro/100%100)
	pair(24, micro%100)
	return append(dst, b[:]...)
}

// appendJSONText appends a text in quotation marks; bytes that are no UTF-8 become U+FFFD.
func appendJSONText[S string | []byte](dst []byte, s S) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	plain := 0 // bytes of s before i that are still to be copied
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var ok bool
			if size, ok = runeSize(s[i:]); ok {
				i += size
				continue
			}
		}
		dst = append(dst, s[plain:i]...)
		i += size
		plain = i
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			if c >= utf8.RuneSelf {
				dst = append(dst, "\ufffd"...)
			} else {
				dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
		}
	}
	dst = append(dst, s[plain:]...)
	return append(dst, '"')
}

// runeSize is how many bytes the first character has; ok is false if it is none.
func runeSize[S string | []byte](s S) (size int, ok bool) {
	var b [utf8.UTFMax]byte
	n := copy(b[:], s)
	r, size := utf8.DecodeRune(b[:n])
	return size, r != utf8.RuneError || size > 1
}
