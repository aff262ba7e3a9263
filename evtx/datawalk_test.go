package evtx

import (
	"maps"
	"slices"
	"testing"
)

// writeEvents returns a log of events.
func writeEvents(t testing.TB, events ...*Event) []byte {
	t.Helper()
	var m memory
	w := NewWriter(&m)
	for _, e := range events {
		if err := w.WriteEvent(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return m.b
}

// TestLookup: one named value, wherever in an event it can stand.
func TestLookup(t *testing.T) {
	t.Parallel()
	log := writeEvents(t,
		&Event{Data: []Data{
			{"TargetUserName", StringValue("alice")}, {"LogonType", Value{Type: TypeUint32, Raw: []byte{10, 0, 0, 0}}},
			{"Groups", StringsValue("one", "two")}, {"Nothing", Value{}}, {"Empty", StringValue("")}, {"Twice", IntValue(1)}, {"Twice", IntValue(2)},
		}},
		&Event{UserData: &Element{
			Name:       "LogFileCleared",
			Attributes: []Attribute{{"xmlns", "http://manifests.microsoft.com/win/2004/08/windows/eventlog"}, {"kind", "full"}},
			Children:   []Element{{Name: "SubjectUserName", Text: "bob"}, {Name: "Deep", Children: []Element{{Name: "Deeper", Text: "7"}}}},
		}},
		&Event{Strings: []string{"first", "second"}, Binary: []byte{1, 2}},
	)
	want := []map[string]string{
		{"TargetUserName": "alice", "LogonType": "10", "Groups": "one,two", "Nothing": "-", "Empty": "", "Twice": "1",
			"targetusername": "-", "Computer": "-"},
		{"SubjectUserName": "bob", "kind": "full", "Deeper": "7", "Deep": "-", "xmlns": "-"},
		{"": "first,second", "Binary": "0102"},
	}
	i := 0
	for rec, err := range openBytes(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range want[i] {
			got := "-"
			if v, ok := rec.Lookup(name); ok {
				got = v.String()
			}
			if got != text {
				t.Errorf("record %d: %q is %q, want %q", i, name, got, text)
			}
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d records", i)
	}
}

// TestAllIsAppendData: over everything that there is, both say the same, and
// Lookup finds the first of each name; a loop may end early.
func TestAllIsAppendData(t *testing.T) {
	t.Parallel()
	logs := []string{gateway(t, "en"), gateway(t, "fr")}
	logs = slices.AppendSeq(logs, maps.Values(logsBelow(t, shared(t, ""))))
	for _, name := range logs {
		r, err := Open(name)
		if err != nil {
			continue
		}
		defer r.Close()
		for rec, err := range r.Records() {
			if err != nil {
				continue
			}
			data := rec.AppendData(nil)
			i := 0
			for name, v := range rec.All() {
				if d := data[i]; d.Name != name || d.Value.Type != v.Type || !slices.Equal(d.Value.Raw, v.Raw) {
					t.Fatalf("record %d: value %d differs", rec.EventRecordID(), i)
				}
				i++
				first := slices.IndexFunc(data, func(d Data) bool { return d.Name == name })
				found, ok := rec.Lookup(name)
				if !ok || !slices.Equal(found.Strings()[:1], data[first].Value.Strings()) {
					t.Fatalf("record %d: Lookup(%q) is %q, want %q", rec.EventRecordID(), name, found, data[first].Value)
				}
			}
			if i != len(data) {
				t.Fatalf("record %d: %d values of %d", rec.EventRecordID(), i, len(data))
			}
			for range rec.All() {
				break
			}
		}
	}
}
