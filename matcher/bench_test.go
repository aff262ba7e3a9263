package matcher

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// BenchmarkDiagnosis diagnoses a whole log: that of testdata, or the one that
// GWLOGS_BIG names.
func BenchmarkDiagnosis(b *testing.B) { benchmarkDiagnosis(b, builtinTimes(b, 1)) }

// BenchmarkDoubledRules does so with twice and four times as many signatures, of
// which the others look for other texts of the same lengths.
func BenchmarkDoubledRules(b *testing.B) {
	for _, times := range []int{1, 2, 4} {
		b.Run(fmt.Sprint(times, "x"), func(b *testing.B) { benchmarkDiagnosis(b, builtinTimes(b, times)) })
	}
}

// builtinTimes are the signatures of the catalogue so many times, each time with other texts.
func builtinTimes(b *testing.B, times int) (all []*Signature) {
	for n := range times {
		signatures, err := Builtin()
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range signatures {
			if n > 0 && s.Rule.Detection == nil {
				continue // a sequence
			}
			if n > 0 {
				s.Name, s.Rule.Name, s.Rule.ID = fmt.Sprint(s.Name, n), "", ""
				s.required, s.claim = nil, nil
				changeTexts(s, n)
			}
			all = append(all, s)
		}
	}
	return all
}

// changeTexts changes what a rule looks for.
func changeTexts(s *Signature, by int) {
	for _, condition := range s.Rule.Detection.Conditions {
		for e := range ast.All(condition.Expr) {
			test, ok := e.(*ast.Test)
			if !ok || test.Field != dataField {
				continue
			}
			for i := range test.Values {
				v := &test.Values[i]
				v.Raw += strconv.Itoa(by)
				for _, p := range v.Patterns {
					for j := range p {
						p[j].Literal = turned(p[j].Literal, by)
					}
				}
			}
		}
	}
}

// turned turns the letters of a text in the alphabet.
func turned(text string, by int) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return 'a' + (r-'a'+rune(by))%26
		}
		return r
	}, strings.ToLower(text))
}

func benchmarkDiagnosis(b *testing.B, signatures []*Signature) {
	name := os.Getenv("GWLOGS_BIG")
	if name == "" {
		name = "../testdata/gateway-en.evtx"
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
