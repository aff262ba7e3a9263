package safezip

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
)

// A part is an entry of a zip archive made by hand, one field at a time.
type part struct {
	name       string
	data       []byte // packed
	method     uint16
	flags      uint16
	crc        uint32
	size       uint64
	packed     uint64 // 0: the size of data
	external   uint32
	zip64      bool   // sizes and offset in an extra field
	descriptor []byte // behind the data
	extra      []byte
}

func stored(name, text string) part {
	return part{name: name, data: []byte(text), crc: crc32.ChecksumIEEE([]byte(text)), size: uint64(len(text))}
}

func packed(name, text string) part {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 9)
	io.WriteString(w, text)
	w.Close()
	p := stored(name, text)
	p.method, p.data = Deflate, b.Bytes()
	return p
}

func (p part) packedSize() uint64 {
	if p.packed != 0 {
		return p.packed
	}
	return uint64(len(p.data))
}

// head is what both headers have in common, from the flags on.
func (p part) head(extra []byte) []byte {
	size, packed, crc := p.size, p.packedSize(), p.crc
	if p.zip64 {
		size, packed = none32, none32
	}
	b := le.AppendUint16(nil, p.flags)
	b = le.AppendUint16(b, p.method)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint32(b, crc)
	b = le.AppendUint32(b, uint32(packed))
	b = le.AppendUint32(b, uint32(size))
	b = le.AppendUint16(b, uint16(len(p.name)))
	return le.AppendUint16(b, uint16(len(extra)))
}

func (p part) extras(numbers ...uint64) []byte {
	extra := slices.Clone(p.extra)
	if p.zip64 {
		extra = le.AppendUint16(le.AppendUint16(extra, extraZip64), uint16(8*len(numbers)))
		for _, n := range numbers {
			extra = le.AppendUint64(extra, n)
		}
	}
	return extra
}

func (p part) local() []byte {
	extra := p.extras(p.size, p.packedSize())
	b := append(le.AppendUint16(le.AppendUint32(nil, sigLocal), 45), p.head(extra)...)
	return slices.Concat(b, []byte(p.name), extra, p.data, p.descriptor)
}

func (p part) entry(offset int) []byte {
	extra := p.extras(p.size, p.packedSize(), uint64(offset))
	b := append(le.AppendUint32(le.AppendUint32(nil, sigDirectory), 45), p.head(extra)...)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint32(b, p.external)
	if p.zip64 {
		offset = none32
	}
	b = le.AppendUint32(b, uint32(offset))
	return slices.Concat(b, []byte(p.name), extra)
}

func archive(parts ...part) []byte {
	var b, dir []byte
	for _, p := range parts {
		dir = append(dir, p.entry(len(b))...)
		b = append(b, p.local()...)
	}
	end := le.AppendUint64(nil, sigEnd)
	end = le.AppendUint16(le.AppendUint16(end, uint16(len(parts))), uint16(len(parts)))
	end = le.AppendUint32(le.AppendUint32(end, uint32(len(dir))), uint32(len(b)))
	return slices.Concat(b, dir, end, []byte{0, 0})
}

func problems(t testing.TB, b []byte) []string {
	t.Helper()
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range a.Problems() {
		list = append(list, p.String())
		if p.Danger && p.File != nil && p.File.Refused() == "" {
			t.Errorf("%s: is not refused", p)
		}
	}
	return list
}

func read(t testing.TB, b []byte, i int) (string, error) {
	t.Helper()
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Files[i].Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"a":                      "",
		"logs/Größe (1).evtx":    "",
		"a/b/":                   "",
		"...a":                   "",
		"console.txt":            "",
		"COM":                    "",
		"COM10":                  "",
		"lpt.txt":                "",
		strings.Repeat("a", 255): "",
		"":                       "has no name",
		strings.Repeat("a", 256): "has a name of 256 bytes",
		"/":                      "has an absolute path",
		"//server/share":         "has an absolute path",
		"c:evil":                 "has a drive letter in its path",
		"a:b":                    "has a drive letter in its path",
		"ab:c":                   "has a character in its name that Windows does not allow",
		"a\u202etxt.exe":         "has a control character in its name",
		"a\x7f":                  "has a control character in its name",
		"a\u2028b":               "has a control character in its name",
		"..":                     "has a path that leaves the folder",
		"../":                    "has a path that leaves the folder",
		"a/..":                   "has a path that leaves the folder",
		"a//b":                   "has an empty part in its path",
		"a//":                    "has an empty part in its path",
		"./a":                    "has an empty part in its path",
		"a./b":                   "has a name that ends in a dot or space, which Windows drops",
		"a ":                     "has a name that ends in a dot or space, which Windows drops",
		"nul":                    "has a name that is a device on Windows",
		"a/Con.tar.gz":           "has a name that is a device on Windows",
		"aux .txt":               "has a name that is a device on Windows",
		"com1":                   "has a name that is a device on Windows",
		"LPT²/a":                 "has a name that is a device on Windows",
		"conin$":                 "has a name that is a device on Windows",
	} {
		if got := badName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestCollisions(t *testing.T) {
	got := problems(t, archive(
		stored("a", ""), stored("A/b", ""), stored("straße", ""), stored("STRAẞE", ""),
		stored("d", ""), stored("D/", ""), stored("e/", ""), stored("e/f", ""), stored("K", ""), stored("\u212a", ""), stored("k", ""),
	))
	const twins = "has the name of %s on systems that do not tell case apart"
	want := []string{
		"A/b: is in a folder that is a file: a",
		"straße: " + fmt.Sprintf(twins, "STRAẞE"), "STRAẞE: " + fmt.Sprintf(twins, "straße"),
		"d: " + fmt.Sprintf(twins, "D/"), "D/: " + fmt.Sprintf(twins, "d"),
		"K: " + fmt.Sprintf(twins, "\u212a"), "\u212a: " + fmt.Sprintf(twins, "K"), "k: " + fmt.Sprintf(twins, "K"),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestForms: every form that an honest archive may take is read without a complaint.
func TestForms(t *testing.T) {
	text := strings.Repeat("text ", 100)
	long, later, bare := packed("long", text), packed("later", text), packed("bare", text)
	long.zip64 = true
	descriptor := func(p part, signature, long bool) []byte {
		f := File{CRC32: p.crc, Size: int64(p.size), Packed: int64(len(p.data))}
		return f.descriptor(signature, long)
	}
	later.flags, later.descriptor = flagDescriptor, descriptor(later, true, true)
	bare.flags, bare.descriptor = flagDescriptor, descriptor(bare, false, false)
	folder := stored("folder/", "")
	folder.external = 0o040755 << 16
	timed := stored("timed", text)
	timed.extra = []byte("UT\x05\x00\x01....")
	timed.external = 0o100644 << 16
	parts := []part{stored("stored", text), packed("packed", text), long, later, bare, timed, packed("empty", ""), folder}
	b := archive(parts...)
	if got := problems(t, b); len(got) > 0 {
		t.Errorf("problems:\n%s", strings.Join(got, "\n"))
	}
	for i, p := range parts {
		got, err := read(t, b, i)
		if err != nil || uint64(len(got)) != p.size || !strings.HasPrefix(text, got) {
			t.Errorf("%s: %d bytes, error %v", p.name, len(got), err)
		}
	}
	if got := problems(t, archive()); len(got) > 0 {
		t.Errorf("an empty archive: %q", got)
	}
}

// TestProblems has what TestHostile of package archive has not.
func TestProblems(t *testing.T) {
	with := func(change func(p *part)) []byte {
		p := stored("a", "text")
		change(&p)
		return archive(stored("first", ""), p)
	}
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"device", with(func(p *part) { p.external = 0o020644 << 16 }), "a: is no regular file"},
		{"folder without a slash", with(func(p *part) { p.external = 0o040644 << 16 }), "a: is no regular file"},
		{"setuid", with(func(p *part) { p.external = 0o104755 << 16 }), "a: is set to run with the rights of another"},
		{"folder with content", with(func(p *part) { p.name = "a/" }), "a/: is a folder, and has content"},
		{"strong encryption", with(func(p *part) { p.flags = flagStrong }), "a: is encrypted"},
		{"masked", with(func(p *part) { p.flags = flagMasked }), "a: is encrypted"},
		{"ratio", with(func(p *part) { p.method, p.size = Deflate, 4*MaxRatio+MaxRatio }),
			"a: claims to be 5500 bytes, unpacked from 4: that is not possible"},
		{"much from nothing", with(func(p *part) { p.method, p.size, p.data = Deflate, MaxRatio, nil }),
			"a: claims to be 1100 bytes, unpacked from 0: that is not possible"},
		{"broken extra field", with(func(p *part) { p.extra = []byte("UT\xff\x00") }), "a: has 4 bytes in its header that are no extra field"},
		{"large extra field", with(func(p *part) { p.extra = append([]byte("UT\x28\x00"), make([]byte, 40)...) }),
			"a: has an extra field 0x5455 of 40 bytes"},
		{"larger than the archive", with(func(p *part) { p.zip64, p.method, p.size, p.packed = true, Deflate, 1<<62, 1<<62 }),
			"a: lies outside of the archive"},
	} {
		if got := problems(t, tt.data); len(got) == 0 || got[len(got)-1] != tt.want && got[0] != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	b := with(func(p *part) { p.zip64, p.method, p.size = true, Deflate, 1<<63 })
	if _, err := Open(bytes.NewReader(b), int64(len(b))); err == nil ||
		err.Error() != "damaged zip archive: entry 2 of its directory cannot be read" {
		t.Errorf("a size beyond int64: %v", err)
	}
}

// TestTotal: many entries, none of them impossible, but too much together.
func TestTotal(t *testing.T) {
	b := archive(stored("a", "12345"), stored("b", "12345"))
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if a.checkTotal(10); len(a.Problems()) > 0 {
		t.Errorf("problems %v", a.Problems())
	}
	a.checkTotal(9)
	if p := a.Problems(); len(p) != 1 || !p[0].Danger || p[0].String() != "the entries claim to be more than 9 bytes, unpacked" {
		t.Errorf("problems %v", p)
	}
	for _, f := range a.Files {
		if _, err := f.Open(); err == nil {
			t.Errorf("%s is read", f.Name)
		}
	}
}

// A hole is an archive with a large entry in which nothing is.
type hole struct {
	before, after []byte
	size          int64
}

func (h hole) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for ; n < len(p) && off < h.size; n, off = n+1, off+1 {
		switch tail := off - (h.size - int64(len(h.after))); {
		case off < int64(len(h.before)):
			p[n] = h.before[off]
		case tail >= 0:
			p[n] = h.after[tail]
		default:
			p[n] = 0
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestBomb: 100 MiB that claim to be 100 GiB, as deflate could have it.
func TestBomb(t *testing.T) {
	p := part{name: "a", method: Deflate, zip64: true, size: 100 << 30, packed: 100 << 20}
	b := archive(p)
	at := bytes.Index(b, []byte("PK\x01\x02"))
	end := len(b) - sizeEnd
	le.PutUint32(b[end+16:], uint32(at+100<<20))
	h := hole{before: b[:at], after: b[at:], size: int64(len(b) + 100<<20)}
	a, err := Open(h, h.size)
	if err != nil {
		t.Fatal(err)
	}
	want := "the entries claim to be more than 64 GiB, unpacked"
	if got := a.Problems(); len(got) != 1 || got[0].String() != want {
		t.Errorf("problems %v, want %s", got, want)
	}
	if _, err := a.Files[0].Open(); err == nil || err.Error() != want {
		t.Errorf("Open: %v", err)
	}
}

// TestFifield: a thousand entries with the same data.
func TestFifield(t *testing.T) {
	p := packed("a", strings.Repeat("0", 1000))
	var dir []byte
	for range 1000 {
		dir = append(dir, p.entry(0)...)
	}
	b := archive(p)
	at := bytes.Index(b, []byte("PK\x01\x02"))
	end := slices.Clone(b[len(b)-sizeEnd:])
	le.PutUint16(end[8:], 1000)
	le.PutUint16(end[10:], 1000)
	le.PutUint32(end[12:], uint32(len(dir)))
	b = slices.Concat(b[:at], dir, end)
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if a.Overlap() == "" {
		t.Error("nobody says that they overlap")
	}
	for i, f := range a.Files {
		if f.Refused() == "" || !f.hasProblem("overlap") && !f.hasProblem("is overlapped") {
			t.Fatalf("entry %d is not refused for its overlap: %v", i, f.problems)
		}
	}
}

func TestContent(t *testing.T) {
	text := strings.Repeat("text ", 1000)
	change := func(p part, change func(p *part)) part { change(&p); return p }
	for _, tt := range []struct {
		name string
		part part
		want string
	}{
		{"more", change(packed("a", text), func(p *part) { p.size-- }), "holds more than it says"},
		{"less", change(packed("a", text), func(p *part) { p.size += 2 }), "holds 2 bytes less than it says"},
		{"stored checksum", change(stored("a", text), func(p *part) { p.crc++ }), "checksum is wrong: the entry is damaged"},
		{"packed checksum", change(packed("a", text), func(p *part) { p.crc++ }), "checksum is wrong: the entry is damaged"},
		{"cut off", change(packed("a", text), func(p *part) { p.data = p.data[:len(p.data)-3] }), "compressed data end too early"},
		{"nothing", change(packed("a", ""), func(p *part) { p.data = nil }), "compressed data end too early"},
		{"behind", change(packed("a", text), func(p *part) { p.data = append(p.data, 0) }), "has bytes behind its compressed data"},
		{"damaged", change(packed("a", text), func(p *part) { p.data[0] = 7 }), "compressed data are damaged"},
		{"encrypted", change(packed("a", text), func(p *part) { p.flags = 1 }), "is encrypted"},
	} {
		b := archive(tt.part)
		got, err := read(t, b, 0)
		if err == nil || err.Error() != tt.want || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: error %v, want %s", tt.name, err, tt.want)
		}
		if uint64(len(got)) > tt.part.size {
			t.Errorf("%s: %d bytes, of %d", tt.name, len(got), tt.part.size)
		}
	}
}

func TestClosed(t *testing.T) {
	b := archive(packed("a", "text"))
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Files[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	if _, err := r.Read(make([]byte, 1)); err == nil || err == io.EOF {
		t.Errorf("read after Close: %v", err)
	}
}

// TestManyEntries: the limits are those that are said.
func TestManyEntries(t *testing.T) {
	parts := make([]part, MaxEntries+1)
	for i := range parts {
		parts[i] = stored(fmt.Sprint(i), "")
	}
	if got := problems(t, archive(parts[:MaxEntries]...)); len(got) > 0 {
		t.Errorf("problems %q", got)
	}
	b := archive(parts...)
	if _, err := Open(bytes.NewReader(b), int64(len(b))); err == nil {
		t.Error("one entry more is read")
	}
}

// TestStandard: what archive/zip writes is read the same.
func TestStandard(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range 20 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("é%d", i), Method: uint16(i % 2 * 8)})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, strings.Repeat("text", i*1000))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := problems(t, b.Bytes()); len(got) > 0 {
		t.Errorf("problems %q", got)
	}
	for i := range 20 {
		if got, err := read(t, b.Bytes(), i); err != nil || got != strings.Repeat("text", i*1000) {
			t.Errorf("entry %d: %d bytes, error %v", i, len(got), err)
		}
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"logs/Größe.evtx":              "logs/Größe.evtx",
		"":                             `""`,
		"a\nb":                         `"a\nb"`,
		`a"b`:                          `"a\"b"`,
		strings.Repeat("ö", 100):       strings.Repeat("ö", 60) + "…",
		"a" + strings.Repeat("ö", 100): "a" + strings.Repeat("ö", 59) + "…",
	} {
		if got := Printable(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
