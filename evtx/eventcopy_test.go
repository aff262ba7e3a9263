package evtx

import (
	"maps"
	"slices"
	"testing"
)

// TestEventRoundTrip: every event of every log, kept until the log was read to
// its end, is written and read back as the same XML and JSON. Made of its fields
// alone, it has the same System, and says the same.
func TestEventRoundTrip(t *testing.T) {
	t.Parallel()
	logs := []string{gateway(t, "en"), gateway(t, "fr")}
	logs = slices.AppendSeq(logs, maps.Values(logsBelow(t, shared(t, ""))))
	for _, name := range logs {
		r, err := Open(name)
		if err != nil {
			continue
		}
		defer r.Close()
		var kept []*Event
		var want rendered
		var fields []eventText
		for rec, err := range r.Records() {
			if err != nil {
				continue
			}
			e := rec.Event()
			want.add(t, rec)
			kept, fields = append(kept, e), append(fields, textOf(rec))
			if len(kept) == 40 {
				break
			}
		}
		if len(kept) == 0 {
			continue
		}
		got := render(t, writeEvents(t, kept...))
		if len(got.errors) > 0 || !slices.Equal(got.xml, want.xml) || !slices.Equal(got.json, want.json) {
			for i := range want.xml {
				if i < len(got.xml) && got.xml[i] != want.xml[i] {
					t.Fatalf("%s: record %d: %s", name, i, firstDifference(got.xml[i], want.xml[i]))
				}
			}
			t.Fatalf("%s: %d of %d, errors %q", name, len(got.xml), len(want.xml), got.errors)
		}
		for i, e := range kept {
			plain := *e
			plain.source = nil
			for rec, err := range openBytes(t, writeEvents(t, &plain)).Records() {
				if err != nil {
					t.Fatal(err)
				}
				if again := textOf(rec); !again.same(fields[i]) {
					t.Fatalf("%s: record %d by its fields:\n got %+v\nwant %+v", name, e.EventRecordID, again, fields[i])
				}
			}
		}
	}
}

// eventText is what an event says, but for what Event has no field for.
type eventText struct {
	system Event
	data   []string
}

func textOf(r *Record) eventText {
	out := eventText{system: *r.eventFields()}
	out.system.Data, out.system.Strings, out.system.Binary, out.system.UserData = nil, nil, nil, nil
	w := dataWalk{r: r, refs: r.data, vals: r.vals}
	for w.next() {
		if w.section == sectionEventData || w.section == sectionUserData {
			out.data = append(out.data, w.name+"="+w.value.String())
		}
	}
	return out
}

func (e eventText) same(other eventText) bool {
	a, b := e.system, other.system
	a.EventSourceName, b.EventSourceName = "", ""
	return a.Provider == b.Provider && a.EventID == b.EventID && a.Level == b.Level && a.Task == b.Task && a.Opcode == b.Opcode &&
		a.Keywords == b.Keywords && a.TimeCreated.Truncate(100).Equal(b.TimeCreated.Truncate(100)) && a.EventRecordID == b.EventRecordID &&
		a.ActivityID == b.ActivityID && a.RelatedActivityID == b.RelatedActivityID && a.Channel == b.Channel && a.Computer == b.Computer &&
		a.UserID == b.UserID && slices.Equal(e.data, other.data)
}

// TestChangedEvent: a changed copy is written as changed, whatever is changed.
func TestChangedEvent(t *testing.T) {
	t.Parallel()
	log := writeEvents(t, &Event{Computer: "before", EventRecordID: 7, Data: []Data{{"User", StringValue("alice")}}})
	for rec, err := range openBytes(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		e := rec.Event()
		e.Computer = "after"
		f := rec.Event()
		f.Data[0].Value = StringValue("bob")
		i := 0
		for rec := range openBytes(t, writeEvents(t, e, f)).Records() {
			user, _ := rec.Lookup("User")
			want := [][2]string{{"after", "alice"}, {"before", "bob"}}[i]
			if got := [2]string{rec.Computer(), user.String()}; got != want || rec.EventRecordID() != 7 {
				t.Errorf("%q, want %q", got, want)
			}
			i++
		}
		if i != 2 {
			t.Errorf("%d records", i)
		}
		// The record itself is as good as before.
		if user, ok := rec.Lookup("User"); !ok || user.String() != "alice" || rec.Computer() != "before" {
			t.Error("Event changed its record")
		}
	}
}
