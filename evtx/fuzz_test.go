package evtx

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// seeds are the starts of chunks: a real shape, and all that the builder can
// write. They are short, as mutating zeros finds nothing.
func seeds(t testing.TB) [][]byte {
	t.Helper()
	var all [][]byte
	for _, lang := range []string{"en", "fr"} {
		log := readFile(t, gateway(t, lang))
		for _, c := range []int{0, 7} {
			all = append(all, log[fileHeaderSize+c*chunkSize:][:4<<10])
		}
	}
	l := newLog()
	for range 2 {
		l.record(func() { everything(l) })
	}
	return append(append(all, l.chunk()[:len(l.b)]), realChunks(t)...)
}

// realChunks returns the starts of chunks that Windows wrote, where the
// shared corpus is at hand; the targets do without it.
func realChunks(t testing.TB) (chunks [][]byte) {
	dir := filepath.Join(sharedFolder(), "corpus")
	paths, _ := filepath.Glob(filepath.Join(dir, "*", "*.evtx"))
	more, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*.evtx"))
	for i, path := range append(paths, more...) {
		if b := readFile(t, path); i%8 == 0 && len(b) >= fileHeaderSize+chunkSize {
			chunks = append(chunks, b[fileHeaderSize:][:6<<10])
		}
	}
	return chunks
}

// everything writes a record with each kind of token and value.
func everything(l *logBuilder) {
	values := []testValue{
		{typ: TypeString, raw: utf16le("a<b")},
		{typ: TypeUint32, raw: le(uint32(7))},
		{typ: TypeString | TypeArray, raw: append(append(utf16le("x"), 0, 0), 0, 0)},
		{typ: TypeNull},
		{typ: TypeGUID, raw: make([]byte, 16)},
		{typ: TypeFileTime, raw: le(uint64(131383296000000000))},
		{typ: TypeSID, raw: []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}},
		{typ: TypeAnsiString, raw: []byte("caf\xe9")},
		{typ: TypeBinXML, body: func() {
			l.fragment()
			l.element("UserData", func() {
				l.element("X", func() {
					l.text("t")()
					l.u8(tokenCharRef)
					l.u16('&')
					for _, unit := range []int{0xd83d, 0xde00, 0xd83d} { // a character outside the BMP, and half of one
						l.u8(tokenCharRef)
						l.u16(unit)
					}
					l.u8(tokenEntityRef)
					l.name("amp")
					l.u8(tokenCDATA)
					l.u16(1)
					l.u16('c')
				})
				l.u8(tokenPITarget)
				l.name("pi")
				l.u8(tokenPIData)
				l.u16(1)
				l.u16('d')
			})
			l.eof()
		}},
	}
	l.fragment()
	l.instance(3, func() {
		l.element("Event", func() {
			l.system()
			l.element("EventData", func() {
				for i := range values[:8] {
					l.element("Data", l.hole(i, values[i].typ, i%2 == 1), l.attr("Name", l.text(string(rune('a'+i)))))
				}
				l.element("Data", l.hole(2, TypeString|TypeArray, true))
			}, l.attr("Name", l.hole(0, TypeString, true)))
			l.hole(8, TypeBinXML, true)()
		})
	}, values...)
	l.eof()
}

// FuzzReader: whatever is read, reading ends, each event is valid JSON and
// well-formed XML, and every way of reading gives the same. The input is the
// used part of a file header and as much of chunks as there is.
func FuzzReader(f *testing.F) {
	for _, chunk := range seeds(f) {
		f.Add(append(file()[:128:128], chunk...), true)
		f.Add(append(file()[:128:128], chunk...), false)
	}
	f.Fuzz(func(t *testing.T, b []byte, sealed bool) {
		if len(b) < 128 || len(b) > 3*chunkSize {
			return
		}
		log := make([]byte, fileHeaderSize, fileHeaderSize+len(b)+chunkSize)
		copy(log, b[:128])
		log = append(log, b[128:]...)
		if sealed { // a hostile file has its checksums right
			for c := log[fileHeaderSize:]; len(c) >= chunkHeaderSize; c = c[min(chunkSize, len(c)):] {
				seal(c[:min(chunkSize, len(c))])
			}
		}
		r, err := NewReader(bytes.NewReader(log), int64(len(log)))
		if err != nil {
			return
		}
		checkFuzzed(t, log)
		r.Recover = true
		for rec := range r.Records() {
			if rec != nil {
				rec.AppendMessage(nil)
			}
		}
	})
}

// FuzzBinXML puts bytes where a record's binary XML is, behind a good record
// whose names and template they can refer to, and checks the same.
func FuzzBinXML(f *testing.F) {
	for _, chunk := range seeds(f) {
		r := openBytes(f, append(file(), chunk...))
		n := 0
		for rec, err := range r.Records() {
			if n++; err == nil && n < 4 {
				f.Add(append([]byte(nil), rec.d.chunk.buf[rec.off+recordHeader:rec.off+rec.size-4]...))
			}
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		l := newLog()
		l.record(func() { everything(l) })
		if len(body) > chunkSize-2*len(l.b) {
			return
		}
		l.record(func() { l.u8(body...) })
		l.record(func() { everything(l) })
		got := checkFuzzed(t, file(l.chunk()))
		if n := len(got.json); n < 2 || got.json[0] != got.json[n-1] {
			t.Fatalf("%d records: a good one is lost or changed", n)
		}
	})
}

func checkFuzzed(t *testing.T, b []byte) (got rendered) {
	t.Helper()
	for rec, err := range openBytes(t, b).Records() {
		if err != nil {
			got.errors = append(got.errors, err.Error())
			continue
		}
		j, err := rec.AppendJSON(nil)
		x, err2 := rec.AppendXML(nil)
		if err != nil || err2 != nil {
			continue // longer than any real event
		}
		if err := checkJSON(string(j)); err != nil {
			t.Fatalf("JSON: %v\n%s", err, j)
		}
		if err := checkXML(string(x)); err != nil {
			t.Fatalf("XML: %v\n%s", err, x)
		}
		rec.AppendMessage(nil)
		rec.AppendData(nil)
		if rec.bindTree() != nil {
			continue // expands to more than a tree may hold
		}
		if tree, _ := rec.AppendJSON(nil); string(tree) != string(j) {
			t.Fatal("JSON of the tree: " + firstDifference(string(tree), string(j)))
		}
		if tree, _ := rec.AppendXML(nil); string(tree) != string(x) {
			t.Fatal("XML of the tree: " + firstDifference(string(tree), string(x)))
		}
		got.json, got.xml = append(got.json, string(j)), append(got.xml, string(x))
	}
	return got
}

// TestCorpusSeeds runs the bodies of both fuzz targets over a real chunk of
// every file of the corpus.
func TestCorpusSeeds(t *testing.T) {
	for name, path := range logsBelow(t, shared(t, "corpus")) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			checkFuzzed(t, b[:min(len(b), fileHeaderSize+chunkSize)])
		})
	}
}

// FuzzWriter: of whatever can be read, any selection is written so that it
// reads back the same, and without an error.
func FuzzWriter(f *testing.F) {
	for _, chunk := range seeds(f) {
		f.Add(chunk, uint8(1))
		f.Add(chunk, uint8(3))
	}
	f.Fuzz(func(t *testing.T, chunk []byte, every uint8) {
		if len(chunk) < chunkHeaderSize || len(chunk) > chunkSize {
			return
		}
		seal(chunk)
		var m memory
		w := NewWriter(&m)
		var want rendered
		n := 0
		for rec, err := range openBytes(t, append(file(), chunk...)).Records() {
			if n++; err != nil || n%max(int(every), 1) != 0 {
				continue
			}
			j, err1 := rec.AppendJSON(nil)
			x, err2 := rec.AppendXML(nil)
			var refused *RecordError
			if err := w.WriteRecord(rec); errors.As(err, &refused) || err1 != nil || err2 != nil {
				if err == nil {
					return // longer than can be rendered, but not than can be written
				}
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			want.json, want.xml = append(want.json, string(j)), append(want.xml, string(x))
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got := render(t, m.b)
		if len(got.errors) > 0 || !slices.Equal(got.json, want.json) || !slices.Equal(got.xml, want.xml) {
			t.Fatalf("errors %q\n%s", got.errors, firstDifference(strings.Join(append(got.json, got.xml...), "\n"),
				strings.Join(append(want.json, want.xml...), "\n")))
		}
	})
}
