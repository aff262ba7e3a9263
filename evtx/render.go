package evtx

import (
	"errors"
	"slices"
)

var errTooLong = errors.New("event is longer than 4 MiB when rendered")

// A renderer runs the programs of templates on the instances of the current
// record.
type renderer struct {
	values
	instances *instanceReader
	limit     int // length that the output must not pass
}

// shortText bounds the texts of a program that append copies in one piece.
const shortText = 32

// append appends some of a program's text. One of up to shortText bytes is copied
// with that many, which is a few instructions instead of a call, wherever the output
// has room for them: what is too much lies behind its end, where the next text is
// written over it. The program's text has as many bytes behind its own end.
func (p *program) append(dst []byte, from, to uint32) []byte {
	if n := to - from; n <= shortText && cap(dst)-len(dst) >= shortText {
		*(*[shortText]byte)(dst[len(dst) : len(dst)+shortText]) = *(*[shortText]byte)(p.text[from : from+shortText])
		return dst[:len(dst)+int(n)]
	}
	return append(dst, p.text[from:to]...)
}

// rendersEmpty reports whether v renders to nothing.
func (r *renderer) rendersEmpty(v value) bool {
	t := v.typ()
	return t == TypeNull || v.size() == 0 || isText(t) && isEmpty(r.value(v))
}

// appendText is escaping.appendValue for a window of the chunk, with the frequent
// types at hand.
func (r *renderer) appendText(dst []byte, v value, e *escaping) []byte {
	raw := r.buf[v.off():v.end()]
	switch v.typ() {
	case TypeString:
		return e.appendUTF16(dst, trimString(raw))
	case TypeUint8, TypeUint16, TypeUint32, TypeUint64, TypeHexInt64, TypeHexInt32, TypeGUID, TypeFileTime, TypeSID:
		return appendFrequent(dst, v.typ(), raw)
	}
	return e.appendValue(dst, r.value(v))
}

// AppendJSON appends the event as one JSON object, {"Event":{…}}, in the
// shape of the Rust crate's evtx_dump, without a line end. Numbers and
// booleans are bare, other values strings as Windows renders them. An array in a
// Data element is one in JSON, whatever its length; but the strings of a classic
// event stand without brackets where it is one. The only
// error is an event whose text would be longer than 4 MiB, which no event
// that Windows wrote is; dst is then returned as it was. Up to 32 bytes behind the
// result, as far as dst has room for them, may be written too.
func (r *Record) AppendJSON(dst []byte) ([]byte, error) {
	from, out := len(dst), &r.d.renderer
	out.limit = from + maxRendered
	if r.tree != nil {
		dst = appendJSONTree(dst, &out.values, &r.d.names.interned, r.tree)
	} else {
		dst = out.runJSON(append(dst, '{'), &out.instances.list[0])
		dst[len(dst)-1] = '}' // of the member's comma
	}
	if len(dst) > out.limit {
		return dst[:from], errTooLong
	}
	return dst, nil
}

// AppendXML appends the event as XML on one line, without a line end: always
// well formed, and as EvtRender writes it on Windows. Its error is that of
// AppendJSON, and so is what it may write behind the result.
func (r *Record) AppendXML(dst []byte) ([]byte, error) {
	from, out := len(dst), &r.d.renderer
	out.limit = from + maxRendered
	if r.tree != nil {
		dst = appendXMLTree(dst, &out.values, r.tree)
	} else {
		dst = out.runXML(slices.Grow(dst, r.size), &out.instances.list[0])
	}
	if len(dst) > out.limit {
		return dst[:from], errTooLong
	}
	return dst, nil
}
