package evtx

import (
	"testing"
	"time"
)

// glanceSelections ask for one field or the other, some for many.
func glanceSelections() []Selection {
	return []Selection{
		{IDs: []IDRange{{1, 400}}},
		{Levels: []Level{1, 2, 4}, Until: time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Since: time.Date(2017, 4, 25, 0, 0, 0, 0, time.UTC), Keywords: KeywordClassic},
		{Providers: []string{"*gateway*"}, Computers: []string{"*a*"}, Not: []Selection{{IDs: []IDRange{{4, 4}}}}},
		{From: func(channel, _ string) bool { return len(channel)%2 == 0 }, Any: []Selection{{Levels: []Level{4}}, {IDs: []IDRange{{0, 99}}}}},
	}
}

// glanceTwin judges all records of a log's chunks with plans that remember the record before and with new ones: both say the
// same. What is not wanted at a glance is not when it is read whole, and has the time and number that it was counted with.
func glanceTwin(t testing.TB, log []byte) (refused int) {
	t.Helper()
	w := newWalker(openBytes(t, log))
	g, plain := &w.glance, glance{d: w.d}
	for i := range (len(log) - fileHeaderSize) / chunkSize {
		copy(w.d.chunk.buf[:], log[fileHeaderSize+i*chunkSize:])
		w.split(slot{index: i, n: chunkSize, span: 1})
		w.lay(part{to: chunkSize})
		w.d.budget = chunkBudget
		for _, s := range glanceSelections() {
			f, fresh := s.Filter(), s.Filter()
			for off := chunkHeaderSize; ; {
				size, ok := recordSize(w.d.chunk.buf[:], off, chunkSize)
				if !ok {
					break
				}
				fresh.plans = [quickPlans]*quickPlan{}
				got, want := g.judge(f, off, size), plain.judge(fresh, off, size)
				if got != want {
					t.Fatalf("record at 0x%x of chunk %d: %v, and with a new plan %v", off, i, got, want)
				}
				if got != wanted {
					refused++
					ticks, timed := g.record.ticks()
					id := g.record.EventRecordID()
					if rec, err := w.d.decode(off, size); err == nil {
						ticks2, timed2 := rec.ticks()
						if v := f.judge(rec); v != got || ticks != ticks2 || timed != timed2 || id != rec.EventRecordID() {
							t.Fatalf("record at 0x%x of chunk %d: %v, %d, %d; read whole %v, %d, %d", off, i, got, id, ticks, v, rec.EventRecordID(), ticks2)
						}
					}
				}
				off += size
			}
		}
	}
	return refused
}

// TestGlanceTwin: what a plan remembers of the record before changes nothing.
func TestGlanceTwin(t *testing.T) {
	l := newLog()
	for range 3 {
		l.record(func() { everything(l) })
	}
	glanceTwin(t, file(l.chunk()))
	for _, lang := range []string{"en", "fr"} {
		if n := glanceTwin(t, readFile(t, gateway(t, lang))); n < 1000 {
			t.Errorf("only %d records are refused at a glance", n)
		}
	}
	t.Run("shared", func(t *testing.T) {
		for name, path := range logsBelow(t, shared(t, "corpus")) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				log := readFile(t, path)
				if len(log) <= 4<<20 {
					glanceTwin(t, log)
				}
			})
		}
	})
}

// TestGlanceClearing: that a log was cleared is seen whatever is selected, and of
// whatever type the event's identifier is.
func TestGlanceClearing(t *testing.T) {
	for typ, raw := range map[ValueType][]byte{TypeUint16: {104, 0}, TypeUint32: {104, 0, 0, 0}, TypeString: utf16le("104")} {
		l := newLog()
		l.record(func() {
			l.fragment()
			l.instance(5, func() {
				l.element("Event", func() {
					l.element("System", func() {
						l.element("Provider", nil, l.attr("Name", l.text("Microsoft-Windows-Eventlog")))
						l.element("EventID", l.hole(0, TypeUint16, false))
						l.element("EventRecordID", l.hole(1, TypeUint64, false))
					})
				})
			}, testValue{typ: typ, raw: raw}, testValue{typ: TypeUint64, raw: make([]byte, 8)})
			l.eof()
		})
		for _, want := range []*Selection{nil, {IDs: []IDRange{{1, 2}}}} {
			if _, stats, _ := slice(t, file(l.chunk()), way{threads: 1, want: want}); len(stats.Integrity().Clearings) != 1 {
				t.Errorf("identifier of type %#x, selection %v: the log was not cleared", typ, want)
			}
		}
	}
}

// FuzzGlance does the same with any chunk.
func FuzzGlance(f *testing.F) {
	for _, chunk := range seeds(f) {
		f.Add(chunk)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 2*chunkSize || len(b) < len(chunkMagic) || string(b[:len(chunkMagic)]) != chunkMagic {
			return
		}
		log := make([]byte, fileHeaderSize, fileHeaderSize+len(b)+chunkSize)
		copy(log, file()[:128])
		log = append(append(log, b...), make([]byte, chunkSize)...)
		glanceTwin(t, log)
	})
}
