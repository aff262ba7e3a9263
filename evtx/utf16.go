package evtx

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// Half of a log is UTF-16LE, and most of that is ASCII, so the functions here
// take four units a step: one 64-bit word is tested for anything that needs
// care (not ASCII, a control character, one of up to four escaped ones) with
// a few operations on all lanes at once, and squeezed to four bytes. A word
// that needs care is written unit by unit, and the fast steps go on behind it.

const (
	lanes    = 0x0001000100010001
	notASCII = 0xff80 * lanes
	laneTop  = 0x0080 * lanes
)

// squeeze packs the low bytes of four units.
func squeeze(x uint64) uint32 {
	x = (x | x>>8) & 0x0000ffff0000ffff
	return uint32(x | x>>16)
}

// appendUTF8 appends UTF-16LE as UTF-8. What is no valid UTF-16 becomes
// U+FFFD; an odd last byte is dropped.
func appendUTF8(dst, src []byte) []byte {
	src = src[:len(src)&^1]
	dst = slices.Grow(dst, len(src)/2*3)
	d := dst[len(dst):cap(dst)]
	j := 0
	for len(src) > 0 {
		if len(src) >= 8 {
			if x := binary.LittleEndian.Uint64(src); x&notASCII == 0 {
				binary.LittleEndian.PutUint32(d[j:], squeeze(x))
				j += 4
				src = src[8:]
				continue
			}
		}
		if u := uint16(src[0]) | uint16(src[1])<<8; u < 0x80 {
			d[j] = byte(u)
			j++
			src = src[2:]
			continue
		}
		r, n := decodeRune(src)
		j += utf8.EncodeRune(d[j:], r)
		src = src[n:]
	}
	return dst[:len(dst)+j]
}

// decodeRune reads one character of UTF-16LE and the bytes that it takes. A
// surrogate without its other half is U+FFFD.
func decodeRune(src []byte) (r rune, n int) {
	u := rune(src[0]) | rune(src[1])<<8
	if u < 0xd800 || u > 0xdfff {
		return u, 2
	}
	if u < 0xdc00 && len(src) >= 4 {
		if v := rune(src[2]) | rune(src[3])<<8; v >= 0xdc00 && v <= 0xdfff {
			return (u-0xd800)<<10 + (v - 0xdc00) + 0x10000, 4
		}
	}
	return utf8.RuneError, 2
}

// An escaping says how text is written into JSON or XML.
type escaping struct {
	// The escaped ASCII characters other than controls, as two tests: clear
	// the bits of mask in each lane, and compare with equal.
	mask1, equal1 uint64
	mask2, equal2 uint64
	ascii         [128]string // what replaces a character; "" for itself
	xml           bool        // U+FFFE and U+FFFF are not characters
}

// plain reports whether all four lanes of x are ASCII that needs no escape.
// Adding 0x60 carries into a lane's bit 7 from 0x20 on, adding 0x7f from 1 on.
func (e *escaping) plain(x uint64) bool {
	ok := (x + 0x60*lanes) & (((x &^ e.mask1) ^ e.equal1) + 0x7f*lanes) & (((x &^ e.mask2) ^ e.equal2) + 0x7f*lanes)
	return x&notASCII|^ok&laneTop == 0
}

var (
	jsonEscaping = func() (e escaping) {
		e.equal1, e.equal2 = '"'*lanes, '\\'*lanes
		for c := range 0x20 {
			e.ascii[c] = `\u00` + string([]byte{lowerHex[c>>4], lowerHex[c&15]})
		}
		for c, s := range map[byte]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`} {
			e.ascii[c] = s
		}
		return e
	}()

	// XML 1.0 has no way to write most control characters: they are replaced.
	// A carriage return would be lost to line end normalisation.
	xmlEscaping = func() (e escaping) {
		e.xml = true
		e.mask1, e.equal1 = 1*lanes, '&'*lanes // & and '
		e.mask2, e.equal2 = 2*lanes, '<'*lanes // < and >
		for c := range 0x20 {
			e.ascii[c] = string(utf8.RuneError)
		}
		for c, s := range map[byte]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '\r': "&#13;", '\t': "", '\n': ""} {
			e.ascii[c] = s
		}
		return e
	}()

	// Attribute values stand in apostrophes, as Windows writes them; white
	// space in them would be normalised to blanks.
	attrEscaping = func() escaping {
		e := xmlEscaping
		e.ascii['\''], e.ascii['\t'], e.ascii['\n'] = "&apos;", "&#9;", "&#10;"
		return e
	}()
)

// maxEscaped is the most bytes that one UTF-16 unit, or one byte of ASCII, is
// written as: \u001f, &apos;
const maxEscaped = 6

// appendUTF16 appends UTF-16LE as escaped UTF-8, invalid UTF-16 as U+FFFD.
func (e *escaping) appendUTF16(dst, src []byte) []byte {
	src = src[:len(src)&^1]
	dst = slices.Grow(dst, len(src)/2*maxEscaped)
	d := dst[len(dst):cap(dst)]
	j := 0
	for len(src) >= 8 {
		if x := binary.LittleEndian.Uint64(src); e.plain(x) {
			binary.LittleEndian.PutUint32(d[j:], squeeze(x))
			j += 4
			src = src[8:]
			continue
		}
		for end := len(src) - 8; len(src) > end; {
			n, took := e.put(d[j:], src)
			j += n
			src = src[took:]
		}
	}
	for len(src) > 0 {
		n, took := e.put(d[j:], src)
		j += n
		src = src[took:]
	}
	return dst[:len(dst)+j]
}

// put writes the first character of src to d and returns the bytes written
// and taken.
func (e *escaping) put(d, src []byte) (wrote, took int) {
	if u := uint(src[0]) | uint(src[1])<<8; u < 0x80 {
		if s := e.ascii[u]; s != "" {
			return copy(d, s), 2
		}
		d[0] = byte(u)
		return 1, 2
	}
	r, n := decodeRune(src)
	return e.putRune(d, r), n
}

func (e *escaping) putRune(d []byte, r rune) int {
	if e.xml && (r == 0xfffe || r == 0xffff) {
		r = utf8.RuneError
	}
	return utf8.EncodeRune(d, r)
}

// appendUTF8 appends text that is UTF-8 already, escaped; invalid bytes
// become U+FFFD.
func (e *escaping) appendUTF8(dst []byte, src []byte) []byte {
	for len(src) > 0 {
		if c := src[0]; c < utf8.RuneSelf {
			if s := e.ascii[c]; s != "" {
				dst = append(dst, s...)
			} else {
				dst = append(dst, c)
			}
			src = src[1:]
			continue
		}
		r, n := utf8.DecodeRune(src)
		var b [utf8.UTFMax]byte
		dst = append(dst, b[:e.putRune(b[:], r)]...)
		src = src[n:]
	}
	return dst
}

// trimString cuts what is no text off a string value: an odd last byte, and
// the NUL characters that live logs keep at the end.
func trimString(raw []byte) []byte {
	n := len(raw) &^ 1
	for n > 0 && raw[n-1] == 0 && raw[n-2] == 0 {
		n -= 2
	}
	return raw[:n]
}
