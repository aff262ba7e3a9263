package evtx

import (
	"errors"
	"slices"
)

var errTooLong = errors.New("event is longer than 4 MiB when rendered")

// AppendJSON appends the event as one JSON object, {"Event":{…}}, in the
// shape of the Rust crate's evtx_dump, without a line end. Numbers and
// booleans are bare, other values strings as Windows renders them. The only
// error is an event whose text would be longer than 4 MiB, which no event
// that Windows wrote is; dst is then returned as it was.
func (r *Record) AppendJSON(dst []byte) ([]byte, error) {
	from := len(dst)
	r.d.limit = from + maxRendered
	if r.bound {
		dst = appendJSONTree(dst, r.d, &r.d.tree)
	} else {
		dst = r.d.runJSON(append(dst, '{'), &r.d.instances[0])
		dst[len(dst)-1] = '}' // of the member's comma
	}
	if len(dst) > r.d.limit {
		return dst[:from], errTooLong
	}
	return dst, nil
}

// AppendXML appends the event as XML on one line, without a line end: always
// well formed, and as EvtRender writes it on Windows. Its error is that of
// AppendJSON.
func (r *Record) AppendXML(dst []byte) ([]byte, error) {
	from := len(dst)
	r.d.limit = from + maxRendered
	if r.bound {
		dst = appendXMLTree(dst, r.d, &r.d.tree)
	} else {
		dst = r.d.runXML(slices.Grow(dst, r.size), &r.d.instances[0])
	}
	if len(dst) > r.d.limit {
		return dst[:from], errTooLong
	}
	return dst, nil
}
