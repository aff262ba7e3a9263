package evtx

import (
	"bytes"
	"encoding/binary"
	"unicode"
	"unicode/utf16"
)

// A needle is a text to look for in values, whatever its case. Typographic
// apostrophes and no-break spaces, which French texts of Windows are full of
// and keyboards are not, count as the plain ones.
type needle struct {
	units []uint16 // folded UTF-16
	text  []byte   // for values that are not stored as text: lower-case UTF-8
}

func newNeedle(s string) needle {
	n := needle{units: utf16.Encode([]rune(s)), text: bytes.ToLower([]byte(s))}
	for i, u := range n.units {
		n.units[i] = foldUnit(u)
	}
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

// in reports whether the needle occurs in a value that is no array.
func (n *needle) in(v Value) bool {
	if v.Type == TypeString || v.Type == TypeEvtXML {
		return n.inUTF16(trimString(v.Raw))
	}
	var buf [256]byte
	text := v.AppendText(buf[:0])
	if v.Type != TypeAnsiString {
		return bytes.Contains(bytes.ToLower(text), n.text)
	}
	var units [512]byte
	raw := units[:0]
	for _, u := range utf16.Encode([]rune(string(text))) {
		raw = binary.LittleEndian.AppendUint16(raw, u)
	}
	return n.inUTF16(raw)
}

// inUTF16 looks for the needle in UTF-16LE without converting it.
func (n *needle) inUTF16(raw []byte) bool {
	last := len(raw) - 2*len(n.units)
	for i := 0; i <= last; i += 2 {
		if n.at(raw[i:]) {
			return true
		}
	}
	return false
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
