package archive

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxFile is how much of a further file goes into a bundle, in bytes: the end
// of it, as logs grow at the end.
const MaxFile = 16 << 20

// errBinary is a file that redaction cannot look into.
var errBinary = errors.New("is no text file, and what is in it cannot be redacted")

// file adds a text file: UTF-8, UTF-16 with a byte order mark, or a code page
// of one byte. It becomes UTF-8, redacted; of one larger than MaxFile the
// beginning is cut off, by whole lines. A file that is no text is an error, and
// not in the bundle.
func (b *builder) file(source string, r io.ReaderAt, size int64) error {
	source = b.redactor.Text(source)
	cut := max(0, size-MaxFile)
	if cut%2 == 1 {
		cut++ // not within a character of UTF-16
	}
	data := make([]byte, size-cut)
	if n, err := r.ReadAt(data, cut); err != nil && !(errors.Is(err, io.EOF) && n == len(data)) {
		return err
	}
	var mark [3]byte
	n, _ := r.ReadAt(mark[:], 0)
	text, err := decodeText(data, mark[:n], cut > 0)
	if err != nil {
		b.unseen = append(b.unseen, source+": "+err.Error()+": it was left out")
		return err
	}
	if cut > 0 {
		if _, rest, ok := strings.Cut(text, "\n"); ok {
			text = rest
		}
	}
	e := Entry{Path: b.names.entry(FileFolder, source, ""), Source: source, CutBytes: cut}
	if err := b.add(e, []byte(b.redactor.Text(text))); err != nil {
		return err
	}
	b.rules = append(b.rules, ruleCounts(e.Path, b.redactor.TakeCounts())...)
	b.suspects = append(b.suspects, ruleCounts(e.Path, b.redactor.TakeSuspects())...)
	return nil
}

// decodeText makes UTF-8 of a file's end. mark is the beginning of the file.
func decodeText(data, mark []byte, cut bool) (string, error) {
	switch {
	case bytes.HasPrefix(mark, []byte{0xff, 0xfe}):
		return wideText(data, cut, func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }), nil
	case bytes.HasPrefix(mark, []byte{0xfe, 0xff}):
		return wideText(data, cut, func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 }), nil
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

func wideText(data []byte, cut bool, unit func([]byte) uint16) string {
	if !cut && len(data) >= 2 {
		data = data[2:]
	}
	units := make([]uint16, 0, len(data)/2)
	for ; len(data) >= 2; data = data[2:] {
		units = append(units, unit(data))
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
