package evtx

import (
	"bytes"
	"unicode/utf8"
)

// A CodePage appends src, text in some code page, to dst as UTF-8. An event
// log does not say which code page its AnsiString values are in: it is that
// of the machine that wrote them. Text in ASCII alone, which is the same in
// all of them, is not passed through it.
type CodePage func(dst, src []byte) []byte

func (cp CodePage) orDefault() CodePage {
	if cp == nil {
		return Windows1252
	}
	return cp
}

// windows1252 holds the characters of bytes 0x80 to 0x9f. The five bytes
// that the code page leaves open map to the control characters, as Windows
// itself maps them.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

// decode appends src as UTF-8.
func (cp CodePage) decode(dst, src []byte) []byte {
	if isASCII(src) {
		return append(dst, src...)
	}
	return cp.orDefault()(dst, src)
}

func isASCII(s []byte) bool {
	var or byte
	for _, c := range s {
		or |= c
	}
	return or < 0x80
}

// Windows1252 decodes the code page of Western European Windows.
func Windows1252(dst, src []byte) []byte {
	for _, c := range src {
		switch {
		case c < 0x80:
			dst = append(dst, c)
		case c < 0xa0:
			dst = utf8.AppendRune(dst, windows1252[c-0x80])
		default:
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}

// trimAnsi cuts the NUL characters off a text's end.
func trimAnsi(raw []byte) []byte { return bytes.TrimRight(raw, "\x00") }
