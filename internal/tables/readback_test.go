package tables

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/matcher"
)

// TestReadBack has pyarrow, polars and DuckDB read each table as rows and as Parquet: they find the same values.
func TestReadBack(t *testing.T) {
	t.Parallel()
	python, err := filepath.Abs(filepath.Join("..", "..", ".tools", "python-data", "bin", "python"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("no .tools/python-data: .ci/install makes it")
	}
	args := []string{"-I", "testdata/readback.py"}
	want := ""
	for _, made := range samples(t) {
		dir := t.TempDir()
		args = append(args, dir)
		want += strconv.Itoa(bytes.Count(made.rows, []byte("\n"))) + "\n"
		schema, err := json.Marshal(made.schema)
		if err != nil {
			t.Fatal(err)
		}
		for name, data := range map[string][]byte{"rows.jsonl": made.rows, "table.parquet": made.parquet, "schema.json": schema} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if out, err := exec.Command(python, args...).CombinedOutput(); err != nil || string(out) != want {
		t.Errorf("%v\n%.2000s", err, out)
	}
}

// A sample is a table in both formats.
type sample struct {
	schema        Schema
	rows, parquet []byte
}

// samples are all tables, with something in every column.
func samples(t *testing.T) []sample {
	at := time.Date(2017, 5, 4, 18, 0, 0, 123_456_700, time.UTC)
	return []sample{
		sampleEvents(t),
		sampleOf(t, Findings(), []Finding{
			{Count: -1},
			{
				Computer: "GW01", First: at, Last: at.Add(time.Hour), Count: 3, Ongoing: true, Signature: "winsock-10060-timeout", ID: "af89a659",
				Title: "Ein „Fehler“", Severity: "high", Likely: true, Cause: "two\nlines", Resolution: []string{"first", "", "last"},
				Reasons: []string{"dns"}, References: []string{"https://example.com/?a=b&c=d"}, State: "offline", Version: "5.1",
				Captures: []Pair{{"endpoint", "a:443"}, {"endpoint", "b:443"}, {"path", `C:\x`}}, From: at, To: at, Bundle: "b7d0a5f2", Tool: "v1",
				Evidence: &Evidence{Time: at, Source: "логи/a.evtx", Channel: "c", Level: "error", Message: "m", Code: "E", Innermost: "i", EventID: 1, RecordID: 2},
			},
		}),
		sampleOf(t, Counts(), []Count{
			{By: "id", Key: "4", EventID: 4, Provider: "p", Level: "error", Count: 7, First: at, Last: at}, {By: "day", EventID: -1},
		}),
		sampleOf(t, ReportIDs(), []matcher.ReportID{
			{ID: "b7d0a5f2", Time: at, Computer: "GW01", Channel: "c", RecordID: 4, Source: "s", Sent: "to x"}, {},
		}),
		sampleOf(t, Endpoints(), []matcher.Endpoint{
			{Address: "a", Port: 443, Count: 2, First: at, Last: at, Computers: []string{"GW01", "GW02"}, Signatures: []*matcher.Signature{{Name: "n"}}},
			{Address: "b"},
		}),
	}
}

// sampleOf is a table of these rows.
func sampleOf[T any](t *testing.T, table *Table[T], all []T) sample {
	s := sample{schema: table.Schema()}
	lines, packed := table.Writer(JSONLines), table.Writer(Packed)
	var file bytes.Buffer
	out := NewParquet(&file, s.schema)
	for i := range all {
		var piece []byte
		var err error
		if s.rows, err = lines(s.rows, &all[i]); err == nil {
			piece, err = packed(nil, &all[i])
		}
		if err := cmp.Or(err, out.Add(piece)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	s.parquet = file.Bytes()
	return s
}

func sampleEvents(t *testing.T) sample {
	s := sample{schema: Events()}
	rows, packed := NewEventRows(JSONLines), NewEventRows(Packed)
	var file bytes.Buffer
	out := NewParquet(&file, Events())
	var piece []byte
	for i, name := range []string{"gateway-en.evtx", "gateway-fr.evtx", "problems-en.evtx", "secrets.evtx", "short.evtx"} {
		for _, to := range []*EventRows{rows, packed} {
			to.From(Origin{Source: "логи/" + name, Bundle: []string{"", "b7d0a5f2-91c3-4e0b-a6f8-2c44d1e6730f"}[i%2]})
		}
		records(t, name, func(rec *evtx.Record) {
			var err error
			if s.rows, err = rows.Append(s.rows, rec); err == nil {
				piece, err = packed.Append(piece, rec)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
		if err := out.Add(piece); err != nil {
			t.Fatal(err)
		}
		piece = piece[:0]
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	s.parquet = file.Bytes()
	return s
}
