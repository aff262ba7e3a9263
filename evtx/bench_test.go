package evtx

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"
)

// The benchmarks read GWLOGS_BENCH, a large log such as bench/mkbig.py makes,
// or the gateway log of testdata. MB/s is of the log, not of the output.
func benchLog(b *testing.B) []byte {
	b.Helper()
	path := os.Getenv("GWLOGS_BENCH")
	if path == "" {
		path = gateway(b, "en")
	}
	log := readFile(b, path)
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	return log
}

func benchRecords(b *testing.B, each func(*Record)) {
	log := benchLog(b)
	for b.Loop() {
		for rec, err := range openBytes(b, log).Records() {
			if err != nil {
				b.Fatal(err)
			}
			each(rec)
		}
	}
}

func BenchmarkRead(b *testing.B) { benchRecords(b, func(*Record) {}) }

func BenchmarkJSON(b *testing.B) {
	var buf []byte
	benchRecords(b, func(r *Record) { buf, _ = r.AppendJSON(buf[:0]) })
}

func BenchmarkXML(b *testing.B) {
	var buf []byte
	benchRecords(b, func(r *Record) { buf, _ = r.AppendXML(buf[:0]) })
}

func BenchmarkMessage(b *testing.B) {
	var buf []byte
	benchRecords(b, func(r *Record) { buf = r.AppendMessage(buf[:0]) })
}

// The front doors: one value by its name, and all of them.
func BenchmarkLookup(b *testing.B) {
	benchRecords(b, func(r *Record) { r.Lookup("TargetUserName") })
}

func BenchmarkAll(b *testing.B) {
	n := 0
	benchRecords(b, func(r *Record) {
		for _, v := range r.All() {
			n += len(v.Raw)
		}
	})
}

func BenchmarkEvent(b *testing.B) {
	benchRecords(b, func(r *Record) { _ = r.Event() })
}

func BenchmarkSelect(b *testing.B) {
	for name, s := range map[string]Selection{
		"Level":    {Levels: []Level{1, 2}},
		"ID":       {IDs: []IDRange{{25, 25}}},
		"Channel":  {Channels: []string{"no such channel"}},
		"Contains": {Contains: []string{"no such text"}},
	} {
		b.Run(name, func(b *testing.B) {
			f := s.Filter()
			benchRecords(b, func(r *Record) { f.Match(r) })
		})
	}
}

func BenchmarkScannerJSON(b *testing.B) {
	log := benchLog(b)
	for b.Loop() {
		err := Scanner[*bytes.Buffer]{
			New: func() *bytes.Buffer { return new(bytes.Buffer) },
			Visit: func(out *bytes.Buffer, rec *Record, err error) bool {
				line, _ := rec.AppendJSON(out.AvailableBuffer())
				out.Write(line)
				return out.Len() > 1<<19
			},
			Flush: func(out *bytes.Buffer, _ Progress) error {
				_, err := out.WriteTo(io.Discard)
				return err
			},
		}.Run(context.Background(), openBytes(b, log))
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScannerSelect is what a selection costs that wants nothing: most
// records are passed over at a glance.
func BenchmarkScannerSelect(b *testing.B) {
	log := benchLog(b)
	for b.Loop() {
		err := Scanner[int]{
			Threads: 1,
			Select:  &Selection{IDs: []IDRange{{65535, 65535}}},
			New:     func() int { return 0 },
			Visit:   func(int, *Record, error) bool { return false },
			Flush:   func(int, Progress) error { return nil },
		}.Run(context.Background(), openBytes(b, log))
		if err != nil {
			b.Fatal(err)
		}
	}
}
