package redact_test

import (
	"io"
	"os"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// BenchmarkLog redacts the log in GWLOGS_BENCH_LOG.
func BenchmarkLog(b *testing.B) {
	name := os.Getenv("GWLOGS_BENCH_LOG")
	if name == "" {
		b.Skip("GWLOGS_BENCH_LOG names no log")
	}
	info, err := os.Stat(name)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		r, err := redact.New(redact.Options{Mode: redact.Secrets})
		if err != nil {
			b.Fatal(err)
		}
		in, err := evtx.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		out, err := os.CreateTemp(b.TempDir(), "")
		if err != nil {
			b.Fatal(err)
		}
		w := evtx.NewWriter(out)
		w.Edit = r.Value
		for rec, err := range in.Records() {
			if err != nil {
				continue
			}
			r.Begin(rec)
			if err := w.WriteRecord(rec); err != nil {
				b.Log(err)
			}
		}
		if err := w.Close(); err != nil && err != io.EOF {
			b.Fatal(err)
		}
		in.Close()
		out.Close()
		b.Log(r.TakeCounts())
	}
}

// BenchmarkCrowdedTexts redacts a megabyte that is full of what a rule looks at.
func BenchmarkCrowdedTexts(b *testing.B) {
	for name, text := range crowdedTexts(1 << 20) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			r := newSecrets(b)
			for b.Loop() {
				r.Text(text)
			}
		})
	}
}
