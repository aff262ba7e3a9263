package evtx_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// Reading a log: damage is an error in the sequence, and never its end.
func Example() {
	r, err := evtx.Open("../testdata/short.evtx")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	for rec, err := range r.Records() {
		if err != nil {
			log.Print(err)
			continue
		}
		if rec.Level() <= evtx.LevelError {
			fmt.Println(rec.TimeCreated().Format(time.DateTime), rec.Level(), rec.EventID(), rec.Computer())
		}
	}
	// Output:
	// 2024-05-13 18:00:00 Error 401 GW01.contoso.local
}

// Who logged on? One named value of each event 4624.
func ExampleRecord_Lookup() {
	r, err := evtx.NewReader(logons())
	if err != nil {
		log.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil || rec.EventID() != 4624 {
			continue
		}
		if user, ok := rec.Lookup("TargetUserName"); ok {
			fmt.Println(rec.TimeCreated().Format(time.DateTime), user)
		}
	}
	// Output:
	// 2017-05-04 09:00:00 alice
	// 2017-05-04 09:02:00 bob
}

// All values of an event, with their names and types.
func ExampleRecord_All() {
	r, err := evtx.NewReader(logons())
	if err != nil {
		log.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil {
			log.Fatal(err)
		}
		for name, v := range rec.All() {
			if n, ok := v.Int(); ok {
				fmt.Println(name, "is the number", n)
			} else {
				fmt.Println(name, "is", v)
			}
		}
		break
	}
	// Output:
	// TargetUserName is alice
	// LogonType is the number 10
}

// A Selection decides on binary values: what is not wanted is not rendered.
func ExampleSelection() {
	r, err := evtx.Open("../testdata/gateway-en.evtx")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	wanted := evtx.Selection{
		Since:  time.Date(2017, 4, 24, 0, 0, 0, 0, time.UTC),
		Levels: []evtx.Level{evtx.LevelCritical, evtx.LevelError},
		IDs:    []evtx.IDRange{{From: 402, To: 402}},
	}
	filter := wanted.Filter()
	for rec, err := range r.Records() {
		if err == nil && filter.Match(rec) {
			fmt.Println(rec.TimeCreated().Format(time.DateTime), rec.EventRecordID(), rec.Computer())
		}
	}
	// Output:
	// 2017-04-24 10:02:30 9500 GW01.contoso.local
	// 2017-04-26 17:45:31 9907 GW01.contoso.local
	// 2017-04-30 08:15:13 10619 GW01.contoso.local
	// 2017-05-03 06:06:07 11199 GW01.contoso.local
}

// Counting on all cores: each goroutine has a map of its own, and Flush, which is
// never called twice at once, adds them up.
func ExampleScanner() {
	r, err := evtx.Open("../testdata/gateway-en.evtx")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	total := make(map[uint16]int)
	err = evtx.Scanner[map[uint16]int]{
		Select: &evtx.Selection{Levels: []evtx.Level{evtx.LevelError}},
		New:    func() map[uint16]int { return make(map[uint16]int) },
		Visit: func(counts map[uint16]int, rec *evtx.Record, err error) (full bool) {
			if err == nil {
				counts[rec.EventID()]++
			}
			return false
		},
		Flush: func(counts map[uint16]int, _ evtx.Progress) error {
			for id, n := range counts {
				total[id] += n
			}
			clear(counts)
			return nil
		},
	}.Run(context.Background(), r)
	if err != nil {
		log.Fatal(err)
	}
	ids := slices.SortedFunc(maps.Keys(total), func(a, b uint16) int { return cmp.Or(total[b]-total[a], int(a)-int(b)) })
	for _, id := range ids[:3] {
		fmt.Println(id, total[id])
	}
	// Output:
	// 401 14
	// 402 5
	// 301 4
}

// JSON in the shape of evtx_dump, one event a line.
func ExampleRecord_AppendJSON() {
	r, err := evtx.NewReader(logons())
	if err != nil {
		log.Fatal(err)
	}
	var line []byte // used again: nothing is allocated for a record
	for rec, err := range r.Records() {
		if err != nil {
			log.Fatal(err)
		}
		if line, err = rec.AppendJSON(line[:0]); err != nil {
			log.Fatal(err)
		}
		_, data, _ := strings.Cut(string(line), `"EventData":`)
		fmt.Println(data)
	}
	// Output:
	// {"TargetUserName":"alice","LogonType":10}}}
	// {"TargetUserName":"carol","Status":"0xc000006d"}}}
	// {"TargetUserName":"bob","LogonType":2}}}
}

// XML as Windows writes it.
func ExampleRecord_AppendXML() {
	r, err := evtx.NewReader(logons())
	if err != nil {
		log.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil {
			log.Fatal(err)
		}
		xml, err := rec.AppendXML(nil)
		if err != nil {
			log.Fatal(err)
		}
		_, data, _ := bytes.Cut(xml, []byte("</System>"))
		fmt.Printf("%s\n", data)
		break
	}
	// Output:
	// <EventData><Data Name='TargetUserName'>alice</Data><Data Name='LogonType'>10</Data></EventData></Event>
}

// A slice of a log is a log: what is written opens in Event Viewer.
func ExampleWriter() {
	r, err := evtx.Open("../testdata/gateway-en.evtx")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	out, err := os.CreateTemp("", "slice-*.evtx")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(out.Name())
	defer out.Close()

	lastDays := (&evtx.Selection{Since: time.Date(2017, 5, 2, 0, 0, 0, 0, time.UTC)}).Filter()
	w := evtx.NewWriter(out)
	defer w.Discard()
	for rec, err := range r.Records() {
		if err == nil && lastDays.Match(rec) {
			if err := w.WriteRecord(rec); err != nil {
				log.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}

	slice, err := evtx.Open(out.Name())
	if err != nil {
		log.Fatal(err)
	}
	defer slice.Close()
	n := 0
	for range slice.Records() {
		n++
	}
	fmt.Println(n, "records from", slice.Stats().First.Format(time.DateOnly))
	// Output:
	// 573 records from 2017-05-02
}

// An event made in Go.
func ExampleWriter_WriteEvent() {
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	err := w.WriteEvent(&evtx.Event{
		Provider: "Backup", Channel: "Application", Computer: "SRV01", EventID: 17, Level: evtx.LevelWarning,
		TimeCreated: time.Date(2017, 5, 4, 9, 0, 0, 0, time.UTC),
		Data: []evtx.Data{
			{Name: "Volume", Value: evtx.StringValue("D:")},
			{Name: "FreeBytes", Value: evtx.UintValue(1 << 20)},
			{Name: "Retry", Value: evtx.BoolValue(true)},
		},
	})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		log.Fatal(err)
	}
	r, err := evtx.NewStreamReader(&out)
	if err != nil {
		log.Fatal(err)
	}
	for rec := range r.Records() {
		free, _ := rec.Lookup("FreeBytes")
		fmt.Println(rec.Provider(), rec.Level(), free)
	}
	// Output: Backup Warning 1048576
}

// Names are taken out of a log; what is written holds them nowhere.
func ExampleWriter_edit() {
	r, err := evtx.NewReader(logons())
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	w.Edit = func(name string, v evtx.Value) evtx.Value {
		if name == "TargetUserName" || name == "Computer" {
			return evtx.StringValue("(removed)")
		}
		return v
	}
	for rec, err := range r.Records() {
		if err == nil {
			err = w.WriteRecord(rec)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	redacted, err := evtx.NewStreamReader(&out)
	if err != nil {
		log.Fatal(err)
	}
	for rec := range redacted.Records() {
		user, _ := rec.Lookup("TargetUserName")
		fmt.Println(rec.EventID(), rec.Computer(), user)
	}
	// Output:
	// 4624 (removed) (removed)
	// 4625 (removed) (removed)
	// 4624 (removed) (removed)
}

// Events that are kept, sorted, and written into a log of their own.
func ExampleRecord_Event() {
	r, err := evtx.NewReader(logons())
	if err != nil {
		log.Fatal(err)
	}
	var kept []*evtx.Event
	for rec, err := range r.Records() {
		if err == nil {
			kept = append(kept, rec.Event())
		}
	}
	slices.SortFunc(kept, func(a, b *evtx.Event) int { return cmp.Compare(a.EventID, b.EventID) })
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	for _, e := range kept {
		if err := w.WriteEvent(e); err != nil {
			log.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(kept[0].EventID, kept[1].EventID, kept[2].EventID, kept[2].Data[0].Value)
	// Output: 4624 4624 4625 carol
}

// What was deleted: stale records in the unused space of a log.
func ExampleReader_recover() {
	r, err := evtx.Open("../testdata/damaged/cleared.evtx")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	r.Recover = true
	live, stale, damaged := 0, 0, 0
	for rec, err := range r.Records() {
		var damage *evtx.FormatError
		switch {
		case errors.As(err, &damage):
			damaged++
		case err != nil:
			log.Fatal(err) // of the file itself
		case rec.Recovered():
			stale++
		default:
			live++
		}
	}
	fmt.Println(live, stale, damaged)
	// Output:
	// 0 90 0
}

// logons makes a small log, in memory.
func logons() (*bytes.Reader, int64) {
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	for i, e := range []struct {
		id   uint16
		user string
		data evtx.Data
	}{
		{4624, "alice", evtx.Data{Name: "LogonType", Value: evtx.Value{Type: evtx.TypeUint32, Raw: []byte{10, 0, 0, 0}}}},
		{4625, "carol", evtx.Data{Name: "Status", Value: evtx.HexValue(0xc000006d)}},
		{4624, "bob", evtx.Data{Name: "LogonType", Value: evtx.Value{Type: evtx.TypeUint32, Raw: []byte{2, 0, 0, 0}}}},
	} {
		err := w.WriteEvent(&evtx.Event{
			Provider: "Microsoft-Windows-Security-Auditing", Channel: "Security", Computer: "SRV01", EventID: e.id,
			Keywords: evtx.KeywordAuditSuccess, TimeCreated: time.Date(2017, 5, 4, 9, i, 0, 0, time.UTC),
			Data: []evtx.Data{{Name: "TargetUserName", Value: evtx.StringValue(e.user)}, e.data},
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	return bytes.NewReader(out.Bytes()), int64(out.Len())
}
