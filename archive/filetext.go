package archive

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeText makes UTF-8 of a file's end. mark is the beginning of the file.
func decodeText(data, mark []byte, cut bool) (string, error) {
	if form := formOf(data, mark); form.size > 0 {
		if form.marked && !cut && len(data) >= form.size {
			data = data[form.size:]
		}
		return form.decode(data), nil
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "", errBinary
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(wholeCharacters(data)) {
		return strings.ToValidUTF8(string(data), "\ufffd"), nil
	}
	// Some code page: its letters stay what they are in Latin 1, so that lines
	// still mean the same to somebody who knows it.
	out := make([]rune, len(data))
	for i, c := range data {
		out[i] = rune(c)
	}
	return string(out), nil
}

// A wideForm is an encoding of characters in units of several bytes.
type wideForm struct {
	size   int // of a unit: 2 or 4 bytes; 0 for another encoding
	order  binary.ByteOrder
	marked bool // a byte order mark says so
}

// formOf tells by the byte order mark, or else by where the zeros stand, which
// texts of the Latin scripts have most of.
func formOf(data, mark []byte) wideForm {
	switch {
	case bytes.HasPrefix(mark, []byte{0xff, 0xfe, 0, 0}):
		return wideForm{4, binary.LittleEndian, true}
	case bytes.HasPrefix(mark, []byte{0, 0, 0xfe, 0xff}):
		return wideForm{4, binary.BigEndian, true}
	case bytes.HasPrefix(mark, []byte{0xff, 0xfe}):
		return wideForm{2, binary.LittleEndian, true}
	case bytes.HasPrefix(mark, []byte{0xfe, 0xff}):
		return wideForm{2, binary.BigEndian, true}
	}
	const looked = 4096
	start := data[:min(len(data), looked)]
	for _, form := range []wideForm{{4, binary.LittleEndian, false}, {4, binary.BigEndian, false}, {2, binary.LittleEndian, false},
		{2, binary.BigEndian, false}} {
		if form.reads(start) {
			return form
		}
	}
	return wideForm{}
}

// reads reports whether nearly all of the data are characters of ASCII in this form, and none is of no script.
func (f wideForm) reads(data []byte) bool {
	units := len(data) / f.size
	if units < 4 {
		return false
	}
	plain := 0
	for i := range units {
		switch c := f.unit(data[i*f.size:]); {
		case c == '\t' || c == '\r' || c == '\n' || ' ' <= c && c < 0x7f:
			plain++
		case c < ' ' || c > utf8.MaxRune:
			return false
		}
	}
	return plain*10 >= units*8
}

func (f wideForm) unit(data []byte) uint32 {
	if f.size == 4 {
		return f.order.Uint32(data)
	}
	return uint32(f.order.Uint16(data))
}

func (f wideForm) decode(data []byte) string {
	if f.size == 4 {
		var out strings.Builder
		for ; len(data) >= 4; data = data[4:] {
			out.WriteRune(rune(min(f.unit(data), utf8.MaxRune+1)))
		}
		return out.String()
	}
	units := make([]uint16, 0, len(data)/2)
	for ; len(data) >= 2; data = data[2:] {
		units = append(units, uint16(f.unit(data)))
	}
	return string(utf16.Decode(units))
}

// wholeCharacters leaves out what a cut, or a program that was ended in the
// middle of writing, has left of a character of UTF-8 at both ends.
func wholeCharacters(data []byte) []byte {
	for n := 0; n < utf8.UTFMax-1 && len(data) > 0 && !utf8.RuneStart(data[0]); n++ {
		data = data[1:]
	}
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		if last := data[len(data)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return data[:len(data)-n]
			}
			break
		}
	}
	return data
}
