package evtx

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// Half of a log is UTF-16LE, and most of that is ASCII, so the functions here
// take eight units a step: two 64-bit words are tested for anything that needs
// care (not ASCII, a control character, one of up to four escaped ones) with
// a few operations on all lanes at once, and squeezed to eight bytes. Words
// that need care are written unit by unit, and the fast steps go on behind them.
// A path has a backslash every few characters: so each character of ASCII has
// what is written for it ready in a word, with its length, and takes no branch.
// TestEscapingTwin and FuzzEscaping compare all this with the plain way.

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
	ascii         [128]written
	xml           bool // U+FFFE and U+FFFF are not characters
}

// written is what is written for a character, up to six bytes from the lowest
// on, and how many they are in the highest.
type written uint64

func writtenAs(s string) written {
	w := written(len(s)) << 56
	for i := range len(s) {
		w |= written(s[i]) << (8 * i)
	}
	return w
}

func (w written) size() int { return int(w >> 56) }

// append appends what w is.
func (w written) append(dst []byte) []byte {
	for range w.size() {
		dst = append(dst, byte(w))
		w >>= 8
	}
	return dst
}

// itself lets all characters of ASCII stand for themselves.
func (e *escaping) itself() {
	for c := range e.ascii {
		e.ascii[c] = writtenAs(string(rune(c)))
	}
}

var (
	jsonEscaping = func() (e escaping) {
		e.itself()
		e.equal1, e.equal2 = '"'*lanes, '\\'*lanes
		for c := range 0x20 {
			e.ascii[c] = writtenAs(`\u00` + string([]byte{lowerHex[c>>4], lowerHex[c&15]}))
		}
		for c, s := range map[byte]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`} {
			e.ascii[c] = writtenAs(s)
		}
		return e
	}()

	// XML 1.0 has no way to write most control characters: they are replaced.
	// A carriage return would be lost to line end normalisation.
	xmlEscaping = func() (e escaping) {
		e.itself()
		e.xml = true
		e.mask1, e.equal1 = 1*lanes, '&'*lanes // & and '
		e.mask2, e.equal2 = 2*lanes, '<'*lanes // < and >
		for c := range 0x20 {
			e.ascii[c] = writtenAs(string(utf8.RuneError))
		}
		for c, s := range map[byte]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '\r': "&#13;", '\t': "\t", '\n': "\n"} {
			e.ascii[c] = writtenAs(s)
		}
		return e
	}()

	// Attribute values stand in apostrophes, as Windows writes them; white
	// space in them would be normalised to blanks.
	attrEscaping = func() escaping {
		e := xmlEscaping
		e.ascii['\''], e.ascii['\t'], e.ascii['\n'] = writtenAs("&apos;"), writtenAs("&#9;"), writtenAs("&#10;")
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
	dst = slices.Grow(dst, len(src)/2*maxEscaped+8) // a word more, as whole ones are stored
	d := dst[len(dst):cap(dst)]
	keep1, equal1, keep2, equal2 := ^e.mask1, e.equal1, ^e.mask2, e.equal2
	for len(src) > 0 {
		for len(src) >= 16 && len(d) >= 8 {
			x, y := binary.LittleEndian.Uint64(src), binary.LittleEndian.Uint64(src[8:])
			ok := (x + 0x60*lanes) & ((x&keep1 ^ equal1) + 0x7f*lanes) & ((x&keep2 ^ equal2) + 0x7f*lanes) &
				(y + 0x60*lanes) & ((y&keep1 ^ equal1) + 0x7f*lanes) & ((y&keep2 ^ equal2) + 0x7f*lanes)
			if (x|y)&notASCII|^ok&laneTop != 0 {
				break
			}
			binary.LittleEndian.PutUint64(d, uint64(squeeze(x))|uint64(squeeze(y))<<32)
			src, d = src[16:], d[8:]
		}
		if len(src) >= 8 && len(d) >= 8 {
			x := binary.LittleEndian.Uint64(src)
			ok := (x + 0x60*lanes) & ((x&keep1 ^ equal1) + 0x7f*lanes) & ((x&keep2 ^ equal2) + 0x7f*lanes)
			if x&notASCII|^ok&laneTop == 0 {
				binary.LittleEndian.PutUint32(d, squeeze(x))
				src, d = src[8:], d[4:]
			}
		}
		for end := len(src) - 8; len(src) > 0 && len(src) > end; {
			if u := uint(src[0]) | uint(src[1])<<8; u < 0x80 {
				w := e.ascii[u]
				binary.LittleEndian.PutUint64(d, uint64(w))
				src, d = src[2:], d[w.size():]
				continue
			}
			r, took := decodeRune(src)
			src, d = src[took:], d[e.putRune(d, r):]
		}
	}
	return dst[:cap(dst)-len(d)]
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
		if len(src)-i >= 8 && e.allPlain(binary.LittleEndian.Uint64(src[i:])) {
			i += 8
			continue
		}
		c := src[i]
		if c < utf8.RuneSelf && e.ascii[c] == written(c)|1<<56 {
			i++
			continue
		}
		dst = append(dst, src[plain:i]...)
		if c < utf8.RuneSelf {
			dst = e.ascii[c].append(dst)
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

// allPlain is the test of appendUTF16 for eight characters of a byte: with bit
// 7 clear in all, the sums carry into it and no further.
func (e *escaping) allPlain(x uint64) bool {
	const bytes = 0x0101010101010101
	equal1, equal2 := e.equal1|e.equal1<<8, e.equal2|e.equal2<<8
	mask1, mask2 := e.mask1|e.mask1<<8, e.mask2|e.mask2<<8
	ok := (x + 0x60*bytes) & ((x&^mask1 ^ equal1) + 0x7f*bytes) & ((x&^mask2 ^ equal2) + 0x7f*bytes)
	return (x|^ok)&(0x80*bytes) == 0
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
