package matcher

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// BenchmarkDiagnosis diagnoses a whole log: that of testdata, or the one that
// GWLOGS_BIG names.
func BenchmarkDiagnosis(b *testing.B) {
	name := os.Getenv("GWLOGS_BIG")
	if name == "" {
		name = "../testdata/gateway-en.evtx"
	}
	signatures, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	c, err := New(signatures)
	if err != nil {
		b.Fatal(err)
	}
	events := 0
	for b.Loop() {
		r, err := evtx.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		events = diagnoseAll(b, c, r)
		r.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
}

func diagnoseAll(b *testing.B, c *Catalogue, r *evtx.Reader) (events int) {
	a := c.Analyze(Options{Evidence: 3})
	err := evtx.Scanner[*Worker]{
		Threads: 1,
		Select:  &evtx.Selection{Any: c.Selections()},
		New:     a.Worker,
		Visit:   func(w *Worker, rec *evtx.Record, err error) bool { return err == nil && w.Visit(rec) },
		Flush: func(w *Worker, p evtx.Progress) error {
			a.Take(w, "log")
			events += p.Stats.Records
			return nil
		},
	}.Run(context.Background(), r)
	if err != nil {
		b.Fatal(err)
	}
	a.Analysis(time.Time{}, time.Time{})
	return events
}
