package eventtext

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// decode returns a text as UTF-8, with plain line ends. Windows writes UTF-16 (installer logs, Out-File of PowerShell 5), with a
// byte order mark or without, UTF-8, or its old code page.
func decode(data []byte) ([]byte, error) {
	if order := utf16Order(data); order != nil {
		data = fromUTF16(bytes.TrimPrefix(bytes.TrimPrefix(data, []byte{0xff, 0xfe}), []byte{0xfe, 0xff}), order)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if isBinary(data[:min(len(data), 4096)]) {
		return nil, ErrNotText
	}
	if !utf8.Valid(data) {
		data = fromWindows1252(data)
	}
	if len(data) > 2*MaxSize {
		return nil, ErrTooLarge
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n")), nil
}

func bom(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) || bytes.HasPrefix(data, []byte("\ufeff"))
}

// utf16Order is the byte order of UTF-16, nil for something else. Without a mark, every other byte of the start is zero, as it is
// in the languages that installers are translated to for most of their text.
func utf16Order(data []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	start := data[:min(len(data), 400)&^1]
	if len(start) < 8 {
		return nil
	}
	var zeros [2]int
	for i, b := range start {
		if b == 0 {
			zeros[i&1]++
		}
	}
	most, few := len(start)/2*7/10, len(start)/2/20
	switch {
	case zeros[1] >= most && zeros[0] <= few:
		return binary.LittleEndian
	case zeros[0] >= most && zeros[1] <= few:
		return binary.BigEndian
	}
	return nil
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	out := make([]byte, 0, len(data)/2+len(data)/8)
	for i := 0; i+1 < len(data); i += 2 {
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) {
			var low rune
			if i+3 < len(data) {
				low = rune(order.Uint16(data[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// isBinary reports whether the bytes are no text: a zero, or more than a few other characters that no text has.
func isBinary(start []byte) bool {
	odd := 0
	for _, b := range start {
		switch {
		case b == 0:
			return true
		case b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b:
			odd++
		}
	}
	return odd > len(start)/50
}

func fromWindows1252(data []byte) []byte {
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return bytes.ToValidUTF8(data, []byte("\ufffd"))
	}
	return out
}
