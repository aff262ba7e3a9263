package evtx

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// namesIn returns where the names of a chunk lie.
func namesIn(c []byte) (at []int) {
	for bucket := 128; bucket < 384; bucket += 4 {
		for off := int(u32(c, bucket)); off != 0; off = int(u32(c, off)) {
			at = append(at, off)
		}
	}
	slices.Sort(at)
	return at
}

// oddNames are events with names that no list of well-known ones has.
func oddNames() []Event {
	events := numbered(1, 2, 3, 4)
	events[1].Data = []Data{{"a", StringValue("x")}, {"b", StringValue("y")}}
	events[2].UserData = &Element{Name: "TransferFinished", Attributes: []Attribute{{"Köln", "1"}}, Children: []Element{
		{Name: "Rows", Text: "17"}, {Name: "A", Text: "short"}, {Name: "B_2", Text: "short too"},
		{Name: "ANameThatIsFarLongerThanAnyThatAProviderOfWindowsEverHad", Text: "long"},
	}}
	events[3].UserData = &Element{Name: "B", Children: []Element{{Name: "Rows", Text: "18"}}}
	return events
}

// TestOneBitInAName: whichever bit of a stored name is wrong, in its
// characters, its length or its hash, no record is lost, none has a wrong name,
// the damage is reported, and nearly always the events are as they were.
func TestOneBitInAName(t *testing.T) {
	whole := writeLog(t, oddNames()...)
	want := render(t, whole)
	names := namesIn(editLog{whole}.chunk(0))
	if len(names) < 25 {
		t.Fatalf("%d names", len(names))
	}
	tried, unread := 0, 0
	for _, at := range names {
		n := u16(editLog{whole}.chunk(0), at+6)
		for bit := 8 * 4; bit < 8*(nameHeader+2*n); bit++ {
			b := bytes.Clone(whole)
			editLog{b}.chunk(0)[at+bit/8] ^= 1 << (bit % 8)
			tried++
			got := render(t, b)
			if len(got.json) != len(want.json) {
				t.Fatalf("bit %d of the name at 0x%x: %d records: %q", bit, at, len(got.json), got.errors)
			}
			if !slices.ContainsFunc(got.errors, func(e string) bool { return strings.Contains(e, "a name is damaged") }) {
				t.Fatalf("bit %d of the name at 0x%x: %q", bit, at, got.errors)
			}
			if slices.Equal(got.json, want.json) && slices.Equal(got.xml, want.xml) {
				continue
			}
			if all := strings.Join(got.json, ""); !strings.Contains(all, "unreadable-0x") {
				t.Fatalf("bit %d of the name at 0x%x: %s", bit, at, firstDifference(all, strings.Join(want.json, "")))
			}
			unread++
		}
	}
	t.Logf("%d of %d bits leave a name open", unread, tried)
	if 30*unread > tried {
		t.Errorf("%d of %d bits leave a name open", unread, tried)
	}
}

// TestNameFromAnotherChunk: what the name itself does not decide, the log's
// other chunks do.
func TestNameFromAnotherChunk(t *testing.T) {
	const long = "ANameThatIsFarLongerThanAnyThatAProviderOfWindowsEverHad"
	var events []Event
	for i, e := range numbered(upTo(1, 1000)...) {
		e.UserData = &Element{Name: "X", Children: []Element{{Name: long, Text: strings.Repeat("x", i%7)}}}
		events = append(events, e)
	}
	whole := writeLog(t, events...)
	if (editLog{whole}).chunks() < 2 {
		t.Fatal("one chunk")
	}
	want := render(t, whole)
	for _, at := range namesIn(editLog{whole}.chunk(1)) {
		if u16(editLog{whole}.chunk(1), at+6) != len(long) {
			continue
		}
		b := bytes.Clone(whole)
		c := editLog{b}.chunk(1)
		c[at+nameHeader] ^= 3 // two wrong bits
		c[at+nameHeader+20] ^= 5
		got := render(t, b)
		if !slices.Equal(got.json, want.json) {
			t.Errorf("%s; %q", firstDifference(strings.Join(got.json, "\n"), strings.Join(want.json, "\n")), got.errors)
		}
		c[at+nameHeader+40] ^= 5 // and one more: nobody knows any more
		c[at+nameHeader+60] ^= 5
		got = render(t, b)
		if len(got.json) != len(want.json) || !strings.Contains(strings.Join(got.json, ""), "unreadable-0x") {
			t.Errorf("%d of %d records; %q", len(got.json), len(want.json), got.errors)
		}
		return
	}
	t.Fatal("the name is not in chunk 1")
}

// TestGarbageIsNoName: what only lies where a name should be is none.
func TestGarbageIsNoName(t *testing.T) {
	for _, text := range []string{"\x01\x02\x03\x04", "a", strings.Repeat("\u4e00\x7f", 20), "no names: these are words!"} {
		raw := append(utf16le(text), 0, 0)
		buf := make([]byte, chunkSize)
		copy(buf[600:], []byte{0, 0, 0, 0, 0xaa, 0xaa, byte(len(text)), 0})
		copy(buf[608:], raw)
		s := storedName{buf, 600}
		if names := s.decide(nil); len(names) > 0 || s.looksLikeName() {
			t.Errorf("%q passes for %q", text, names)
		}
	}
}
