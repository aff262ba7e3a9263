package evtx

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// numbered returns an event a minute, with these numbers.
func numbered(ids ...uint64) (events []Event) {
	for i, id := range ids {
		events = append(events, Event{
			Provider: "P", EventID: 7, Level: 4, Channel: "C", EventRecordID: id,
			TimeCreated: noon.Add(time.Duration(i) * time.Minute), Strings: []string{"what happened"},
		})
	}
	return events
}

// writeLog returns the events as a log of Windows: number and time in a
// record's header are those of its event.
func writeLog(t testing.TB, events ...Event) []byte {
	t.Helper()
	var m memory
	w := NewWriter(&m)
	for i := range events {
		if err := w.WriteEvent(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	i := 0
	for rec, err := range openBytes(t, bytes.Clone(m.b)).Records() {
		if err != nil {
			t.Fatal(err)
		}
		setID(m.b, rec.Offset(), events[i].EventRecordID)
		i++
	}
	edit := editLog{m.b}
	for c := range edit.chunks() {
		edit.count(c, chunkSize)
	}
	edit.header(func([]byte) {})
	return m.b
}

func setID(b []byte, at int64, id uint64) { binary.LittleEndian.PutUint64(b[at+8:], id) }

// An editLog changes a log behind its back, and puts its checksums right.
type editLog struct{ b []byte }

func (e editLog) chunks() int { return (len(e.b) - fileHeaderSize) / chunkSize }

func (e editLog) chunk(i int) []byte { return e.b[fileHeaderSize+i*chunkSize:][:chunkSize] }

// records returns where the records of a chunk start, and where they end.
func (e editLog) records(i int) (at []int) {
	c := e.chunk(i)
	pos := chunkHeaderSize
	for pos+8 <= chunkSize && string(c[pos:pos+4]) == recordMagic {
		at = append(at, pos)
		pos += int(u32(c, pos+4))
	}
	return append(at, pos)
}

// count has the header of a chunk count its first n records alone.
func (e editLog) count(i, n int) {
	c, at, le := e.chunk(i), e.records(i), binary.LittleEndian
	n = min(n, len(at)-1)
	first, last, lastAt := ^uint64(0), ^uint64(0), 0
	if n == 0 { // its tables are empty too
		clear(c[128:chunkHeaderSize])
	} else {
		lastAt = at[n-1]
		first, last = u64(c, at[0]+8), u64(c, lastAt+8)
	}
	le.PutUint64(c[8:], 1)
	le.PutUint64(c[16:], uint64(n)-1+min(1, uint64(n)))
	le.PutUint64(c[24:], first)
	le.PutUint64(c[32:], last)
	le.PutUint32(c[44:], uint32(lastAt))
	le.PutUint32(c[48:], uint32(at[n]))
	seal(c)
}

// header changes the file header.
func (e editLog) header(change func(b []byte)) {
	change(e.b)
	binary.LittleEndian.PutUint32(e.b[124:], crc32.ChecksumIEEE(e.b[:120]))
}

func (e editLog) dirty(next uint64) {
	e.header(func(b []byte) {
		b[120] |= flagDirty
		binary.LittleEndian.PutUint64(b[24:], next)
	})
}

// readNumbers returns the EventRecordIDs in a log, and the errors.
func readNumbers(t testing.TB, b []byte, recovering bool) (live, recovered []uint64, errs []string, r *Reader) {
	t.Helper()
	r = openBytes(t, b)
	r.Recover = recovering
	for rec, err := range r.Records() {
		switch {
		case err != nil:
			errs = append(errs, err.Error())
		case rec.Recovered():
			recovered = append(recovered, rec.EventRecordID())
		default:
			live = append(live, rec.EventRecordID())
		}
	}
	return live, recovered, errs, r
}

func upTo(from, to uint64) (ids []uint64) {
	for ; from <= to; from++ {
		ids = append(ids, from)
	}
	return ids
}

// TestWhatIsLive: behind the end that a dirty log's chunk confirms with both
// checksums, records are live only if they continue.
func TestWhatIsLive(t *testing.T) {
	for name, tt := range map[string]struct {
		events []Event
		edit   func(e editLog)
		live   []uint64
		stale  []uint64
		before bool // the log was cleared
		errors int
	}{
		"cleared, numbers begin anew": {numbered(upTo(454, 463)...), func(e editLog) {
			e.count(0, 0)
			e.dirty(1)
		}, nil, upTo(454, 463), true, 0},
		"cleared, numbers go on": {numbered(upTo(454, 463)...), func(e editLog) {
			e.count(0, 0)
			e.dirty(464)
		}, nil, upTo(454, 463), true, 0},
		"cleared, what is left has higher numbers": {numbered(upTo(454, 463)...), func(e editLog) {
			e.count(0, 0)
			e.dirty(17)
		}, nil, upTo(454, 463), true, 0},
		"cleared and closed": {numbered(upTo(454, 463)...), func(e editLog) { e.count(0, 0) },
			nil, upTo(454, 463), true, 0},
		"chunk header lags behind, empty": {numbered(upTo(454, 463)...), func(e editLog) {
			e.count(0, 0)
			e.dirty(454)
		}, upTo(454, 463), nil, false, 0},
		"a new log where another was": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 0)
			e.dirty(1)
		}, nil, upTo(1, 10), true, 0},
		"chunk header lags behind, empty, with names": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 0)
			e.chunk(0)[129] = 2
			seal(e.chunk(0))
			e.dirty(1)
		}, upTo(1, 10), nil, false, 0},
		"chunk header lags behind": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 3)
			e.dirty(4)
		}, upTo(1, 10), nil, false, 0},
		"both headers lag behind": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 3)
			e.dirty(1)
		}, upTo(1, 10), nil, false, 0},
		"the record being written is torn": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 3)
			e.dirty(4)
			c := e.chunk(0)
			c[e.records(0)[6]-1] ^= 1
		}, upTo(1, 5), upTo(7, 10), true, 1},
		"a number is missing": {numbered(1, 2, 3, 5, 6), func(e editLog) {
			e.count(0, 3)
			e.dirty(4)
		}, upTo(1, 3), upTo(5, 6), true, 0},
		"next number, but older": {append(numbered(1, 2, 3), numbered(4, 5, 6)...), func(e editLog) {
			e.count(0, 3)
			e.dirty(4)
		}, upTo(1, 3), upTo(4, 6), true, 0},
		"next number, but not right behind": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 3)
			c, at := e.chunk(0), e.records(0)
			copy(c[at[3]+24:at[10]+24], bytes.Clone(c[at[3]:at[10]]))
			clear(c[at[3] : at[3]+24])
			e.dirty(4)
		}, upTo(1, 3), nil, true, 0},
		"garbage behind the end": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 3)
			c, at := e.chunk(0), e.records(0)
			for i := range c[at[3]:] {
				c[at[3]+i] = byte(i*7 + 3)
			}
			e.dirty(4)
		}, upTo(1, 3), nil, false, 0},
		"the end is not confirmed": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 3)
			e.chunk(0)[52] ^= 1
			e.dirty(4)
		}, upTo(1, 10), nil, false, 2}, // both checksums
		"not dirty": {numbered(upTo(1, 10)...), func(e editLog) { e.count(0, 3) },
			upTo(1, 3), upTo(4, 10), false, 0},
		"wrapped": {numbered(upTo(1, 10)...), func(e editLog) {
			e.count(0, 3)
			e.dirty(17)
			e.header(func(b []byte) { b[8] = 1 })
			c := e.chunk(0)
			setID(c, int64(e.records(0)[3]), 77)
		}, upTo(1, 3), upTo(4, 10), false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := writeLog(t, tt.events...)
			tt.edit(editLog{b})
			live, _, errs, r := readNumbers(t, b, false)
			if !slices.Equal(live, tt.live) || len(errs) != tt.errors {
				t.Errorf("live: %d, want %d; errors %q", live, tt.live, errs)
			}
			stats := r.Stats()
			if tt.stale != nil && stats.Stale != len(tt.stale) || (stats.BeforeClear > 0) != tt.before || tt.before &&
				stats.BeforeClear != stats.Stale {
				t.Errorf("%d stale, %d of before; want %d", stats.Stale, stats.BeforeClear, len(tt.stale))
			}
			if want := len(tt.live) == 0; stats.Integrity().Emptied != want {
				t.Errorf("emptied: %v", !want)
			}
			if live, stale, _, _ := readNumbers(t, b, true); tt.stale != nil && !slices.Equal(stale, tt.stale) || !slices.Equal(live, tt.live) {
				t.Errorf("recovered: %d, want %d", stale, tt.stale)
			}
		})
	}
}

// TestClearedLogKeepsItsSize: chunks of before the log was cleared are no part
// of it, whether they still look like chunks or not, from a stream too.
func TestClearedLogKeepsItsSize(t *testing.T) {
	b := writeLog(t, numbered(upTo(1, 1000)...)...)
	e := editLog{b}
	if e.chunks() < 4 {
		t.Fatalf("%d chunks", e.chunks())
	}
	e.count(0, 0)
	e.header(func(b []byte) { b[16], b[42], b[43] = 0, 1, 0 })
	e.dirty(1001)
	clear(e.chunk(2)[:chunkHeaderSize])
	stream, err := NewStreamReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*Reader{openBytes(t, b), stream} {
		for rec, err := range r.Records() {
			t.Fatalf("%v %v", rec, err)
		}
		if s := r.Stats(); s.Stale != 1000 || s.BeforeClear != 1000 || !s.Integrity().Emptied {
			t.Errorf("%+v", s)
		}
	}
	if live, stale, errs, _ := readNumbers(t, b, true); len(live)+len(errs) > 0 || len(stale) != 1000 {
		t.Errorf("%d live, %d recovered, errors %q", len(live), len(stale), errs)
	}
}

// TestAbsentRecords: a chunk that counts more records than it has is damage,
// unless something else in it is already.
func TestAbsentRecords(t *testing.T) {
	b := writeLog(t, numbered(upTo(1, 10)...)...)
	c := editLog{b}.chunk(0)
	binary.LittleEndian.PutUint64(c[16:], 18)
	binary.LittleEndian.PutUint64(c[32:], 17)
	seal(c)
	live, _, errs, r := readNumbers(t, b, false)
	if len(live) != 10 || len(errs) != 1 || !strings.Contains(errs[0], "chunk counts 17 records and has 10") || r.Stats().Absent != 7 {
		t.Errorf("%d live, errors %q, %d absent", len(live), errs, r.Stats().Absent)
	}
	c[editLog{b}.records(0)[5]-1] ^= 1 // the fifth record's copy of its size
	seal(c)
	if _, _, errs, r := readNumbers(t, b, false); len(errs) != 1 || !strings.Contains(errs[0], "torn") || r.Stats().Absent != 0 {
		t.Errorf("with a torn record: errors %q, %d absent", errs, r.Stats().Absent)
	}
}

// hide lets record i of a chunk take in the one behind it, as the tool does
// that hides events.
func (e editLog) hide(i int) {
	c, at, le := e.chunk(0), e.records(0), binary.LittleEndian
	size := uint32(at[i+2] - at[i])
	le.PutUint32(c[at[i]+4:], size)
	le.PutUint32(c[at[i+2]-4:], size)
	seal(c)
}

// TestHiddenRecords: a record inside of another is found, named and recovered,
// whatever is selected; the one around it is an event.
func TestHiddenRecords(t *testing.T) {
	b := writeLog(t, numbered(upTo(1, 10)...)...)
	editLog{b}.hide(3)
	live, recovered, errs, r := readNumbers(t, b, false)
	want := []HiddenRecord{{Offset: int64(fileHeaderSize + editLog{b}.records(0)[3] + 0), Chunk: 0, RecordID: 5, InsideID: 4}}
	got := r.Stats().Integrity().Hidden
	if len(got) != 1 || got[0].Offset <= want[0].Offset {
		t.Fatalf("%v", got)
	}
	want[0].Offset = got[0].Offset
	if !slices.Equal(live, []uint64{1, 2, 3, 4, 6, 7, 8, 9, 10}) || len(recovered)+len(errs) > 0 || !slices.Equal(got, want) ||
		r.Stats().Hidden != 1 {
		t.Errorf("live %d, recovered %d, errors %q, hidden %v", live, recovered, errs, got)
	}
	if string(b[got[0].Offset:got[0].Offset+4]) != recordMagic {
		t.Errorf("no record at 0x%x", got[0].Offset)
	}
	if _, recovered, _, _ := readNumbers(t, b, true); !slices.Equal(recovered, []uint64{5}) {
		t.Errorf("recovered %d", recovered)
	}
	nothing := Selection{IDs: []IDRange{{99, 99}}}
	if stats := scanStats(t, b, &nothing); stats.Hidden != 1 {
		t.Errorf("%d hidden when nothing is selected", stats.Hidden)
	}
}

func scanStats(t testing.TB, b []byte, s *Selection) Stats {
	t.Helper()
	r := openBytes(t, b)
	err := Scanner[*int]{
		Select: s,
		New:    func() *int { return new(int) },
		Visit:  func(*int, *Record, error) bool { return false },
		Flush:  func(*int, Progress) error { return nil },
	}.Run(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return r.Stats()
}

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// TestIntegrity says what numbers and times show.
func TestIntegrity(t *testing.T) {
	const day = 24 * 60
	shift := func(events []Event, from, minutes int) []Event {
		for i := range events[from:] {
			events[from+i].TimeCreated = events[from+i].TimeCreated.Add(time.Duration(minutes) * time.Minute)
		}
		return events
	}
	long := numbered(upTo(1, 1000)...) // of some chunks
	for name, tt := range map[string]struct {
		events []Event
		want   Integrity
	}{
		"nothing": {numbered(upTo(5, 300)...), Integrity{}},
		"numbers are missing": {numbered(1, 2, 3, 7, 8, 10), Integrity{Gaps: []Gap{
			{3, 7, at(2), at(3)}, {8, 10, at(4), at(5)},
		}}},
		"numbers go back": {numbered(1, 2, 3, 7, 8, 4, 5, 6), Integrity{Backward: []Gap{{8, 4, at(4), at(5)}}}},
		"numbers twice":   {numbered(1, 2, 3, 2, 3, 4), Integrity{Backward: []Gap{{3, 2, at(2), at(3)}}}},
		"of many computers": {numbered(8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15, 8, 16, 9, 17, 1, 18, 2, 19, 3, 20, 4,
			21, 5, 22, 6, 23, 7, 24, 8, 25, 9, 26, 1), Integrity{Unordered: true}},
		"silence": {shift(numbered(1, 2, 3, 4), 2, 3*day), Integrity{Silences: []Gap{{2, 3, at(1), at(3*day + 2)}}}},
		"clock":   {shift(numbered(1, 2, 3, 4), 2, -day), Integrity{ClockSetBack: []Gap{{2, 3, at(1), at(2 - day)}}}},
		"the longest silences": {shift(shift(shift(shift(shift(numbered(1, 2, 3, 4, 5, 6), 1, day), 2, 3*day), 3, 2*day), 4, 5*day), 5, 4*day),
			Integrity{Silences: []Gap{
				{4, 5, at(3 + 6*day), at(4 + 11*day)}, {5, 6, at(4 + 11*day), at(5 + 15*day)},
				{2, 3, at(1 + day), at(2 + 4*day)}, {3, 4, at(2 + 4*day), at(3 + 6*day)},
			}}},
		"across chunks": {append(long[:500:500], long[510:]...), Integrity{Gaps: []Gap{{500, 511, at(499), at(510)}}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := writeLog(t, tt.events...)
			_, _, errs, r := readNumbers(t, b, false)
			if got := r.Stats(); len(errs) > 0 {
				t.Error(errs)
			} else if in := got.Integrity(); !reflect.DeepEqual(in, tt.want) {
				t.Errorf("%+v\nwant %+v", in, tt.want)
			}
			// Several goroutines, and a selection that reads little, see the same.
			some := Selection{Levels: []Level{1}}
			if got := scanStats(t, b, &some); !reflect.DeepEqual(got.Integrity(), tt.want) {
				t.Errorf("scanned: %+v\nwant %+v", got.Integrity(), tt.want)
			}
		})
	}
}

// TestWrappedLogIsWhole: chunks of the newest lap in front of the oldest are
// how a full log is kept; two such seams are not.
func TestWrappedLogIsWhole(t *testing.T) {
	b := writeLog(t, numbered(upTo(1, 1200)...)...)
	turn := func(b []byte) []byte {
		chunks := b[fileHeaderSize:]
		half := len(chunks) / chunkSize / 2 * chunkSize
		return slices.Concat(b[:fileHeaderSize], chunks[half:], chunks[:half])
	}
	_, _, errs, r := readNumbers(t, turn(b), false)
	if got := r.Stats(); len(errs) > 0 || !reflect.DeepEqual(got.Integrity(), Integrity{}) {
		t.Errorf("%+v, errors %q", got.Integrity(), errs)
	}
	swapped := slices.Concat(b[:fileHeaderSize], b[fileHeaderSize+chunkSize:], b[fileHeaderSize:][:chunkSize])
	last := len(swapped) - chunkSize
	swapped = slices.Concat(swapped[:fileHeaderSize], swapped[fileHeaderSize+chunkSize:last], swapped[fileHeaderSize:][:chunkSize],
		swapped[last:])
	_, _, _, r = readNumbers(t, swapped, false)
	if got := r.Stats(); len(got.Integrity().Backward) != 1 {
		t.Errorf("two chunks in the wrong place: %+v", got.Integrity())
	}
}

// TestClearingEvents: the events that say that a log was cleared, even when
// nothing of the like is selected.
func TestClearingEvents(t *testing.T) {
	events := numbered(1, 2, 3, 4)
	said := func(id uint16, channel string, content ...Element) Event {
		return Event{
			Provider: "Microsoft-Windows-Eventlog", EventID: id, Level: 4, Channel: channel, EventRecordID: 3, TimeCreated: at(2),
			UserData: &Element{Name: "LogFileCleared", Children: append([]Element{
				{Name: "SubjectUserName", Text: "alice"}, {Name: "SubjectDomainName", Text: "CONTOSO"},
			}, content...)},
		}
	}
	for _, tt := range []struct {
		event Event
		want  []Clearing
	}{
		{said(104, "System", Element{Name: "Channel", Text: "Data Management Gateway"}),
			[]Clearing{{at(2), 3, "Data Management Gateway", `CONTOSO\alice`}}},
		{said(1102, "Security"), []Clearing{{at(2), 3, "Security", `CONTOSO\alice`}}},
		{said(105, "System"), nil},
		{Event{Provider: "P", EventID: 104, EventRecordID: 3, TimeCreated: at(2)}, nil},
	} {
		events[2] = tt.event
		b := writeLog(t, events...)
		got := scanStats(t, b, &Selection{Providers: []string{"P"}, Levels: []Level{1}})
		if in := got.Integrity(); !reflect.DeepEqual(in.Clearings, tt.want) {
			t.Errorf("event %d: %+v, want %+v", tt.event.EventID, in.Clearings, tt.want)
		}
	}
}

// TestIntegrityIsBounded: a log in which no number follows another costs no
// more than a bound.
func TestIntegrityIsBounded(t *testing.T) {
	var s Stats
	for i := range uint64(5000) {
		s.Add(Stats{Records: 1, numbers: &numbering{runs: []run{{point{3 * i, 1}, point{3 * i, 1}, true}}}})
	}
	if n := len(s.numbers.runs); n > maxRuns {
		t.Errorf("%d runs", n)
	}
	if in := s.Integrity(); in.Unordered || len(in.Gaps) != maxGaps {
		t.Errorf("unordered: %v, %d gaps", in.Unordered, len(in.Gaps))
	}
}

// TestIntegrityTogether: statistics are asked by several goroutines at once, as the viewer does; the race detector sees to it.
func TestIntegrityTogether(t *testing.T) {
	log := writeLog(t, numbered(1, 2, 3, 7, 8, 20)...)
	r, err := NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	for range r.Records() {
	}
	stats := r.Stats()
	all := make([]Integrity, 4)
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { all[i] = stats.Integrity() })
	}
	wg.Wait()
	for _, in := range all {
		if len(in.Gaps) != 2 || !reflect.DeepEqual(in, all[0]) {
			t.Errorf("%+v, and another time %+v", in, all[0])
		}
	}
}
