package evtx_test

import (
	"fmt"
	"log"

	"github.com/gwlogs/gwlogs/evtx"
)

func Example() {
	r, err := evtx.Open("../testdata/gateway-en.evtx")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()

	critical := (&evtx.Selection{Levels: []uint8{1, 2}, IDs: []evtx.IDRange{{From: 403, To: 403}}}).Filter()
	for rec, err := range r.Records() {
		if err != nil {
			log.Print(err) // damage; the sequence goes on
			continue
		}
		if critical.Match(rec) {
			fmt.Printf("%s %d %s\n", rec.TimeCreated().Format("2006-01-02 15:04:05"), rec.EventRecordID(), rec.Computer())
		}
	}
	// Output:
}
