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

	filter := (&evtx.Selection{Levels: []evtx.Level{1, 2}, IDs: []evtx.IDRange{{From: 402, To: 402}}}).Filter()
	for rec, err := range r.Records() {
		if err != nil {
			log.Print(err) // damage; the sequence goes on
			continue
		}
		if filter.Match(rec) {
			fmt.Printf("%s %d %s\n", rec.TimeCreated().Format("2006-01-02 15:04:05"), rec.EventRecordID(), rec.Computer())
		}
	}
	// Output:
	// 2017-04-21 02:13:08 8876 GW01.contoso.local
	// 2017-04-24 10:02:30 9500 GW01.contoso.local
	// 2017-04-26 17:45:31 9907 GW01.contoso.local
	// 2017-04-30 08:15:13 10619 GW01.contoso.local
	// 2017-05-03 06:06:07 11199 GW01.contoso.local
}
