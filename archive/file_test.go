package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
)

// wide is text in UTF-16, in the byte order of a system.
func wide(text string, bigEndian bool) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		if bigEndian {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

// wider is text in UTF-32.
func wider(text string, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, c := range text {
		b = order.AppendUint32(b, uint32(c))
	}
	return b
}

func TestTextOfAnyEncoding(t *testing.T) {
	const text = "à 日本 😀\r\nend\n"
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, ""},
		{"ASCII", []byte("a\nb"), "a\nb"},
		{"UTF-8", []byte(text), text},
		{"UTF-8 with a mark", []byte("\ufeff" + text), text},
		{"UTF-8 mark alone", []byte("\ufeff"), ""},
		{"UTF-16 of Windows", wide("\ufeff"+text, false), text},
		{"UTF-16, big end first", wide("\ufeff"+text, true), text},
		{"UTF-16 without a mark", wide("Password=x\r\nà\n", false), "Password=x\r\nà\n"},
		{"UTF-16 without a mark, big end first", wide("Password=x\r\nà\n", true), "Password=x\r\nà\n"},
		{"UTF-32", wider("\ufeff"+text, binary.LittleEndian), text},
		{"UTF-32, big end first", wider("\ufeff"+text, binary.BigEndian), text},
		{"UTF-32 without a mark", wider("Password=x\r\nà\n", binary.LittleEndian), "Password=x\r\nà\n"},
		{"UTF-16 mark alone", []byte{0xff, 0xfe}, ""},
		{"UTF-16 that ends within a character", append(wide("\ufeffab", false), 'c'), "ab"},
		{"UTF-16 that ends within a pair", wide("\ufeffab", false)[:6:6], "ab"},
		{"UTF-16 with half of a pair", append(wide("\ufeffab", false), 0x3d, 0xd8), "ab\ufffd"},
		{"UTF-8 that ends within a character", []byte("prêt é")[:7], "prêt \ufffd"},
		{"a code page", []byte("pr\xeat: 5 \x80\r\n"), "prêt: 5 \u0080\r\n"},
	} {
		got, err := decodeText(c.data, c.data[:min(4, len(c.data))], false)
		if err != nil || got != c.want {
			t.Errorf("%s: %q, error %v", c.name, got, err)
		}
	}
}

func TestBinaryFileIsRefused(t *testing.T) {
	for _, data := range []string{"\x00", "MZ\x90\x00\x03", "PK\x03\x04\x14\x00", "text, and then \x00",
		"\x00\x01\x02\x00\x00\x00\x05\x00\x00\x00\x01\x00"} {
		if got, err := decodeText([]byte(data), []byte(data[:min(4, len(data))]), false); !errors.Is(err, errBinary) {
			t.Errorf("%q: %q, error %v", data, got, err)
		}
	}
}

// TestTextCutWithinACharacter: the rest of the first line is thrown away later,
// so what counts is that the lines behind it are right.
func TestTextCutWithinACharacter(t *testing.T) {
	const text = "日😀日\nà la fin 😀\n"
	for cut := range len("日😀日") {
		got, err := decodeText([]byte(text[cut:]), []byte(text[:3]), true)
		if err != nil || !strings.HasSuffix(got, "\nà la fin 😀\n") {
			t.Errorf("UTF-8 without %d bytes: %q, error %v", cut, got, err)
		}
	}
	for _, bigEndian := range []bool{false, true} {
		data := wide("\ufeff"+text, bigEndian)
		for cut := 2; cut < 10; cut += 2 { // File cuts between units
			got, err := decodeText(data[cut:], data[:3], true)
			if err != nil || !strings.HasSuffix(got, "\nà la fin 😀\n") {
				t.Errorf("UTF-16 without %d bytes: %q, error %v", cut, got, err)
			}
		}
	}
}

// TestEndOfALargeFileIsKept: whole lines of it, and the manifest says how much is missing.
func TestEndOfALargeFileIsKept(t *testing.T) {
	const line = "2017-05-04 12:00:00 à 😀 nothing happened\r\n"
	const lines = MaxFile/len(line) + 10
	for name, whole := range map[string][]byte{
		"UTF-8":                           []byte(strings.Repeat(line, lines)),
		"UTF-16 that ends in a character": append(wide("\ufeff"+strings.Repeat(line, lines), false), 'x'),
	} {
		b := builderOf(t, Options{})
		if err := b.file("large.log", bytes.NewReader(whole), int64(len(whole))); err != nil {
			t.Fatal(err)
		}
		e := b.entries[0]
		text := inflated(t, spooled(t, b, 0))
		if strings.Trim(strings.ReplaceAll(string(text), line, ""), "\ufffd") != "" || len(text) == 0 {
			t.Errorf("%s: not made of whole lines: %.80q", name, text)
		}
		if over := int64(len(whole)) - MaxFile; e.CutBytes < over || e.CutBytes > over+1 {
			t.Errorf("%s: %d bytes cut off", name, e.CutBytes)
		}
	}
}

// builderOf is a builder of nothing yet.
func builderOf(t *testing.T, o Options) *builder {
	t.Helper()
	m, err := newMaker(o)
	if err == nil {
		err = m.openRedactor(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBuilder(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.close)
	return b
}

func spooled(t *testing.T, b *builder, i int) []byte {
	t.Helper()
	p := b.content[i]
	data := make([]byte, p.to-p.from)
	if _, err := b.spool.file.ReadAt(data, p.from); err != nil {
		t.Fatal(err)
	}
	return append(p.head, data...)
}

// TestFileThatCannotBeReadIsNotInTheBundle, nor one that is no text; the bundle says the latter.
func TestFileThatCannotBeReadIsNotInTheBundle(t *testing.T) {
	b := builderOf(t, Options{})
	if err := b.file("shrunk.log", strings.NewReader("short"), 100); !errors.Is(err, io.EOF) {
		t.Errorf("shrunk: error %v", err)
	}
	if err := b.file("program.exe", strings.NewReader("MZ\x00"), 3); !errors.Is(err, errBinary) {
		t.Errorf("binary: error %v", err)
	}
	m, _, err := b.write(nil)
	if err != nil || len(m.Entries) != 3 || len(m.Redaction.NotInspected) != 1 ||
		!strings.HasPrefix(m.Redaction.NotInspected[0], "program.exe: ") {
		t.Errorf("%+v, error %v", m, err)
	}
}
