package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// renderAll renders a whole log, a few events at a time.
func renderAll(t *testing.T, f Format, s Style) string {
	t.Helper()
	r, err := evtx.Open(filepath.Join("..", "..", "testdata", "gateway-en.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out bytes.Buffer
	doc, err := NewEvents(&out, f, s)
	if err != nil {
		t.Fatal(err)
	}
	render := doc.Renderer()
	var piece []byte
	n := 0
	for rec, err := range r.Records() {
		if err == nil {
			piece, err = render.Append(piece, rec)
		}
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%7 == 0 {
			if err := doc.Add(piece); err != nil {
				t.Fatal(err)
			}
			piece = piece[:0]
		}
	}
	if err := doc.Add(piece); err != nil {
		t.Fatal(err)
	}
	if err := doc.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	eventsInLog = 2709
)

// Every format is well formed and has every event, on a terminal, too.
func TestFormats(t *testing.T) {
	t.Parallel()
	for _, s := range []Style{{}, {Terminal: true, Width: 120, Color: true}, {Recovered: true}} {
		if rows, err := csv.NewReader(strings.NewReader(renderAll(t, CSV, s))).ReadAll(); err != nil || len(rows) != eventsInLog+1 {
			t.Errorf("%+v: CSV: %d rows, %v", s, len(rows), err)
		}
		var array []json.RawMessage
		if err := json.Unmarshal([]byte(renderAll(t, JSON, s)), &array); err != nil || len(array) != eventsInLog {
			t.Errorf("%+v: JSON: %d objects, %v", s, len(array), err)
		}
		lines := strings.Split(strings.TrimSuffix(renderAll(t, JSONLines, s), "\n"), "\n")
		if len(lines) != eventsInLog || len(array) != eventsInLog || lines[7] != string(array[7]) {
			t.Errorf("%+v: JSON lines: %d, or not the objects of the array", s, len(lines))
		}
		if n, err := countElements(renderAll(t, XML, s), "Event"); err != nil || n != eventsInLog {
			t.Errorf("%+v: XML: %d events, %v", s, n, err)
		}
		if n := strings.Count(renderAll(t, Rows, s), `"recovered":false}`+"\n"); n != eventsInLog {
			t.Errorf("%+v: rows: %d", s, n)
		}
		if n := strings.Count(renderAll(t, Timesketch, s), `,"timestamp_desc":"Event Logged",`); n != eventsInLog {
			t.Errorf("%+v: timesketch: %d", s, n)
		}
		tabs := 7
		if s.Recovered {
			tabs = 8
		}
		tsv := renderAll(t, TSV, s)
		if n := strings.Count(tsv, "\n"); n != eventsInLog+1 || strings.Count(tsv, "\t") != tabs*n || strings.Contains(tsv, "\r") {
			t.Errorf("%+v: TSV: %d lines, %d tabs", s, n, strings.Count(tsv, "\t"))
		}
		if n := strings.Count(renderAll(t, Table, s), "\n"); n != eventsInLog+1 {
			t.Errorf("%+v: table: %d lines", s, n)
		}
		if n := strings.Count(renderAll(t, Text, s), "time:      "); n != eventsInLog {
			t.Errorf("%+v: text: %d blocks", s, n)
		}
	}
}

func countElements(document, name string) (int, error) {
	n := 0
	d := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == name {
			n++
		}
	}
}

func TestEmptyDocuments(t *testing.T) {
	t.Parallel()
	for f, want := range map[Format]string{
		Table: "", Text: "", JSON: "[]\n", JSONLines: "", Rows: "", Timesketch: "", XML: `<?xml version="1.0" encoding="utf-8" standalone="yes"?>` +
			"\n<Events>\n</Events>\n",
		CSV: "time,level,id,provider,channel,computer,record,message\r\n",
		TSV: "time\tlevel\tid\tprovider\tchannel\tcomputer\trecord\tmessage\n",
	} {
		var out bytes.Buffer
		doc, err := NewEvents(&out, f, Style{})
		if err == nil {
			err = doc.Close()
		}
		if err != nil || out.String() != want {
			t.Errorf("%s: %q, %v; want %q", f, out.String(), err, want)
		}
	}
}

func TestAppendTSV(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"": "", "plain 'text', \"quoted\"": "plain 'text', \"quoted\"", "a\tb\r\nc\\d": `a\tb\r\nc\\d`, `C:\temp`: `C:\\temp`,
	} {
		if got := string(appendTSV([]byte("> "), []byte(value))); got != "> "+want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

// TestUnknownFormat: a format that is none is an error, not another one.
func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	for _, f := range []Format{"", "yaml", EVTX} {
		if _, err := NewEvents(io.Discard, f, Style{}); err == nil {
			t.Errorf("events as %q", f)
		}
		if _, err := NewReportIDs(io.Discard, f, Style{}); err == nil {
			t.Errorf("report IDs as %q", f)
		}
		if err := WriteDiagnosis(io.Discard, f, Style{}, hostileDiagnosis(t)); err == nil {
			t.Errorf("a diagnosis as %q", f)
		}
	}
	if _, err := NewReportIDs(io.Discard, XML, Style{}); err == nil {
		t.Error("report IDs as XML")
	}
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		if got, ok := ParseFormat(strings.ToUpper(string(f))); !ok || got != f {
			t.Errorf("ParseFormat(%q) = %q, %v", f, got, ok)
		}
	}
	if _, ok := ParseFormat("yaml"); ok {
		t.Error("yaml is a format")
	}
}

func TestAppendCSV(t *testing.T) {
	t.Parallel()
	values := []string{"", "plain", `say "no"`, "a,b", "two\r\nlines", "=1+1", " padded ", `"`}
	var line []byte
	for i, v := range values {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendCSV(line, []byte(v))
	}
	got, err := csv.NewReader(bytes.NewReader(line)).Read()
	if err != nil {
		t.Fatal(err)
	}
	values[4] = "two\nlines" // Go's reader makes them so
	if !reflect.DeepEqual(got, values) {
		t.Errorf("%q, want %q", got, values)
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for level, name := range map[evtx.Level]string{0: "information", 1: "critical", 2: "error", 3: "warning", 4: "information",
		5: "verbose", 16: "16"} {
		if got := LevelName(level); got != name {
			t.Errorf("LevelName(%d) = %q, want %q", level, got, name)
		}
	}
	for s, want := range map[string]evtx.Level{"Critical": 1, "2": 2, "warn": 3, "info": 4, "information": 4, "verbose": 5, "200": 200} {
		if got, ok := ParseLevel(s); !ok || got != want {
			t.Errorf("ParseLevel(%q) = %d, %v; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "eror", "256", "-1"} {
		if got, ok := ParseLevel(s); ok {
			t.Errorf("ParseLevel(%q) = %d", s, got)
		}
	}
}

func TestAppendIndented(t *testing.T) {
	t.Parallel()
	const in = "one\r\ntwo\rthree\n\tfour \x1b[0m\n\n"
	const want = "    one\n    two\n    three\n    \tfour \\x1b[0m\n"
	if got := string(appendIndented(nil, []byte(in))); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func BenchmarkAppendLine(b *testing.B) {
	text := []byte("Error: Gateway cannot connect to cloud service through service bus. Activity ID: 2858bca4-b65e-4f92-bb4d-e752fdf649e3")
	var dst []byte
	for b.Loop() {
		dst, _ = appendLine(dst[:0], text, 0)
	}
}
