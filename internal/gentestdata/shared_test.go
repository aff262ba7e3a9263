package gentestdata

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// shared returns the name of a file of the shared folder, or skips the test.
func shared(t *testing.T, name ...string) string {
	t.Helper()
	dir := os.Getenv("GWLOGS_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(append([]string{dir}, name...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s: GWLOGS_SHARED names the folder that holds it", filepath.Join(name...))
	}
	return path
}

// planted is what was planted in a log of the shared folder.
type planted struct {
	Records   int
	First     uint64 `json:"first_record_id"`
	Last      uint64 `json:"last_record_id"`
	Texts     string `json:"texts_sha256"`
	LastSeven struct {
		Records int
	} `json:"last_seven_days"`
	ReportIDs []struct {
		ID string `json:"report_id"`
	} `json:"report_ids"`
}

// TestSameAsShared: the gateway's logs hold what the shared logs of that name
// hold, whose expected results are given: what is said of those, is true of these.
func TestSameAsShared(t *testing.T) {
	for _, name := range []string{"gateway-en", "gateway-fr"} {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(shared(t, "fixtures", "public", name+".expected.json"))
			if err != nil {
				t.Fatal(err)
			}
			var want planted
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			mine := openLog(t, filepath.Join(testdata, name+".evtx"))
			events := read(t, mine)
			sum := sha256.New()
			week := 0
			newest := events[len(events)-1].Time
			for i, e := range events {
				texts(sum, e)
				if !e.Time.Before(newest.AddDate(0, 0, -7)) {
					week++
				}
				if e.RecordID != want.First+uint64(i) {
					t.Fatalf("record %d is number %d", e.RecordID, i)
				}
			}
			if len(events) != want.Records || events[len(events)-1].RecordID != want.Last || week != want.LastSeven.Records {
				t.Errorf("%d records, %d of the last week; want %+v", len(events), week, want)
			}
			if got := hex.EncodeToString(sum.Sum(nil)); got != want.Texts {
				t.Errorf("checksum of the texts is %s, want %s", got, want.Texts)
			}
			if len(want.ReportIDs) == 0 {
				t.Error("no report ID is expected")
			}

			theirs := asJSON(t, openLog(t, shared(t, "fixtures", "public", name+".evtx")))
			for i, line := range asJSON(t, mine) {
				if i >= len(theirs) || line != theirs[i] {
					t.Fatalf("record %d differs: %s", i, line)
				}
			}
		})
	}
}

// texts adds an event to the checksum, as the shared folder's README describes it.
func texts(w io.Writer, e said) {
	fmt.Fprintf(w, "%d\x1f%d\x1f%d\x1f%s.%07dZ\x1f%s\x1e", e.RecordID, e.ID, e.Level,
		e.Time.Format("2006-01-02T15:04:05"), e.Time.Nanosecond()/100, strings.Join(e.Texts, "\x1f"))
}

func openLog(t *testing.T, name string) *evtx.Reader {
	t.Helper()
	r, err := evtx.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func asJSON(t *testing.T, r *evtx.Reader) []string {
	t.Helper()
	var lines []string
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		line, err := rec.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	return lines
}
