package evtx

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// junk returns n bytes in which no chunk and no record is.
func junk(n int) []byte {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	b := make([]byte, n)
	for i := range b {
		if b[i] = byte(r.Uint32()); b[i] == '*' || b[i] == 'E' {
			b[i] = 0
		}
	}
	return b
}

// recordsOf returns the records of a log by the chunk that they lie in.
func recordsOf(t testing.TB, b []byte) (chunks [][]string) {
	t.Helper()
	for rec, err := range openBytes(t, b).Records() {
		if err != nil {
			t.Fatal(err)
		}
		for len(chunks) <= rec.Chunk() {
			chunks = append(chunks, nil)
		}
		chunks[rec.Chunk()] = append(chunks[rec.Chunk()], recordLine(rec))
	}
	return chunks
}

// everyWay reads a log from a file, from a stream, on several goroutines and by a
// Cursor, and fails when it is not the same.
func everyWay(t testing.TB, b []byte, recovering bool) (got rendered) {
	t.Helper()
	open := func(stream bool) *Reader {
		r, err := NewReader(bytes.NewReader(b), int64(len(b)))
		if stream {
			r, err = NewStreamReader(bytes.NewReader(b))
		}
		if err != nil {
			t.Fatal(err)
		}
		r.Recover = recovering
		return r
	}
	got = renderAll(t, open(false))
	want := strings.Join(append(slices.Clone(got.json), got.errors...), "\n")
	compare := func(how string, other rendered) {
		if s := strings.Join(append(other.json, other.errors...), "\n"); s != want {
			t.Fatalf("%s: %s", how, firstDifference(s, want))
		}
	}
	if !recovering { // a stream has no other chunks to ask
		compare("stream", renderAll(t, open(true)))
	}
	var byCursor rendered
	c, buf, r := new(Cursor), NewBuffer(nil), open(false)
	for {
		if _, err := c.Next(r, buf, func(e *FormatError) { byCursor.errors = append(byCursor.errors, e.Error()) }); err != nil {
			break
		}
		buf.owner = nil // another log has taken the Buffer
		rec, err := c.Record(r, buf)
		if err != nil {
			t.Fatal(err)
		}
		byCursor.add(t, rec)
		buf.owner = nil
	}
	compare("cursor", byCursor)
	compare("scanner", scanAll(t, open(false)))
	return got
}

func scanAll(t testing.TB, r *Reader) (got rendered) {
	t.Helper()
	err := Scanner[*rendered]{
		Threads: 3,
		New:     func() *rendered { return new(rendered) },
		Visit: func(part *rendered, rec *Record, err error) bool {
			if err != nil {
				part.errors = append(part.errors, err.Error())
			} else {
				part.add(t, rec)
			}
			return len(part.json) > 100
		},
		Flush: func(part *rendered, _ Progress) error {
			got.json, got.errors = append(got.json, part.json...), append(got.errors, part.errors...)
			*part = rendered{}
			return nil
		},
	}.Run(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestOffTheGrid: bytes that came in between, or are lost, cost no more than the
// chunk that they hit, and are reported once.
func TestOffTheGrid(t *testing.T) {
	whole := readFile(t, "../testdata/gateway-fr.evtx")
	chunks := recordsOf(t, whole)
	for _, tt := range []struct {
		name   string
		at     int // in chunks
		more   int // bytes into the chunk
		change int // bytes that come in, or go
		hit    bool
	}{
		{"a sector between chunks", 1, 0, 512, false},
		{"a byte between chunks", 3, 0, 1, false},
		{"nearly a chunk", 3, 0, chunkSize - 1, false},
		{"more than a chunk", 3, 0, chunkSize + 8, false},
		{"in front of the last chunk", len(chunks) - 1, 0, 4096, false},
		{"in front of the first chunk", 0, 0, 4096, false},
		{"in a chunk", 4, 20000, 512, true},
		{"lost of a chunk", 4, 20000, -512, true},
		{"lost of a chunk, an odd number", 4, 20000, -4321, true},
		{"lost of a chunk's end", 4, chunkSize - 512, -512, true},
		{"a chunk's start is lost", 4, 0, -1000, true},
		{"nearly all of a chunk is lost", 4, 600, -64000, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			at := fileHeaderSize + tt.at*chunkSize + tt.more
			b := bytes.Clone(whole)
			if tt.change > 0 {
				b = slices.Insert(b, at, junk(tt.change)...)
			} else {
				b = slices.Delete(b, at, at-tt.change)
			}
			got := everyWay(t, b, false)
			if len(got.errors) == 0 || !tt.hit && len(got.errors) > 2 {
				t.Errorf("errors %q", got.errors)
			}
			have := map[string]bool{}
			for _, line := range got.json {
				have[line] = true
			}
			total := 0
			for i, lines := range renderChunks(t, whole) {
				for _, line := range lines {
					if !have[line] && (i != tt.at || !tt.hit) {
						t.Fatalf("a record of chunk %d is lost; errors %q", i, got.errors)
					}
				}
				total += len(lines)
			}
			if len(got.json) > total {
				t.Errorf("%d records of %d", len(got.json), total)
			}
		})
	}
}

func renderChunks(t testing.TB, b []byte) (chunks [][]string) {
	t.Helper()
	for rec, err := range openBytes(t, b).Records() {
		if err != nil {
			t.Fatal(err)
		}
		for len(chunks) <= rec.Chunk() {
			chunks = append(chunks, nil)
		}
		line, _ := rec.AppendJSON(nil)
		chunks[rec.Chunk()] = append(chunks[rec.Chunk()], string(line))
	}
	return chunks
}

// TestChunksAlone: without a file header, and behind other bytes, a log is one.
func TestChunksAlone(t *testing.T) {
	whole := readFile(t, "../testdata/short.evtx")
	want := render(t, whole)
	for name, b := range map[string][]byte{
		"no file header":           whole[fileHeaderSize:],
		"behind junk":              append(junk(100_001), whole...),
		"chunks behind junk":       append(junk(100_001), whole[fileHeaderSize:]...),
		"between junk":             append(append(junk(700_000), whole[fileHeaderSize:]...), junk(99_999)...),
		"header is cut off":        whole[1000:],
		"junk instead of a header": append(junk(fileHeaderSize), whole[fileHeaderSize:]...),
	} {
		t.Run(name, func(t *testing.T) {
			got := everyWay(t, b, false)
			if !slices.Equal(got.json, want.json) || len(got.errors) == 0 {
				t.Errorf("%d of %d records; errors %q", len(got.json), len(want.json), got.errors)
			}
		})
	}
	if _, err := NewReader(bytes.NewReader(junk(3<<20)), 3<<20); err == nil {
		t.Error("junk is taken for a log")
	}
}

// recovered reads an image and returns the JSON of its records, sorted.
func recoveredFrom(t testing.TB, image []byte) (json []string, incomplete int) {
	t.Helper()
	for rec, err := range NewImageReader(bytes.NewReader(image), int64(len(image))).Records() {
		if err != nil {
			t.Fatal(err)
		}
		if !rec.Recovered() {
			t.Fatal("a record of an image is not marked")
		}
		if rec.Incomplete() {
			incomplete++
		}
		line, err := rec.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		json = append(json, string(line))
	}
	slices.Sort(json)
	return json, incomplete
}

// TestImage: of an image all records are found, wherever they lie: in chunks at
// any place, in chunks without a header, in pieces of chunks.
func TestImage(t *testing.T) {
	short, french := readFile(t, "../testdata/short.evtx"), readFile(t, "../testdata/problems-fr.evtx")
	all := append(render(t, short).json, render(t, french).json...)
	headless := bytes.Clone(short)
	for i := range (editLog{headless}).chunks() {
		clear(editLog{headless}.chunk(i)[:chunkHeaderSize])
	}
	for name, image := range map[string][]byte{
		"two logs":              slices.Concat(junk(12_345), short, junk(512), french, junk(70_000)),
		"without chunk headers": slices.Concat(junk(12_345), headless[fileHeaderSize:], junk(3), french[fileHeaderSize:]),
		"far apart":             slices.Concat(short, make([]byte, 1<<20), junk(5), french),
		"on the grid":           slices.Concat(short[fileHeaderSize:], french[fileHeaderSize:]),
	} {
		t.Run(name, func(t *testing.T) {
			want := slices.Clone(all)
			slices.Sort(want)
			got, incomplete := recoveredFrom(t, image)
			if !slices.Equal(got, want) || incomplete > 0 {
				t.Errorf("%d of %d records, %d incomplete", len(got), len(want), incomplete)
			}
		})
	}
	if got, _ := recoveredFrom(t, junk(300_000)); len(got) > 0 {
		t.Errorf("%d records of junk", len(got))
	}
	if got, _ := recoveredFrom(t, nil); len(got) > 0 {
		t.Errorf("%d records of nothing", len(got))
	}
}

// TestTemplatesElsewhere: a stale record whose template was written over is read
// with that of another chunk, by its GUID.
func TestTemplatesElsewhere(t *testing.T) {
	whole := readFile(t, "../testdata/short.evtx")
	chunks := renderChunks(t, whole)
	b := bytes.Clone(whole)
	e := editLog{b}
	at := e.records(1)
	c := e.chunk(1)
	copy(c[chunkHeaderSize:at[60]], junk(at[60]-chunkHeaderSize)) // names and templates with it
	clear(c[:chunkHeaderSize])
	e.header(func(b []byte) { b[16], b[42] = 0, 1 })
	got := everyWay(t, b, true)
	have := got.json[len(chunks[0]):]
	if !slices.Equal(have, chunks[1][60:]) {
		t.Errorf("%d records, want %d: %s", len(have), len(chunks[1])-60,
			firstDifference(strings.Join(have, "\n"), strings.Join(chunks[1][60:], "\n")))
	}
}

// TestSkeletons: what stays without a template is listed with what its values
// tell, and says that it is incomplete.
func TestSkeletons(t *testing.T) {
	for name, wants := range map[string][]string{
		"classic": {`"#text":7`, `"Level":4`, `"TimeCreated":{"#attributes":{"SystemTime":"2026-11-26T12:`, `"EventRecordID":1`, "what happened"},
	} {
		t.Run(name, func(t *testing.T) {
			b := writeLog(t, numbered(upTo(11, 19)...)...)
			e := editLog{b}
			at := e.records(0)
			e.count(0, 0)
			e.dirty(100)
			c := e.chunk(0)
			copy(c[chunkHeaderSize:at[1]], junk(at[1]-chunkHeaderSize)) // the first record defines everything
			r := openBytes(t, b)
			r.Recover = true
			n := 0
			for rec, err := range r.Records() {
				if err != nil {
					t.Fatal(err)
				}
				n++
				if !rec.Incomplete() || !rec.Recovered() || rec.EventRecordID() != uint64(11+n) || rec.EventID() != 7 || rec.Level() != 4 {
					t.Errorf("record %d: incomplete %v", rec.EventRecordID(), rec.Incomplete())
				}
				line, _ := rec.AppendJSON(nil)
				for _, want := range wants {
					if !strings.Contains(string(line), want) {
						t.Errorf("%s lacks %s", line, want)
					}
				}
				if x, _ := rec.AppendXML(nil); checkXML(string(x)) != nil || checkJSON(string(line)) != nil {
					t.Errorf("%s\n%s", line, x)
				}
			}
			if n != 8 {
				t.Errorf("%d records", n)
			}
		})
	}
}

// TestManifestSkeleton: the fields of System are where the 18 values of a
// manifest-based provider have them.
func TestManifestSkeleton(t *testing.T) {
	refs := manifestSkeleton().fields
	for f, hole := range map[Field]uint16{
		FieldProviderName: 14, FieldProviderGUID: 15, FieldEventID: 3, FieldQualifiers: 4, FieldVersion: 11, FieldLevel: 0, FieldTask: 2,
		FieldOpcode: 1, FieldKeywords: 5, FieldTimeCreated: 6, FieldEventRecordID: 10, FieldActivityID: 7, FieldRelatedActivityID: 13,
		FieldProcessID: 8, FieldThreadID: 9, FieldChannel: 16, FieldUserID: 12,
	} {
		if r := refs[f]; r.kind != refHole || r.hole != hole {
			t.Errorf("field %d is in value %d", f, r.hole)
		}
	}
}

// TestHoles: what a sparse file does not have costs nothing.
func TestHoles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sparse.evtx")
	log := readFile(t, "../testdata/short.evtx")
	if err := os.WriteFile(name, log, 0o600); err != nil {
		t.Fatal(err)
	}
	const size = 1 << 40
	if err := os.Truncate(name, size); err != nil {
		t.Skip("no sparse files here:", err)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, ok := seekData(f, int64(len(log)), size); !ok {
		t.Skip("nobody tells where the holes are")
	}
	middle := int64(fileHeaderSize + 5_000_000*chunkSize) // a chunk in the midst of it
	if _, err := f.WriteAt(log[fileHeaderSize:][:chunkSize], middle); err != nil {
		t.Skip("no sparse files here:", err)
	}
	if _, err := f.Seek(17, 0); err != nil {
		t.Fatal(err)
	}
	want := render(t, log)
	first := len(renderChunks(t, log)[0])
	r, err := NewReader(f, size)
	if err != nil {
		t.Fatal(err)
	}
	got := renderAll(t, r)
	if len(got.json) != len(want.json)+first || len(got.errors) > 0 {
		t.Errorf("%d records, want %d; errors %q", len(got.json), len(want.json)+first, got.errors)
	}
	if at, _ := f.Seek(0, 1); at != 17 {
		t.Errorf("the file's position is %d", at)
	}
	flushes, last := 0, int64(0)
	err = Scanner[int]{
		Threads: 3,
		New:     func() int { return 0 },
		Visit:   func(int, *Record, error) bool { return false },
		Flush:   func(_ int, p Progress) error { flushes, last = flushes+1, p.Pos; return nil },
	}.Run(t.Context(), r)
	if err != nil || flushes > 200 || last != size || r.Stats().Records != len(got.json) {
		t.Errorf("%v after %d flushes, at %d, with %d records", err, flushes, last, r.Stats().Records)
	}
	// Chunks that the header counts are missing, in one line.
	editLog{log}.header(func(b []byte) { b[42], b[43] = 0, 1 })
	if _, err := f.WriteAt(log[:fileHeaderSize], 0); err != nil {
		t.Fatal(err)
	}
	if r, err = NewReader(f, size); err != nil {
		t.Fatal(err)
	}
	if got := renderAll(t, r); len(got.errors) != 1 || !strings.Contains(got.errors[0], "254 chunks hold nothing but zeros") {
		t.Errorf("%q", got.errors)
	}
}

// FuzzRecover: whatever an image holds, reading it ends; what is found is well
// formed, marked, and the same for a Cursor; and a log with something in front
// of it, or cut out of it, is read.
func FuzzRecover(f *testing.F) {
	short := readFile(f, "../testdata/short.evtx")
	c := short[fileHeaderSize:][:6<<10]
	f.Add(c, uint16(0), uint16(0))
	f.Add(c[chunkHeaderSize:], uint16(100), uint16(3))
	f.Add(junk(2000), uint16(5000), uint16(70))
	for _, chunk := range seeds(f) {
		f.Add(chunk, uint16(7), uint16(600))
	}
	f.Fuzz(func(t *testing.T, piece []byte, front, cut uint16) {
		if len(piece) > chunkSize {
			return
		}
		image := slices.Concat(make([]byte, front), piece, junk(int(cut)), piece, short[fileHeaderSize+int(cut):][:chunkSize])
		n := 0
		for rec, err := range NewImageReader(bytes.NewReader(image), int64(len(image))).Records() {
			if err != nil || !rec.Recovered() {
				t.Fatal(rec, err)
			}
			j, err1 := rec.AppendJSON(nil)
			x, err2 := rec.AppendXML(nil)
			rec.AppendMessage(nil)
			rec.AppendData(nil)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			if err := checkJSON(string(j)); err != nil {
				t.Fatalf("JSON: %v\n%s", err, j)
			}
			if err := checkXML(string(x)); err != nil {
				t.Fatalf("XML: %v\n%s", err, x)
			}
			n++
		}
		if most := len(image) / recordMinSize * 2; n > most {
			t.Fatalf("%d records of %d bytes", n, len(image))
		}
		log := slices.Concat(short[:fileHeaderSize+chunkSize], piece, short[fileHeaderSize+chunkSize:])
		everyWay(t, log, len(piece)%2 == 0)
	})
}
