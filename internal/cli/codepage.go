package cli

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/gwlogs/gwlogs/evtx"
)

const defaultCodec = "windows-1252"

// codePage is an encoding of old ANSI strings; number is Windows' own for it.
type codePage struct {
	name     string
	number   string
	encoding encoding.Encoding
}

func codePages() []codePage {
	return []codePage{
		{"windows-1250", "1250", charmap.Windows1250},
		{"windows-1251", "1251", charmap.Windows1251},
		{"windows-1252", "1252", charmap.Windows1252},
		{"windows-1253", "1253", charmap.Windows1253},
		{"windows-1254", "1254", charmap.Windows1254},
		{"windows-1255", "1255", charmap.Windows1255},
		{"windows-1256", "1256", charmap.Windows1256},
		{"windows-1257", "1257", charmap.Windows1257},
		{"windows-1258", "1258", charmap.Windows1258},
		{"windows-874", "874", charmap.Windows874},
		{"shift_jis", "932", japanese.ShiftJIS},
		{"gbk", "936", simplifiedchinese.GBK},
		{"gb18030", "54936", simplifiedchinese.GB18030},
		{"euc-kr", "949", korean.EUCKR},
		{"big5", "950", traditionalchinese.Big5},
		{"ibm437", "437", charmap.CodePage437},
		{"ibm850", "850", charmap.CodePage850},
		{"ibm852", "852", charmap.CodePage852},
		{"ibm866", "866", charmap.CodePage866},
		{"iso-8859-1", "28591", charmap.ISO8859_1},
		{"iso-8859-2", "28592", charmap.ISO8859_2},
		{"iso-8859-5", "28595", charmap.ISO8859_5},
		{"iso-8859-15", "28605", charmap.ISO8859_15},
		{"koi8-r", "20866", charmap.KOI8R},
	}
}

func codePageNames() []string {
	var names []string
	for _, c := range codePages() {
		names = append(names, c.name)
	}
	return names
}

// parseCodePage finds a code page by its name or number (1252, cp1252).
func parseCodePage(name string) (evtx.CodePage, error) {
	key := strings.ToLower(strings.TrimSpace(name))
	for _, c := range codePages() {
		if key != c.name && strings.TrimPrefix(key, "cp") != c.number {
			continue
		}
		if c.name == defaultCodec {
			return nil, nil // package evtx has it built in
		}
		if single, ok := c.encoding.(*charmap.Charmap); ok {
			return singleBytes(single), nil
		}
		return multiBytes(c.encoding), nil
	}
	return nil, usage("known are "+strings.Join(codePageNames(), ", "), "--ansi-codec: unknown code page %q", name)
}

func singleBytes(c *charmap.Charmap) evtx.CodePage {
	return func(dst, src []byte) []byte {
		for _, b := range src {
			dst = utf8.AppendRune(dst, c.DecodeByte(b))
		}
		return dst
	}
}

// multiBytes makes a decoder a string: decoders have state, and a code page is used on all cores.
func multiBytes(e encoding.Encoding) evtx.CodePage {
	return func(dst, src []byte) []byte {
		text, err := e.NewDecoder().Bytes(src)
		if err != nil { // cannot be: what is invalid becomes U+FFFD
			return append(dst, strings.ToValidUTF8(string(src), "\uFFFD")...)
		}
		return append(dst, text...)
	}
}
