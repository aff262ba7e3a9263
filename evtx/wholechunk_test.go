package evtx

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// A way is how records come from a Scanner into a Writer.
type way struct {
	threads int
	chunks  bool // chunks in one piece, where that can be
	edit    func(string, Value) Value
	want    *Selection
}

// slice writes what is wanted of a log, by batches, and counts the chunks that were
// taken over from the source without looking at their records.
func slice(t testing.TB, log []byte, how way) (out []byte, stats Stats, chunks int) {
	t.Helper()
	r := openBytes(t, log)
	var m memory
	w := NewWriter(&m)
	s := Scanner[*Batch]{
		Threads: how.threads,
		Select:  how.want,
		New:     func() *Batch { return w.NewBatch(how.edit) },
		Visit: func(b *Batch, rec *Record, err error) bool {
			return err == nil && b.Add(rec)
		},
		Flush: func(b *Batch, _ Progress) error {
			if b.chunk != nil {
				chunks++
			}
			return w.WriteBatch(b, func(e *RecordError) {
				if e.Offset == 0 || e.RecordID == 0 {
					t.Errorf("%v has no place: %+v", e, *e)
				}
			})
		},
	}
	if how.chunks {
		s.VisitChunk = func(b *Batch, c *Chunk) bool {
			b.AddChunk(c)
			return false
		}
	}
	// New is called by several goroutines.
	fresh, turn := s.New, make(chan struct{}, 1)
	s.New = func() *Batch {
		turn <- struct{}{}
		defer func() { <-turn }()
		return fresh()
	}
	if err := s.Run(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return m.b, r.Stats(), chunks
}

// checkSlice: a slice by whole chunks has the events of one that is written record
// by record, Check finds nothing in it, and it has the same bytes whichever way it
// is written, on any number of goroutines.
func checkSlice(t testing.TB, log []byte) (whole int) {
	t.Helper()
	want := render(t, rewrite(t, log, nil))
	out, stats, whole := slice(t, log, way{threads: 1, chunks: true})
	got := render(t, out)
	if len(got.errors) > 0 {
		t.Fatalf("errors in the slice: %q", got.errors)
	}
	if !slices.Equal(got.json, want.json) || !slices.Equal(got.xml, want.xml) {
		t.Fatalf("%d records, want %d: %s", len(got.json), len(want.json),
			firstDifference(strings.Join(append(got.json, got.xml...), "\n"), strings.Join(append(want.json, want.xml...), "\n")))
	}
	if found := checkLog(t, out); len(found) > 0 {
		t.Fatalf("Check finds in the slice: %q", found)
	}
	same := func(_ string, v Value) Value { return v }
	for _, how := range []way{{threads: 2, chunks: true}, {threads: 5}, {threads: 2, chunks: true, edit: same}} {
		other, again, _ := slice(t, log, how)
		if !bytes.Equal(other, out) {
			t.Fatalf("%+v: another log of %d bytes, not %d", how, len(other), len(out))
		}
		if a, b := fmt.Sprint(again.Integrity(), again.Records, again.Stale, again.Selected, again.First, again.Last),
			fmt.Sprint(stats.Integrity(), stats.Records, stats.Stale, stats.Selected, stats.First, stats.Last); a != b {
			t.Fatalf("%+v: stats\n%s\nnot\n%s", how, a, b)
		}
	}
	return whole
}

func TestSliceOfWholeChunks(t *testing.T) {
	t.Run("gateway", func(t *testing.T) {
		if n := checkSlice(t, readFile(t, gateway(t, "en"))); n < 5 {
			t.Errorf("%d chunks were taken over as they are", n)
		}
	})
	t.Run("everything", func(t *testing.T) {
		l := newLog()
		for range 3 {
			l.record(func() { everything(l) })
		}
		checkSlice(t, file(l.chunk()))
	})
	t.Run("shared", func(t *testing.T) {
		for name, path := range logsBelow(t, shared(t, "")) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				checkSlice(t, readFile(t, path))
			})
		}
	})
}

// numbers returns those of the first and the last record of the chunks of a log.
func numbers(log []byte) (first, last []uint64) {
	for c := log[fileHeaderSize:]; len(c) >= chunkSize; c = c[chunkSize:] {
		first, last = append(first, u64(c, 8)), append(last, u64(c, 16))
	}
	return first, last
}

// TestSliceWindow: the inner chunks of a window of time are taken over, its ends go
// record by record, and numbers go on through all of them.
func TestSliceWindow(t *testing.T) {
	log := readFile(t, gateway(t, "en"))
	want := &Selection{Since: time.Date(2017, 4, 23, 0, 0, 0, 0, time.UTC), Until: time.Date(2017, 4, 27, 18, 0, 0, 0, time.UTC)}
	out, stats, whole := slice(t, log, way{threads: 2, chunks: true, want: want})
	f := want.Filter()
	expected, got := render(t, rewrite(t, log, f.Match)), render(t, out)
	if !slices.Equal(got.json, expected.json) || stats.Selected != len(got.json) || stats.Records <= stats.Selected {
		t.Errorf("%d records, want %d; stats %d of %d", len(got.json), len(expected.json), stats.Selected, stats.Records)
	}
	first, last := numbers(out)
	for i := range first {
		if next := uint64(1); i > 0 && first[i] != last[i-1]+1 || i == 0 && first[0] != next {
			t.Errorf("chunk %d begins with record %d", i, first[i])
		}
	}
	if found := checkLog(t, out); whole == 0 || len(found) > 0 {
		t.Errorf("%d whole chunks; Check finds %q", whole, found)
	}
}

// TestSliceSize: however whole chunks and parts of chunks alternate, and however
// empty they are, a slice is little larger than one that is written record by record.
func TestSliceSize(t *testing.T) {
	log := readFile(t, gateway(t, "en"))
	var long []byte
	for i := range 64 {
		c := bytes.Clone(log[fileHeaderSize+i%8*chunkSize:][:chunkSize])
		if i%2 == 0 { // of every other chunk, one record is there
			size := u32(c, chunkHeaderSize+4)
			binary.LittleEndian.PutUint32(c[48:], chunkHeaderSize+size)
			binary.LittleEndian.PutUint32(c[44:], chunkHeaderSize)
			copy(c[16:24], c[8:16])
			copy(c[32:40], c[24:32])
			seal(c)
		}
		long = append(long, c...)
	}
	long = append(file(), long...)
	out, _, _ := slice(t, long, way{threads: 2, chunks: true})
	slow := rewrite(t, long, nil)
	if limit := len(slow)*9/8 + 2*chunkSize; len(out) > limit || len(out) < len(slow) {
		t.Errorf("%d bytes, record by record %d", len(out), len(slow))
	}
	if a, b := render(t, out), render(t, slow); !slices.Equal(a.json, b.json) {
		t.Errorf("%d records, not %d", len(a.json), len(b.json))
	}
}

// closed makes the start of a chunk one that is intact: it ends with its last
// complete record.
func closed(start []byte) []byte {
	c := make([]byte, chunkSize)
	copy(c, start)
	copy(c, chunkMagic)
	le := binary.LittleEndian
	pos, last, n := chunkHeaderSize, 0, uint64(0)
	for completeRecord(c, pos, chunkSize-8) {
		size := int(u32(c, pos+4))
		last, pos = pos, pos+size
		n++
	}
	le.PutUint64(c[16:], u64(c, 8)+n-1)
	le.PutUint64(c[32:], u64(c, 24)+n-1)
	le.PutUint32(c[40:], 128)
	le.PutUint32(c[44:], uint32(last))
	le.PutUint32(c[48:], uint32(pos))
	le.PutUint32(c[120:], 1)
	seal(c)
	return c
}

// TestSliceLeavesNothingBehind puts a mark wherever a chunk has room for one that
// no reader shows, and looks for it in the slice.
func TestSliceLeavesNothingBehind(t *testing.T) {
	mark := []byte("STALE")
	l := newLog()
	l.record(func() {
		l.fragment()
		l.instance(3, func() {
			l.element("Event", func() {
				l.system()
				l.element("EventData", func() { l.element("Data", l.hole(0, TypeString, true)) })
				l.hole(2, TypeBinXML, true)()
			})
		}, testValue{typ: TypeString}, testValue{}, testValue{typ: TypeBinXML, body: func() {
			l.fragment()
			l.instance(4, func() { l.element("UserData", func() { l.element("X", l.hole(0, TypeString, true)) }) }, testValue{typ: TypeString})
			l.eof()
		}})
		l.eof()
	})
	var outer, inner *writtenTemplate
	for rec, err := range openBytes(t, file(l.chunk())).Records() {
		if err != nil {
			t.Fatal(err)
		}
		var conv converter
		outer, inner = conv.template(rec.d.instances.list[0].t), conv.template(rec.d.instances.list[1].t)
	}
	var w chunkWriter
	w.begin(1)
	for i := range 5 {
		w.record(0, func() error {
			w.u8(tokenFragment, 1, 1, 0)
			specs, _ := w.instanceHead(outer, 3)
			from := len(w.b)
			w.u8(utf16le(strings.Repeat("x", i))...)
			w.spec(specs, 0, from, TypeString)
			from = len(w.b)
			w.u8(mark...)
			w.spec(specs, 1, from, TypeNull)
			from = len(w.b)
			w.value(&encodedValue{sub: &encodedInstance{inner, []encodedValue{{typ: TypeString, raw: utf16le("y")}}}})
			w.u8(mark...)
			w.spec(specs, 2, from, TypeBinXML)
			w.u8(tokenEOF)
			for (len(w.b)+4)%8 != 0 {
				w.u8('S')
			}
			return nil
		})
	}
	c := bytes.Clone(w.finish())
	free := int(u32(c, 48))
	for _, at := range []int{60, 90, 130, 400, free, free + 100, chunkSize - len(mark)} {
		copy(c[at:], mark)
	}
	seal(c)
	log := file(c)
	copy(log[2000:], mark)
	for _, chunks := range []bool{true, false} {
		out, _, whole := slice(t, log, way{threads: 1, chunks: chunks})
		if chunks && whole != 1 {
			t.Errorf("%d whole chunks", whole)
		}
		if i := bytes.Index(out, mark); i >= 0 {
			t.Errorf("stale bytes at %#x", i)
		}
		if i := bytes.Index(out, []byte("SS")); i >= 0 { // text has a zero in between
			t.Errorf("padding at %#x", i)
		}
		if u32(out, fileHeaderSize+48) != uint32(free) {
			t.Error("the chunk was not taken over")
		}
	}
	checkSlice(t, log)
}

// TestSliceProviderBehind: of an event that may say that a log was cleared, the provider
// is asked for wherever its value lies.
func TestSliceProviderBehind(t *testing.T) {
	for _, hole := range []int{5, maxQuickValues - 1, maxQuickValues, 70} {
		for _, id := range []byte{7, 104} {
			values := make([]testValue, hole+2)
			for i := range values {
				values[i] = testValue{typ: TypeUint16, raw: []byte{id, 0}}
			}
			values[hole] = testValue{typ: TypeString, raw: utf16le("Microsoft-Windows-Eventlog")}
			l := newLog()
			l.record(func() {
				l.fragment()
				l.instance(5, func() {
					l.element("Event", func() {
						l.element("System", func() {
							l.element("Provider", nil, l.attr("Name", l.hole(hole, TypeString, false)))
							l.element("EventID", l.hole(0, TypeUint16, false))
						})
					})
				}, values...)
				l.eof()
			})
			log := rewrite(t, file(l.chunk()), nil) // with definitions as a Writer writes them
			if whole := checkSlice(t, log); (whole == 1) != (id == 7 && hole < maxQuickValues) {
				t.Errorf("event %d, provider in value %d: %d whole chunks", id, hole, whole)
			}
		}
	}
}

// exact makes the definitions of a chunk what a Writer writes at their places, and
// returns a log of the chunk.
func exact(t testing.TB, l *logBuilder) []byte {
	t.Helper()
	d := newDecoder(new(templateCache))
	copy(d.chunk.buf[:], l.b)
	d.chunk.begin(0, 0)
	for _, at := range l.defs {
		e := d.definitions.at(at)
		if e.err != nil {
			t.Fatal(e.err.reason)
		}
		from := int(at) + definitionSize
		c := chunkWriter{b: make([]byte, 0, e.size), base: from, names: map[string]uint32{}}
		for name, off := range l.names {
			if int(off) < from || int(off) >= from+e.size {
				c.names[name] = off
			}
		}
		if err := c.fragment(&e.t.tree, e.t.tree.nodes[0].child, true); err != nil || len(c.b) != e.size {
			t.Fatalf("a definition has %d bytes, not %d: %v", e.size, len(c.b), err)
		}
		copy(l.b[from:], c.b)
	}
	return file(closed(l.b))
}

// TestSliceEndOfFile: a record without the end-of-file token, which a Reader is not
// particular about, gets one.
func TestSliceEndOfFile(t *testing.T) {
	missing := 0
	for n := range 8 { // the record's size is a multiple of 8 without padding for one of these
		l := newLog()
		l.record(func() {
			l.fragment()
			l.instance(3, func() { l.element("Event", func() { l.system(); l.element("X", l.hole(0, TypeString, true)) }) },
				testValue{typ: TypeString, raw: utf16le("x")}, testValue{typ: TypeBinary, raw: bytes.Repeat([]byte{1}, n+1)})
		})
		want := 1
		if l.b[len(l.b)-5] != tokenEOF {
			want = 0
			missing++
		}
		if whole := checkSlice(t, exact(t, l)); whole != want {
			t.Errorf("%d whole chunks, want %d", whole, want)
		}
	}
	if missing != 1 {
		t.Errorf("%d records have no end-of-file token", missing)
	}
}

// TestSliceManyValues: a record that a Reader refuses is not taken over.
func TestSliceManyValues(t *testing.T) {
	for depth, want := range map[int]int{15: 1, 16: 0, 40: 0} {
		l := newLog()
		manyValues(l, depth)
		if whole := checkSlice(t, exact(t, l)); whole != want {
			t.Errorf("depth %d: %d whole chunks", depth, whole)
		}
	}
}

// FuzzSlice: of a chunk that looks intact, whatever is in it, a slice by whole
// chunks has the events that a Reader finds, in a log that Check finds nothing in.
func FuzzSlice(f *testing.F) {
	for _, chunk := range seeds(f) {
		f.Add(closed(chunk)[:len(chunk)])
	}
	f.Fuzz(func(t *testing.T, chunk []byte) {
		if len(chunk) < chunkHeaderSize || len(chunk) > chunkSize {
			return
		}
		c := closed(chunk)
		log := file(c)
		var want rendered
		var m memory
		w := NewWriter(&m)
		for rec, err := range openBytes(t, log).Records() {
			if err != nil {
				continue
			}
			j, err1 := rec.AppendJSON(nil)
			x, err2 := rec.AppendXML(nil)
			if err1 != nil || err2 != nil {
				return // longer than can be rendered
			}
			var refused *RecordError
			if err := w.WriteRecord(rec); errors.As(err, &refused) {
				return
			}
			want.json, want.xml = append(want.json, string(j)), append(want.xml, string(x))
		}
		for _, how := range []way{{threads: 1, chunks: true}, {threads: 1}} {
			out, _, _ := slice(t, log, how)
			got := render(t, out)
			if len(got.errors) > 0 || !slices.Equal(got.json, want.json) || !slices.Equal(got.xml, want.xml) {
				t.Fatalf("errors %q\n%s", got.errors, firstDifference(strings.Join(append(got.json, got.xml...), "\n"),
					strings.Join(append(want.json, want.xml...), "\n")))
			}
			if found := checkLog(t, out); len(found) > 0 {
				t.Fatalf("Check finds in the slice: %q", found)
			}
		}
	})
}
