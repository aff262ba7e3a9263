package tables

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// records calls f with every event of a log.
func records(t testing.TB, name string, f func(*evtx.Record)) {
	t.Helper()
	r, err := evtx.Open(filepath.Join("..", "..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		f(rec)
	}
}

// Every row has every column, in the order of the schema.
func TestEventRows(t *testing.T) {
	t.Parallel()
	rows := NewEventRows(JSONLines)
	rows.From(Origin{Source: "logs/gateway-en.evtx", Bundle: "b7d0a5f2-91c3-4e0b-a6f8-2c44d1e6730f"})
	var line []byte
	records(t, "gateway-en.evtx", func(rec *evtx.Record) {
		var err error
		if line, err = rows.Append(line[:0], rec); err != nil {
			t.Fatal(err)
		}
		if bytes.Count(line, []byte("\n")) != 1 || line[len(line)-1] != '\n' {
			t.Fatalf("not one line: %q", line)
		}
		d := json.NewDecoder(bytes.NewReader(line))
		if token, _ := d.Token(); token != json.Delim('{') {
			t.Fatalf("no object: %s", line)
		}
		for _, c := range Events().Columns {
			if key, err := d.Token(); err != nil || key != c.Name {
				t.Fatalf("%v, %v where %s should be: %s", key, err, c.Name, line)
			}
			var value any
			if err := d.Decode(&value); err != nil || !fits(value, c.Type) {
				t.Fatalf("%s is %T %v, %v", c.Name, value, value, err)
			}
		}
		if d.More() {
			t.Fatalf("more than the columns: %s", line)
		}
	})
}

// fits reports whether a value of JSON is one of a type.
func fits(value any, of Type) bool {
	if value == nil {
		return of != Texts && of != Pairs
	}
	ok := false
	switch of {
	case Time:
		var s string
		if s, ok = value.(string); ok {
			_, err := time.Parse("2006-01-02T15:04:05.000000Z", s)
			ok = err == nil
		}
	case Text:
		_, ok = value.(string)
	case Integer:
		_, ok = value.(float64)
	case Boolean:
		_, ok = value.(bool)
	case Texts, Pairs:
		_, ok = value.([]any)
	}
	return ok
}

// Nothing is allocated for an event, once room has been made.
func TestEventRowsAllocate(t *testing.T) {
	rows := NewEventRows(JSONLines)
	var dst []byte
	for range 2 { // the first makes room
		records(t, "gateway-en.evtx", func(rec *evtx.Record) { dst, _ = rows.Append(dst[:0], rec) })
	}
	records(t, "gateway-en.evtx", func(rec *evtx.Record) {
		if n := testing.AllocsPerRun(1, func() { dst, _ = rows.Append(dst[:0], rec) }); n > 0 {
			t.Fatalf("record %d: %v allocations", rec.EventRecordID(), n)
		}
	})
}

func TestReadableTimes(t *testing.T) {
	t.Parallel()
	for at, want := range map[time.Time]string{
		time.Date(2017, 5, 4, 18, 0, 0, 123_456_700, time.UTC):     "2017-05-04T18:00:00.123456Z",
		time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC):                "1601-01-01T00:00:00.000000Z",
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_900, time.UTC): "9999-12-31T23:59:59.999999Z",
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC):               "",
		time.Date(1600, 12, 31, 0, 0, 0, 0, time.UTC):              "",
		{}: "",
	} {
		if !readable(at) {
			if want != "" {
				t.Errorf("%v is not readable", at)
			}
		} else if got := string(appendMicros(nil, at)); got != want {
			t.Errorf("%v: %s, want %s", at, got, want)
		}
	}
}

func TestFileTime(t *testing.T) {
	t.Parallel()
	for at, want := range map[time.Time]int64{
		time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC):            0,
		time.Date(1970, 1, 1, 0, 0, 0, 100, time.UTC):          116444736000000001,
		time.Date(2017, 5, 4, 18, 0, 0, 123_456_700, time.UTC): 131383944001234567,
		time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC):            -1,
		time.Unix(1<<61, 0):                                    -1,
	} {
		got, ok := fileTime(at)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%v: %d, %v; want %d", at, got, ok, want)
		}
	}
}

func TestAppendJSONText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": `""`, "plain": `"plain"`, "a\"b\\c": `"a\"b\\c"`, "\x00\x1f\n\r\t": `"\u0000\u001f\n\r\t"`, "é漢😀": `"é漢😀"`,
		"bad\xff\xc3": "\"bad\ufffd\ufffd\"", "\xed\xa0\x80x": "\"\ufffd\ufffd\ufffdx\"",
	} {
		if got := string(appendJSONText(nil, text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		if got := string(appendJSONText(nil, []byte(text))); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func BenchmarkEventRows(b *testing.B) {
	r, err := evtx.Open(filepath.Join("..", "..", "testdata", "gateway-en.evtx"))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	rows := NewEventRows(JSONLines)
	var dst []byte
	b.SetBytes(r.Size())
	b.ReportAllocs()
	for b.Loop() {
		for rec, err := range r.Records() {
			if err != nil {
				b.Fatal(err)
			}
			dst, _ = rows.Append(dst[:0], rec)
		}
	}
}

// A line of Timesketch has what it asks for, and takes no memory.
func TestTimesketch(t *testing.T) {
	t.Parallel()
	lines := NewTimesketch()
	lines.From(Origin{Source: "a.evtx"})
	var line []byte
	records(t, "problems-en.evtx", func(rec *evtx.Record) {
		line, _ = lines.Append(line[:0], rec)
		var got struct {
			Message, Datetime string
			Timestamp         int64
			Desc              string `json:"timestamp_desc"`
		}
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		at, err := time.Parse(time.RFC3339, got.Datetime)
		if err != nil || at.UnixMicro() != got.Timestamp || !at.Equal(rec.TimeCreated().Truncate(time.Microsecond)) || got.Desc == "" {
			t.Fatalf("%v: %s", err, line)
		}
	})
}
