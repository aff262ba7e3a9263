package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/matcher"
)

// A computer's name comes from the log: it must not reach the terminal raw, nor break a format.
func TestReportIDsAreSafe(t *testing.T) {
	t.Parallel()
	id := matcher.ReportID{
		ID:       "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4",
		Time:     time.Date(2017, 5, 3, 9, 41, 17, 123456700, time.UTC),
		Computer: "GW\x1b[2J\u202e\",<01>",
		Channel:  "Data\nManagement",
		RecordID: 11233,
		Source:   "a.evtx",
	}
	for _, f := range RowFormats() {
		if f.Binary() {
			continue // it does not go to a terminal
		}
		var out bytes.Buffer
		doc, err := NewReportIDs(&out, f, Style{Terminal: true, Width: 200})
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Add(id); err != nil {
			t.Fatal(err)
		}
		if err := doc.Add(id); err != nil {
			t.Fatal(err)
		}
		if err := doc.Close(); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e") {
			t.Errorf("%s: %q", f, out.String())
		}
		if strings.Count(out.String(), id.ID) != 2 || !strings.Contains(out.String(), "11233") {
			t.Errorf("%s: %q", f, out.String())
		}
	}
}

func TestReportIDsForPrograms(t *testing.T) {
	t.Parallel()
	id := matcher.ReportID{ID: "x", Computer: "GW\x1b, \"1\"", Time: time.Date(2017, 5, 3, 9, 41, 17, 123456700, time.UTC)}
	var out bytes.Buffer
	doc, err := NewReportIDs(&out, JSON, Style{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := doc.Add(id); err != nil {
			t.Fatal(err)
		}
	}
	doc.Close()
	var got []map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || len(got) != 2 || got[1]["computer"] != id.Computer ||
		got[1]["time"] != "2017-05-03T09:41:17.1234567Z" {
		t.Errorf("%s: %v", out.String(), err)
	}
	out.Reset()
	if doc, err = NewReportIDs(&out, CSV, Style{}); err != nil {
		t.Fatal(err)
	}
	if err := doc.Add(id); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][2] != id.Computer {
		t.Errorf("%q: %v", rows, err)
	}
}
