package evtx

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// TestDamage breaks a whole log of 2709 events in one place and
// says what is still read, and how often the damage is named.
func TestDamage(t *testing.T) {
	whole := readFile(t, gateway(t, "en"))
	const chunk1 = fileHeaderSize + chunkSize
	chunks := (len(whole) - fileHeaderSize) / chunkSize
	le := binary.LittleEndian
	inChunk1 := 0 // records
	for rec, err := range openBytes(t, whole).Records() {
		if err != nil {
			t.Fatal(err)
		}
		if rec.Chunk() == 1 {
			inChunk1++
		}
	}
	reseal := func(b []byte) { seal(b[chunk1 : chunk1+chunkSize]) }
	for name, tt := range map[string]struct {
		breakIt func(b []byte) []byte
		records int
		errors  []string
	}{
		"dirty flag and a header that counts one chunk": {func(b []byte) []byte {
			b[120], b[42], b[43] = flagDirty, 1, 0
			return b
		}, 2709, []string{"file header checksum is wrong"}},
		"no file header": {func(b []byte) []byte { clear(b[:4096]); return b },
			2709, []string{"file signature is missing"}},
		"chunk of zeros": {func(b []byte) []byte { clear(b[chunk1 : chunk1+chunkSize]); return b },
			2709 - inChunk1, []string{"nothing but zeros"}},
		"no chunk header": {func(b []byte) []byte { clear(b[chunk1 : chunk1+512]); return b },
			2709, []string{"chunk signature is missing"}},
		"lying free space offset": {func(b []byte) []byte { le.PutUint32(b[chunk1+48:], 0xffffffff); reseal(b); return b },
			2709, []string{"free space offset 0xffffffff is impossible"}},
		"free space offset too low": {func(b []byte) []byte {
			le.PutUint32(b[chunk1+48:], 0x1000)
			return b
		}, 2709, []string{"chunk header checksum", "checksum of the event records"}},
		"lying last record": {func(b []byte) []byte {
			le.PutUint64(b[chunk1+32:], 1<<63)
			le.PutUint32(b[chunk1+44:], 7)
			reseal(b)
			return b
		}, 2709, nil},
		"record of size 0": {func(b []byte) []byte { le.PutUint32(b[chunk1+512+4:], 0); reseal(b); return b },
			// Its names and template go with the first record, but are still found.
			2708, []string{"no record where one should be"}},
		"record larger than the chunk": {func(b []byte) []byte { le.PutUint32(b[chunk1+512+4:], 1<<31); reseal(b); return b },
			2708, []string{"no record where one should be"}},
		"torn record": {func(b []byte) []byte {
			size := le.Uint32(b[chunk1+512+4:])
			le.PutUint32(b[chunk1+512+int(size)-4:], size+8)
			reseal(b)
			return b
		}, 2708, []string{"record is torn"}},
		"template offset to itself": {func(b []byte) []byte {
			le.PutUint32(b[chunk1+512+24+4+6:], 512+24+4)
			reseal(b)
			return b
		}, 2708, nil},
		"cut off in the last chunk": {func(b []byte) []byte { return b[:len(b)-chunkSize+512] },
			0, []string{"file is cut off after 512 bytes"}},
		"cut off between chunks": {func(b []byte) []byte { return b[:len(b)-chunkSize] },
			0, []string{fmt.Sprintf("file ends after %d of %d chunks", chunks-1, chunks)}},
		"bytes behind the last chunk": {func(b []byte) []byte { return append(b, "garbage"...) }, 2709,
			[]string{"7 bytes behind the last chunk"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, tt.breakIt(slices.Clone(whole)))
			if tt.records != 0 && len(got.json) != tt.records {
				t.Errorf("%d records, want %d", len(got.json), tt.records)
			}
			for _, want := range tt.errors {
				if !slices.ContainsFunc(got.errors, func(e string) bool { return strings.Contains(e, want) }) {
					t.Errorf("errors %q lack %q", got.errors, want)
				}
			}
			if tt.errors != nil && len(got.errors) != len(tt.errors) {
				t.Errorf("%d errors, want %d: %q", len(got.errors), len(tt.errors), got.errors)
			}
		})
	}
}

func TestFormatError(t *testing.T) {
	l := newLog()
	l.record(func() { l.event(func() {}) })
	broken := len(l.b)
	l.record(func() { l.fragment(); l.u8(0x7e) })
	b := file(l.chunk())
	var got []*FormatError
	for _, err := range openBytes(t, b).Records() {
		var f *FormatError
		if errors.As(err, &f) {
			got = append(got, f)
		}
	}
	want := FormatError{Offset: int64(fileHeaderSize + broken), Chunk: 0, RecordID: 2, Kind: DamageRecord, Reason: "unexpected token 0x7e"}
	if len(got) != 1 || *got[0] != want {
		t.Fatalf("%+v, want %+v", got, want)
	}
	if got := want.Error(); !strings.HasPrefix(got, "chunk 0 at 0x12") || !strings.HasSuffix(got, ": record 2: unexpected token 0x7e") {
		t.Error(got)
	}
}

func TestNotAnEventLog(t *testing.T) {
	for name, content := range map[string]string{
		"empty":      "",
		"text":       strings.Repeat("The quick brown fox\n", 5000),
		"old format": "\x30\x00\x00\x00LfLe" + strings.Repeat("\x00", 10000),
	} {
		_, err := NewReader(strings.NewReader(content), int64(len(content)))
		if !errors.Is(err, ErrNotEventLog) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := NewStreamReader(strings.NewReader(content)); !errors.Is(err, ErrNotEventLog) {
			t.Errorf("%s, as a stream: %v", name, err)
		}
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := Open(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// TestHostile feeds what is made to hurt: each ends soon, within bounds, with
// an error, and the good record behind it is still read.
func TestHostile(t *testing.T) {
	for name, write := range map[string]func(l *logBuilder){
		"deep elements": func(l *logBuilder) {
			l.event(func() {
				for range 1000 {
					l.open("A")
				}
				for range 1000 {
					l.close()
				}
			})
		},
		"values beyond the record": func(l *logBuilder) {
			l.fragment()
			l.instance(1, func() { l.element("Event", l.system) }, testValue{})
			l.put32(len(l.b)-8, 0x7fffffff)
		},
		"a number without bytes": func(l *logBuilder) {
			l.fragment()
			l.instance(1, func() { l.element("Event", func() { l.system(); l.hole(0, TypeUint32, false)() }) }, testValue{typ: TypeUint32})
			l.eof()
		},
		"an array of half a number": func(l *logBuilder) {
			l.fragment()
			l.instance(1, func() { l.element("Event", func() { l.system(); l.hole(0, TypeUint32, false)() }) },
				testValue{typ: TypeUint32 | TypeArray, raw: []byte{1, 2, 3, 4, 5, 6}})
			l.eof()
		},
		"a template in itself": func(l *logBuilder) {
			l.fragment()
			at := len(l.b)
			l.instance(1, func() { l.element("Event", l.hole(0, TypeBinXML, false)) }, testValue{typ: TypeBinXML, body: func() {
				l.u8(tokenInstance, 1, 1, 1, 2, 3)
				l.u32(at)
			}})
			l.eof()
		},
		"a long constant again and again": func(l *logBuilder) {
			l.fragment()
			l.instance(1, func() {
				l.element("Event", func() { l.system(); l.hole(0, TypeBinXML, false)() })
			}, testValue{typ: TypeBinXML, body: func() {
				for range 800 {
					l.instance(2, func() { l.element("A", l.text(strings.Repeat("x", 8000))) })
				}
			}})
			l.eof()
		},
		"one value in many holes": func(l *logBuilder) {
			l.fragment()
			l.instance(1, func() {
				l.element("Event", func() {
					l.system()
					for range 1000 {
						l.hole(0, TypeString, false)()
					}
				})
			}, testValue{typ: TypeString, raw: utf16le(strings.Repeat("\x01", 10000))})
			l.eof()
		},
		"arrays times arrays": func(l *logBuilder) {
			l.fragment()
			items := testValue{typ: TypeUint8 | TypeArray, raw: make([]byte, 1000)}
			l.instance(1, func() {
				l.element("Event", func() {
					l.system()
					for range 100 {
						l.element("A", func() { l.hole(0, TypeUint8, false)(); l.element("B", l.hole(1, TypeUint8, false)) })
					}
				})
			}, items, items)
			l.eof()
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLog()
			l.record(func() { write(l) })
			l.record(func() { l.event(func() { l.element("Good", nil) }) })
			good, bad, long := 0, 0, 0
			for rec, err := range openBytes(t, file(l.chunk())).Records() {
				if err != nil {
					bad++
					continue
				}
				for _, render := range []func([]byte) ([]byte, error){rec.AppendJSON, rec.AppendXML} {
					out, err := render(nil)
					switch {
					case err != nil:
						long++
					case len(out) > maxRendered:
						t.Errorf("%d bytes", len(out))
					case strings.Contains(string(out), "Good"):
						good++
					}
				}
			}
			if good != 2 || bad+long == 0 {
				t.Errorf("%d good, %d bad, %d too long", good, bad, long)
			}
		})
	}
}

// TestManyHoles: what a definition asks for costs no memory that its bytes do
// not pay for.
func TestManyHoles(t *testing.T) {
	for name, hole := range map[string]int{"a hole that no instance can fill": 0xffff, "the last that one can": maxValues - 1} {
		t.Run(name, func(t *testing.T) {
			l := newLog()
			l.record(func() {
				l.fragment()
				nested := make([]testValue, 2500)
				for i := range nested {
					nested[i] = testValue{typ: TypeBinXML, body: func() {
						l.instance(2, func() { l.element("A", l.hole(hole, TypeString, false)) })
					}}
				}
				l.instance(1, func() { l.element("Event", func() { l.system(); l.hole(0, TypeBinXML, false)() }) }, nested...)
				l.eof()
			})
			l.record(func() { l.event(func() { l.element("Good", nil) }) })
			r := openBytes(t, file(l.chunk()))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			good, bad := 0, 0
			for _, err := range r.Records() {
				if err != nil {
					bad++
				} else {
					good++
				}
			}
			runtime.ReadMemStats(&after)
			if good != 1 || bad != 1 {
				t.Errorf("%d good, %d bad", good, bad)
			}
			if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 16 {
				t.Errorf("%d MiB allocated", n)
			}
		})
	}
}

// TestManyTemplates: nor does what stays of templates that ask for many values, one for
// each event, when they are read and when they are written by an edit.
func TestManyTemplates(t *testing.T) {
	var chunks [][]byte
	for chunk := range 4 {
		l := newLog()
		for len(l.b) < chunkSize-400 {
			at := len(l.b) + recordHeader + fragmentHeaderLen
			l.record(func() {
				clear(l.defs)
				l.fragment()
				l.instance(1, func() {
					l.element("Event", func() { l.system(); l.element("A", l.hole(maxValues-1, TypeString, true)) })
				})
				l.eof()
			})
			id := chunk<<16 | int(l.id)
			l.put32(at+2, id)
			l.put32(at+14, id)
		}
		chunks = append(chunks, l.chunk())
	}
	r := openBytes(t, file(chunks...))
	w := NewWriter(new(memory))
	b := w.NewBatch(func(_ string, v Value) Value { return v })
	n := 0
	s := Scanner[*Batch]{
		Threads: 1, New: func() *Batch { return b },
		Visit: func(b *Batch, rec *Record, err error) bool {
			if err != nil {
				t.Fatal(err)
			}
			n++
			return b.Add(rec)
		},
		Flush: func(b *Batch, _ Progress) error { return w.WriteBatch(b, func(e *RecordError) { t.Error(e) }) },
	}
	if err := s.Run(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	const each = maxValues * 17 // of a compiled template; half of what is there when it is written
	cached := len(r.templates.byGUID) * each
	edits, converted := 2*len(w.shared.made)*each, 2*len(b.convert.templates)*each
	if cached > maxTemplateBytes || edits > maxEditBytes+2*each || converted > maxTemplateBytes || n < 1000 {
		t.Errorf("%d templates hold %d bytes, %d and %d as they are written", n, cached, edits, converted)
	}
}

// manyValues adds a record of instances nested in each other, depth of them, each of a
// template that asks for nearly as many values as an instance may have.
func manyValues(l *logBuilder, depth int) {
	var nested func(level int) testValue
	nested = func(level int) testValue {
		return testValue{typ: TypeBinXML, body: func() {
			l.fragment()
			var values []testValue
			if level < depth {
				values = append(values, nested(level+1))
			}
			l.instance(byte(10+level), func() {
				l.element("A", func() {
					l.element("B", l.hole(maxValues-1, TypeString, false))
					l.hole(0, TypeBinXML, false)()
				})
			}, values...)
			l.eof()
		}}
	}
	l.record(func() {
		l.fragment()
		l.instance(1, func() { l.element("Event", func() { l.system(); l.hole(0, TypeBinXML, false)() }) }, nested(1))
		l.eof()
	})
}

// TestManyValues: whether a record asks for too many values does not depend on the
// records before it, nor on whether it is read to be written.
func TestManyValues(t *testing.T) {
	for depth, want := range map[int]int{15: 1, 16: 0, 31: 0, 32: 0} {
		for _, before := range []int{0, 12, 15} {
			l := newLog()
			if before > 0 {
				manyValues(l, before)
				want++
			}
			manyValues(l, depth)
			log := file(l.chunk())
			if got := render(t, log); len(got.json) != want || len(got.json)+len(got.errors) != int(l.id) {
				t.Errorf("behind one of depth %d, one of depth %d: %d records, %q", before, depth, len(got.json), got.errors)
			}
			if got := render(t, rewrite(t, log, nil)); len(got.json) != want {
				t.Errorf("behind one of depth %d, one of depth %d: %d records are written", before, depth, len(got.json))
			}
			if before > 0 {
				want--
			}
		}
	}
}

// TestRecover finds the stale records behind the live ones, and marks them.
func TestRecover(t *testing.T) {
	l := newLog()
	l.record(func() { l.event(func() {}) })
	end := len(l.b)
	l.record(func() { l.event(func() { l.element("Stale", nil) }) })
	c := l.chunk()
	binary.LittleEndian.PutUint64(c[16:], 1)
	binary.LittleEndian.PutUint64(c[32:], 1)
	binary.LittleEndian.PutUint32(c[48:], uint32(end))
	seal(c)
	for _, recovering := range []bool{false, true} {
		r := openBytes(t, file(c))
		r.Recover = recovering
		var got []bool
		for rec, err := range r.Records() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, rec.Recovered())
		}
		want := []bool{false}
		if recovering {
			want = []bool{false, true}
		}
		if !slices.Equal(got, want) {
			t.Errorf("recover %v: records recovered: %v", recovering, got)
		}
	}
}

type failingReader struct{ io.ReaderAt }

var errDisk = errors.New("disk")

func (r failingReader) ReadAt(b []byte, off int64) (int, error) {
	if off > 5*chunkSize {
		return 0, errDisk
	}
	return r.ReaderAt.ReadAt(b, off)
}

// TestReadError: an error of the disk ends the sequence, and is what it was.
func TestReadError(t *testing.T) {
	f, err := os.Open(gateway(t, "en"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := NewReader(failingReader{f}, 10*chunkSize)
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range r.Records() {
		last = err
	}
	if !errors.Is(last, errDisk) {
		t.Error(last)
	}
	s := Scanner[*int]{
		New:   func() *int { return new(int) },
		Visit: func(*int, *Record, error) bool { return false },
		Flush: func(*int, Progress) error { return nil },
	}
	if err := s.Run(context.Background(), r); !errors.Is(err, errDisk) {
		t.Error(err)
	}
	// An archive's entry that ends too early is no log that was cut off.
	r, err = NewStreamReader(io.MultiReader(io.LimitReader(f, 3*chunkSize), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range r.Records() {
		last = err
	}
	if last != io.ErrUnexpectedEOF {
		t.Error(last)
	}
}

// TestScannerStops: an error of Flush and a cancelled context end the scan.
func TestScannerStops(t *testing.T) {
	flushed := 0
	s := Scanner[*int]{
		Threads: 3,
		New:     func() *int { return new(int) },
		Visit:   func(*int, *Record, error) bool { return false },
		Flush: func(*int, Progress) error {
			if flushed++; flushed == 2 {
				return errDisk
			}
			return nil
		},
	}
	if err := s.Run(context.Background(), open(t, gateway(t, "en"))); !errors.Is(err, errDisk) || flushed != 2 {
		t.Errorf("%v after %d", err, flushed)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.Flush = func(*int, Progress) error { cancel(); return nil }
	if err := s.Run(ctx, open(t, gateway(t, "en"))); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestScannerProgress: positions rise to the size of the file, and every
// record is counted.
func TestScannerProgress(t *testing.T) {
	last := int64(0)
	var stats Stats
	r := open(t, gateway(t, "en"))
	err := Scanner[*int]{
		New:   func() *int { return new(int) },
		Visit: func(*int, *Record, error) bool { return false },
		Flush: func(_ *int, p Progress) error {
			if p.Pos < last {
				t.Errorf("position %d after %d", p.Pos, last)
			}
			last = p.Pos
			stats.Add(p.Stats)
			return nil
		},
	}.Run(context.Background(), r)
	if err != nil || last != r.Size() {
		t.Errorf("ended at %d of %d: %v", last, r.Size(), err)
	}
	want := Stats{
		Records: 2709, Selected: 2709, LowestID: 8813, HighestID: 8813 + 2709 - 1,
		First: time.Date(2017, 4, 20, 18, 0, 1, 0, time.UTC), Last: time.Date(2017, 5, 4, 18, 0, 0, 0, time.UTC),
	}
	stats.numbers = nil
	if stats != want {
		t.Errorf("%v, want %v", stats, want)
	}
}
