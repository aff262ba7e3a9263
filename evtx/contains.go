package evtx

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// A needle is a text to look for in values, whatever its case. Typographic
// apostrophes and no-break spaces, which French texts of Windows are full of
// and keyboards are not, count as the plain ones.
//
// Most records have none of it, and that is known without looking at their
// values: what is stored as UTF-16 is looked for in the bytes of the whole chunk,
// once, by the needle's rarest character, which bytes.IndexByte finds many bytes
// a step. A record in whose bytes no occurrence lies can have the needle only
// where a text is not stored as it is: in the constant text of its template, in
// a text of one byte a character, and in numbers, times and the like, if they can
// look like the needle at all; mayHave is the list of these. The rest is decided
// value by value. TestContainsTwin and FuzzContains compare it with doing just that.
type needle struct {
	units    []uint16 // folded UTF-16
	text     []byte   // for values that are not stored as text: lower-case UTF-8
	rendered bool     // such values may have it

	anchor   int      // index of the rarest unit
	variants []uint16 // what folds to it

	// Of one chunk: where the needle starts in it, in rising order.
	chunk      *chunk
	generation uint32
	starts     []int
	everywhere bool // there were too many
}

func newNeedle(s string) needle {
	n := needle{units: utf16.Encode([]rune(s)), text: bytes.ToLower([]byte(s))}
	for i, u := range n.units {
		n.units[i] = foldUnit(u)
		if rarity(n.units[i]) > rarity(n.units[n.anchor]) {
			n.anchor = i
		}
	}
	n.rendered = mayBeRendered(string(n.text))
	n.variants = variants(n.units[n.anchor])
	return n
}

// foldUnit maps the cases of a character to one. Characters outside the Basic
// Multilingual Plane are compared as they are.
func foldUnit(u uint16) uint16 {
	if u < 0x80 {
		if u >= 'A' && u <= 'Z' {
			u += 'a' - 'A'
		}
		return u
	}
	switch u {
	case 0x2018, 0x2019, 0x02bc:
		return '\''
	case 0x00a0, 0x202f:
		return ' '
	}
	if r := unicode.ToLower(rune(u)); r <= 0xffff && (u < 0xd800 || u > 0xdfff) {
		return uint16(r)
	}
	return u
}

// variants returns all units that fold to u. Of most ASCII characters they are
// known; others, beyond which some sign of another script folds, are tried out.
func variants(u uint16) []uint16 {
	switch {
	case u >= 'a' && u <= 'z' && u != 'i' && u != 'k':
		return []uint16{u, u - 'a' + 'A'}
	case u < 0x80 && u != 'i' && u != 'k' && u != '\'' && u != ' ':
		return []uint16{u}
	}
	var all []uint16
	for v := range 1 << 16 {
		if foldUnit(uint16(v)) == u {
			all = append(all, uint16(v))
		}
	}
	return all
}

// rarity ranks folded units by how seldom their bytes are in logs; those that are
// cheap to look for come before others.
func rarity(u uint16) int {
	const common = "eitnaorslcdmupfghb.0\\-1wv2/3:45y968_7{}x,()zjq"
	switch {
	case u >= 0x80 || u < 0x20:
		return 1
	case u == 'i' || u == 'k' || u == '\'' || u == ' ':
		return 0
	}
	if i := strings.IndexByte(common, byte(u)); i >= 0 {
		return 2 + i
	}
	return 2 + len(common)
}

// mayBeRendered reports whether a text in lower case can be in that of a value
// which is not stored as text: a number, time, GUID, SID, boolean, binary data.
func mayBeRendered(s string) bool {
	for _, word := range []string{"true", "false", "-inf", "nan"} {
		if strings.Contains(word, s) {
			return true
		}
	}
	digit := func(i int) bool { return i < 0 || i >= len(s) || s[i] >= '0' && s[i] <= '9' } // or not in s
	for i := range len(s) {
		ok := false
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', strings.IndexByte("-+.:{}", c) >= 0:
			ok = true
		case c == 'x': // 0x1f
			ok = i == 0 || s[i-1] == '0'
		case c == 't': // 2017-05-04T00:00:00
			ok = digit(i-1) && digit(i+1)
		case c == 'z':
			ok = digit(i-1) && i == len(s)-1
		case c == 's': // S-1-5-18
			ok = i == 0 && (len(s) == 1 || s[1] == '-')
		}
		if !ok {
			return false
		}
	}
	return true
}

// maxStarts bounds the occurrences in a chunk that are remembered.
const maxStarts = 512

// mayHave reports whether the needle may be in one of the record's values.
func (n *needle) mayHave(r *Record) bool {
	if n.rendered || r.tree != nil {
		return true
	}
	c := &r.d.chunk
	if n.chunk != c || n.generation != c.generation {
		n.look(c)
	}
	if n.everywhere {
		return true
	}
	i, _ := slices.BinarySearch(n.starts, r.off)
	if i < len(n.starts) && n.starts[i] < r.off+r.size {
		return true
	}
	for i := range r.d.instances.list {
		in := &r.d.instances.list[i]
		if in.t.constant {
			return true
		}
		for _, v := range in.vals {
			if v.typ().Base() != TypeAnsiString {
				continue
			}
			if raw := c.buf[v.off():v.end()]; !isASCII(raw) || n.inASCII(raw) {
				return true
			}
		}
	}
	return false
}

// look finds the needle in a chunk.
func (n *needle) look(c *chunk) {
	n.chunk, n.generation, n.starts, n.everywhere = c, c.generation, n.starts[:0], false
	b := c.buf[:]
	for _, unit := range n.variants {
		for from := 0; ; {
			start := n.next(b, from, unit)
			if start < 0 {
				break
			}
			if len(n.starts) == maxStarts {
				n.everywhere = true
				return
			}
			n.starts = append(n.starts, start)
			from = start + 1
		}
	}
	if len(n.variants) > 1 {
		slices.Sort(n.starts)
	}
}

// next returns where in UTF-16LE the needle starts next, at an even offset from
// from or at an odd one, with that variant of its rarest unit; -1 if it does not.
func (n *needle) next(b []byte, from int, unit uint16) int {
	anchor, size := 2*n.anchor, 2*len(n.units)
	for at := from + anchor; at < len(b); at++ {
		i := bytes.IndexByte(b[at:], byte(unit))
		if i < 0 {
			break
		}
		at += i
		start := at - anchor
		if start > len(b)-size {
			break
		}
		if b[at+1] == byte(unit>>8) && n.at(b[start:]) {
			return start
		}
	}
	return -1
}

// in reports whether the needle occurs in a value that is no array. scratch is
// memory for its text.
func (n *needle) in(v Value, scratch *[]byte) bool {
	switch v.Type {
	case TypeString, TypeEvtXML:
		return n.inUTF16(trimString(v.Raw))
	case TypeAnsiString:
		if isASCII(v.Raw) {
			return n.inASCII(trimAnsi(v.Raw))
		}
		var raw []byte
		for _, u := range utf16.Encode([]rune(v.String())) {
			raw = binary.LittleEndian.AppendUint16(raw, u)
		}
		return n.inUTF16(raw)
	}
	if !n.rendered {
		return false
	}
	text := appendPlain((*scratch)[:0], v.Type, v.Raw)
	*scratch = text
	for i, c := range text {
		if c >= 'A' && c <= 'Z' {
			text[i] = c + 'a' - 'A'
		}
	}
	return bytes.Contains(text, n.text)
}

// inUTF16 looks for the needle in UTF-16LE without converting it.
func (n *needle) inUTF16(raw []byte) bool {
	for _, unit := range n.variants {
		start := n.next(raw, 0, unit)
		for start >= 0 && start%2 != 0 {
			start = n.next(raw, start+1, unit)
		}
		if start >= 0 {
			return true
		}
	}
	return false
}

// inASCII does the same for text of one byte a character, all of it ASCII.
func (n *needle) inASCII(raw []byte) bool {
	for _, unit := range n.variants {
		if unit >= 0x80 {
			continue
		}
		for at := n.anchor; at < len(raw); at++ {
			i := bytes.IndexByte(raw[at:], byte(unit))
			if i < 0 || at+i-n.anchor > len(raw)-len(n.units) {
				break
			}
			if at += i; n.atASCII(raw[at-n.anchor:]) {
				return true
			}
		}
	}
	return false
}

func (n *needle) atASCII(raw []byte) bool {
	for i, want := range n.units {
		if foldUnit(uint16(raw[i])) != want {
			return false
		}
	}
	return true
}

func (n *needle) at(raw []byte) bool {
	for i, want := range n.units {
		u := uint16(raw[2*i]) | uint16(raw[2*i+1])<<8
		if u != want && foldUnit(u) != want {
			return false
		}
	}
	return true
}
