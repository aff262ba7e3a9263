package evtx

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// memory is a file in memory: io.WriteSeeker.
type memory struct {
	b   []byte
	pos int
}

func (m *memory) Write(p []byte) (int, error) {
	if grow := m.pos + len(p) - len(m.b); grow > 0 {
		m.b = append(m.b, make([]byte, grow)...)
	}
	m.pos += copy(m.b[m.pos:], p)
	return len(p), nil
}

func (m *memory) Seek(off int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
		m.pos = int(off)
	case io.SeekCurrent:
		m.pos += int(off)
	case io.SeekEnd:
		m.pos = len(m.b) + int(off)
	}
	return int64(m.pos), nil
}

// rewrite reads a log and writes the records that keep wants.
func rewrite(t testing.TB, log []byte, keep func(*Record) bool) []byte {
	t.Helper()
	var m memory
	w := NewWriter(&m)
	for rec, err := range openBytes(t, log).Records() {
		if err != nil || keep != nil && !keep(rec) {
			continue
		}
		if err := w.WriteRecord(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return m.b
}

// checkRoundTrip: what is written reads back the same, without an error, and
// writing that gives the same bytes.
func checkRoundTrip(t testing.TB, log []byte) {
	t.Helper()
	written := rewrite(t, log, nil)
	before, after := render(t, log), render(t, written)
	if len(after.errors) > 0 {
		t.Fatalf("errors in what was written: %q", after.errors)
	}
	if len(before.json) != len(after.json) {
		t.Fatalf("%d records, were %d", len(after.json), len(before.json))
	}
	for i := range before.json {
		if before.json[i] != after.json[i] {
			t.Fatalf("record %d: %s", i, firstDifference(after.json[i], before.json[i]))
		}
		if before.xml[i] != after.xml[i] {
			t.Fatalf("record %d: %s", i, firstDifference(after.xml[i], before.xml[i]))
		}
	}
	if found := checkLog(t, written); len(found) > 0 {
		t.Fatalf("Check finds in what was written: %q", found)
	}
	if again := rewrite(t, written, nil); !bytes.Equal(again, written) {
		t.Fatalf("written again, it has %d bytes that differ in length or content from %d", len(again), len(written))
	}
}

func TestRoundTrip(t *testing.T) {
	t.Run("gateway", func(t *testing.T) { checkRoundTrip(t, readFile(t, gateway(t, "en"))) })
	t.Run("everything", func(t *testing.T) {
		l := newLog()
		for range 3 {
			l.record(func() { everything(l) })
		}
		checkRoundTrip(t, file(l.chunk()))
	})
	t.Run("shared", func(t *testing.T) {
		for name, path := range logsBelow(t, shared(t, "")) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				checkRoundTrip(t, readFile(t, path))
			})
		}
	})
}

// TestWriterToStream: a writer that cannot seek gets the same bytes.
func TestWriterToStream(t *testing.T) {
	log := readFile(t, gateway(t, "fr"))
	var out bytes.Buffer
	w := NewWriter(struct{ io.Writer }{&out})
	for rec, err := range openBytes(t, log).Records() {
		if err == nil {
			err = w.WriteRecord(rec)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() != 0 {
		t.Error("something was written before the header was known")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), rewrite(t, log, nil)) {
		t.Error("a stream gets other bytes than a file")
	}
}

// TestWriterNumbers: headers count from 1 through all chunks, the
// EventRecordID stays, and nothing lies in unused space.
func TestWriterNumbers(t *testing.T) {
	log := rewrite(t, readFile(t, gateway(t, "en")), func(r *Record) bool { return r.EventID() != 4 })
	r := openBytes(t, log)
	r.Recover = true
	n, last := uint64(0), uint64(0)
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		if n++; rec.HeaderID() != n || rec.EventRecordID() <= last || rec.Recovered() {
			t.Fatalf("record %d: header %d, EventRecordID %d after %d, recovered %v", n, rec.HeaderID(), rec.EventRecordID(), last, rec.Recovered())
		}
		last = rec.EventRecordID()
	}
	h := r.Header()
	if n != 2709-744 || h.NextRecordID != n+1 || int(h.Chunks) != (len(log)-fileHeaderSize)/chunkSize ||
		h.LastChunk != uint64(h.Chunks-1) || h.Dirty() {
		t.Errorf("%d records, header %+v", n, h)
	}
}

// TestWriterEmpty: a log of nothing can be read, and written again.
func TestWriterEmpty(t *testing.T) {
	log := rewrite(t, readFile(t, gateway(t, "en")), func(*Record) bool { return false })
	if got := render(t, log); len(got.json)+len(got.errors) != 0 {
		t.Errorf("%d records, errors %q", len(got.json), got.errors)
	}
}

// TestWriterEdit changes values of every kind, in templates too.
func TestWriterEdit(t *testing.T) {
	edit := func(name string, v Value) Value {
		s := v.String()
		switch {
		case name == "Computer":
			return StringValue("HOST-1")
		case v.Type == TypeString && strings.Contains(s, "40.68.114.96"):
			return StringValue(strings.ReplaceAll(s, "40.68.114.96", "<address, a longer one>"))
		}
		return v
	}
	var m memory
	w := NewWriter(&m)
	w.Edit = edit
	for rec, err := range open(t, gateway(t, "en")).Records() {
		if err == nil {
			err = w.WriteRecord(rec)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	before, after := render(t, readFile(t, gateway(t, "en"))), render(t, m.b)
	for i := range before.json {
		want := strings.ReplaceAll(before.json[i], "40.68.114.96", "<address, a longer one>")
		want = strings.ReplaceAll(want, `"Computer":"GW01.contoso.local"`, `"Computer":"HOST-1"`)
		if after.json[i] != want {
			t.Fatal(firstDifference(after.json[i], want))
		}
	}
	if bytes.Contains(m.b, utf16le("40.68.114.96")) || bytes.Contains(m.b, utf16le("GW01.contoso.local\x00")) {
		t.Error("the old text is still in the file")
	}
}

// TestWriterEditEverything passes the values of all kinds through Edit.
func TestWriterEditEverything(t *testing.T) {
	l := newLog()
	l.record(func() { everything(l) })
	var names []string
	var m memory
	w := NewWriter(&m)
	w.Edit = func(name string, v Value) Value {
		names = append(names, name)
		if v.Type == TypeString {
			return StringValue("x" + v.String())
		}
		return Value{}
	}
	for rec, err := range openBytes(t, file(l.chunk())).Records() {
		if err == nil {
			err = w.WriteRecord(rec)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got := render(t, m.b)
	want := `"a":"xa<b","c":["xx","x"]`
	if len(got.json) != 1 || !strings.Contains(got.json[0], want) || !strings.Contains(got.json[0], "\"X\":\"xt&\U0001f600\ufffd&xc\"") {
		t.Errorf("%q lacks %q", got.json, want)
	}
	for _, name := range []string{"EventID", "Level", "a", "e", "X"} {
		if !slices.Contains(names, name) {
			t.Errorf("no value is called %q: %q", name, names)
		}
	}
}

// TestWriterTooLarge: a record that fits nowhere is refused by its number, and
// the others are written.
func TestWriterTooLarge(t *testing.T) {
	var m memory
	w := NewWriter(&m)
	event := func(text string) error {
		return w.WriteEvent(&Event{EventID: 1, Level: 4, TimeCreated: time.Unix(0, 0), EventRecordID: 77, Strings: []string{text}})
	}
	var refused *RecordError
	if err := event(strings.Repeat("x", 40000)); !errors.As(err, &refused) || refused.EventRecordID != 77 {
		t.Error(err)
	}
	if err := event(strings.Repeat("x", 31000)); err != nil {
		t.Error(err)
	}
	if err := event(strings.Repeat("x", 32600)); !errors.As(err, &refused) {
		t.Error(err)
	}
	if err := event("after"); err != nil {
		t.Error(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if got := render(t, m.b); len(got.json) != 2 || len(got.errors) != 0 {
		t.Errorf("%d records, errors %q", len(got.json), got.errors)
	}
}

func TestWriteEvent(t *testing.T) {
	at := time.Date(2017, 5, 4, 18, 0, 0, 123456700, time.UTC)
	const open = `{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{"Provider":{"#attributes":{"Name":"P"}},`
	const end = `"TimeCreated":{"#attributes":{"SystemTime":"2017-05-04T18:00:00.1234567Z"}},"EventRecordID":9,`
	for name, tt := range map[string]struct {
		e    Event
		want string
	}{
		"classic": {
			Event{Qualifiers: 7, Strings: []string{"a", "", "b\u00e9\U0001f600"}, Binary: []byte{1, 2}},
			open + `"EventID":{"#attributes":{"Qualifiers":7},"#text":401},"Level":2,"Task":0,"Keywords":"0x80000000000000",` + end +
				`"Channel":"C","Computer":"M","Security":null},"EventData":{"Data":{"#text":["a","","bé😀"]},"Binary":"0102"}}}`,
		},
		"without data": {
			Event{},
			open + `"EventID":{"#attributes":{"Qualifiers":0},"#text":401},"Level":2,"Task":0,"Keywords":"0x80000000000000",` + end +
				`"Channel":"C","Computer":"M","Security":null},"EventData":null}}`,
		},
		"named data": {
			Event{Version: 1, UserID: "S-1-5-18", Data: []Data{{"x", StringValue("1")}, {"y", Value{Type: TypeUint32, Raw: []byte{2, 0, 0, 0}}}}},
			open + `"EventID":401,"Version":1,"Level":2,"Task":0,"Opcode":0,"Keywords":"0x80000000000000",` + end +
				`"Correlation":null,"Execution":{"#attributes":{"ProcessID":0,"ThreadID":0}},"Channel":"C","Computer":"M","Security":{"#attributes":{"UserID":"S-1-5-18"}}},"EventData":{"x":"1","y":2}}}`,
		},
		"user data": {
			Event{UserData: &Element{Name: "E", Attributes: []Attribute{{"a", "1"}}, Children: []Element{{Name: "F", Text: "<"}}}},
			open + `"EventID":401,"Level":2,"Task":0,"Keywords":"0x80000000000000",` + end +
				`"Channel":"C","Computer":"M","Security":null},"UserData":{"E":{"#attributes":{"a":"1"},"F":"<"}}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := tt.e
			e.Provider, e.Channel, e.Computer = "P", "C", "M"
			e.EventID, e.Level, e.Keywords, e.TimeCreated, e.EventRecordID = 401, 2, 0x80000000000000, at, 9
			var m memory
			w := NewWriter(&m)
			if err := w.WriteEvent(&e); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got := render(t, m.b)
			if len(got.json) != 1 || len(got.errors) != 0 || got.json[0] != tt.want {
				t.Errorf("errors %q, JSON\n got %s\nwant %s", got.errors, got.json, tt.want)
			}
			checkRoundTrip(t, m.b)
		})
	}
	w := NewWriter(new(memory))
	if err := w.WriteEvent(&Event{UserID: "nobody"}); err == nil {
		t.Error("a user that is no SID was written")
	}
}

// TestSliceAndMerge: slices by time hold every record of the log once.
func TestSliceAndMerge(t *testing.T) {
	log := readFile(t, gateway(t, "en"))
	edges := []time.Time{{}, time.Date(2017, 4, 23, 0, 0, 0, 0, time.UTC), time.Date(2017, 4, 27, 18, 0, 0, 0, time.UTC),
		time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	want, got := render(t, log), rendered{}
	for i := range edges[1:] {
		f := (&Selection{Since: edges[i], Until: edges[i+1].Add(-100)}).Filter()
		part := render(t, rewrite(t, log, f.Match))
		got.json = append(got.json, part.json...)
	}
	slices.Sort(got.json)
	slices.Sort(want.json)
	if !slices.Equal(got.json, want.json) {
		t.Errorf("%d records in the slices, %d in the log", len(got.json), len(want.json))
	}
}

type fullDisk struct{ memory }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.pos > 3*chunkSize {
		return 0, errDisk
	}
	return d.memory.Write(p)
}

// TestWriterFails: an error of the output is final, and is what it was.
func TestWriterFails(t *testing.T) {
	w := NewWriter(new(fullDisk))
	var last error
	for rec, err := range open(t, gateway(t, "en")).Records() {
		if err == nil {
			last = w.WriteRecord(rec)
		}
	}
	if !errors.Is(last, errDisk) || !errors.Is(w.Close(), errDisk) {
		t.Error(last)
	}
}

// TestWriterLeavesNothing: the temporary file of a stream is gone, whether the
// log was finished or given up; and one that was given up is not written.
func TestWriterLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	for _, finish := range []bool{true, false} {
		var out bytes.Buffer
		w := NewWriter(struct{ io.Writer }{&out})
		for range 3 { // chunks, so that there is a file
			if err := w.WriteEvent(&Event{EventID: 1, Strings: []string{strings.Repeat("x", 30000)}}); err != nil {
				t.Fatal(err)
			}
		}
		if finish {
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
		w.Discard()
		if (out.Len() > 0) != finish {
			t.Errorf("finished %v: %d bytes", finish, out.Len())
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Error(left)
		}
	}
}
