package matcher_test

import (
	"fmt"
	"log"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/matcher"
)

// What is wrong with a gateway, and what to do, from a log that was saved on
// its computer.
func Example() {
	signatures, err := matcher.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	catalogue, err := matcher.New(signatures)
	if err != nil {
		log.Fatal(err)
	}
	const name = "../testdata/short.evtx"
	r, err := evtx.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()

	analyzer := catalogue.Analyze(matcher.Options{Evidence: 3})
	worker := analyzer.Worker()
	for rec, err := range r.Records() {
		if err != nil {
			continue // a damaged place: the records behind it follow
		}
		if worker.Visit(rec) {
			analyzer.Take(worker, name)
		}
	}
	analyzer.Take(worker, name)

	for _, f := range analyzer.Analysis(time.Time{}, time.Time{}).Findings {
		text := f.Signature.In("fr") // with f.Signature.In("en").Resolution: what to do, step by step
		fmt.Println(f.Signature.Rule.Level, f.Signature.Name, f.Count, text.Title != "" && len(text.Resolution) > 0)
		fmt.Println(f.Evidence[0].Time.Format(time.DateTime), f.Captures)
	}
	// Output:
	// high gateway-cannot-reach-cloud-servicebus 1 true
	// 2024-05-13 18:00:00 [{endpoint [203.0.113.96:9350]}]
}
