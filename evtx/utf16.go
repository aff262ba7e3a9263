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
	for len(src) > 0 {
		if len(src) >= 8 && len(d) >= 4 {
			if x := binary.LittleEndian.Uint64(src); x&notASCII == 0 {
				binary.LittleEndian.PutUint32(d, squeeze(x))
				src, d = src[8:], d[4:]
				continue
			}
		}
		r, n := decodeRune(src)
		src, d = src[n:], d[utf8.EncodeRune(d, r):]
	}
	return dst[:cap(dst)-len(d)]
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
//
// A word needs no care if all lanes are ASCII, and in each the sums below
// carry into bit 7: adding 0x60 does from 0x20 on, adding 0x7f from 1 on, that
// is, where the lane differs from the escaped characters.
func (e *escaping) appendUTF16(dst, src []byte) []byte {
	src = src[:len(src)&^1]
	dst = slices.Grow(dst, len(src)/2*maxEscaped)
	d := dst[len(dst):cap(dst)]
	keep1, equal1, keep2, equal2 := ^e.mask1, e.equal1, ^e.mask2, e.equal2
	for len(src) > 0 {
		for len(src) >= 8 && len(d) >= 4 {
			x := binary.LittleEndian.Uint64(src)
			ok := (x + 0x60*lanes) & ((x&keep1 ^ equal1) + 0x7f*lanes) & ((x&keep2 ^ equal2) + 0x7f*lanes)
			if x&notASCII|^ok&laneTop != 0 {
				break
			}
			binary.LittleEndian.PutUint32(d, squeeze(x))
			src, d = src[8:], d[4:]
		}
		for end := len(src) - 8; len(src) > 0 && len(src) > end; {
			n, took := e.put(d, src)
			src, d = src[took:], d[n:]
		}
	}
	return dst[:cap(dst)-len(d)]
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
	plain := 0 // bytes of src before i that are still to be copied
	for i := 0; i < len(src); {
		c := src[i]
		if c < utf8.RuneSelf && e.ascii[c] == "" {
			i++
			continue
		}
		dst = append(dst, src[plain:i]...)
		if c < utf8.RuneSelf {
			dst = append(dst, e.ascii[c]...)
			i++
		} else {
			r, n := utf8.DecodeRune(src[i:])
			var b [utf8.UTFMax]byte
			dst = append(dst, b[:e.putRune(b[:], r)]...)
			i += n
		}
		plain = i
	}
	return append(dst, src[plain:]...)
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
