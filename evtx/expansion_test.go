package evtx

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestCostIsAnUpperBound: what a record is said to cost is never less than what
// it renders to, and no real record costs more than it may.
func TestCostIsAnUpperBound(t *testing.T) {
	check := func(t *testing.T, r *Reader) {
		for rec, err := range r.Records() {
			if err != nil {
				if strings.Contains(err.Error(), expands) {
					t.Error(err)
				}
				continue
			}
			cost := rec.cost()
			j, _ := rec.AppendJSON(nil)
			x, _ := rec.AppendXML(nil)
			if n := max(len(j), len(x)); n > cost {
				t.Fatalf("record at 0x%x of %d bytes: %d are rendered, and %d were said", rec.Offset(), rec.Size(), n, cost)
			}
			if _, _, err := rec.d.binder.bindCost(rec); err != nil {
				t.Fatalf("record at 0x%x: from its tree: %s", rec.Offset(), err.reason)
			}
		}
	}
	for name, path := range logsBelow(t, "../testdata") {
		t.Run(name, func(t *testing.T) { check(t, open(t, path)) })
	}
	l := newLog()
	l.record(func() { everything(l) })
	t.Run("everything", func(t *testing.T) { check(t, openBytes(t, file(l.chunk()))) })
	for name, path := range logsBelow(t, shared(t, "corpus")) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			check(t, open(t, path))
		})
	}
}

// cost is what rendering the record costs, as it was reckoned.
func (r *Record) cost() int {
	if r.tree != nil {
		return r.d.binder.cost
	}
	return r.d.instances.list[0].cost
}

// bindCost binds the record, and returns what that cost.
func (b *binder) bindCost(r *Record) (*tree, int, *syntaxError) {
	t, err := b.bind(r.off+recordHeader, r.off+r.size-4, allowance(r.size)+chunkBudget)
	return t, b.cost, err
}

// TestExpansionIsBounded: chunks full of records that each ask for as much as
// they can cost no more than a multiple of their size, together, and the small
// event behind each of them is read.
func TestExpansionIsBounded(t *testing.T) {
	long := strings.Repeat("x", 3000)
	for name, write := range map[string]func(l *logBuilder){
		"one value in many holes": func(l *logBuilder) {
			l.instance(1, func() {
				l.element("Event", func() {
					l.system()
					for range 300 {
						l.hole(0, TypeString, false)()
					}
				})
			}, testValue{typ: TypeString, raw: utf16le(strings.Repeat("\x01", 60))})
		},
		"an array times a long element": func(l *logBuilder) {
			l.instance(1, func() {
				l.element("Event", func() {
					l.system()
					l.element("EventData", func() { l.element("Data", l.hole(0, TypeUint8|TypeArray, false), l.attr("Name", l.text(long))) })
				})
			}, testValue{typ: TypeUint8 | TypeArray, raw: make([]byte, 200)})
		},
		"nested instances of a long constant": func(l *logBuilder) {
			l.instance(1, func() {
				l.element("Event", func() {
					l.system()
					for range 50 {
						l.hole(0, TypeBinXML, false)()
					}
				})
			}, testValue{typ: TypeBinXML, body: func() {
				l.instance(2, func() { l.element("A", l.text(long)) })
			}})
		},
		"laughs": func(l *logBuilder) { // twice two times what twice two times …
			var nest func(depth int) testValue
			nest = func(depth int) testValue {
				if depth == 12 {
					return testValue{typ: TypeString, raw: utf16le("ha")}
				}
				return testValue{typ: TypeBinXML, body: func() {
					typ := ValueType(TypeBinXML)
					if depth == 11 {
						typ = TypeString
					}
					l.instance(byte(10+depth), func() {
						l.element("A", func() {
							for range 4 {
								l.hole(0, typ, false)()
							}
						})
					}, nest(depth+1))
				}}
			}
			l.instance(1, func() { l.element("Event", func() { l.system(); l.hole(0, TypeBinXML, false)() }) }, nest(0))
		},
		"elements in plain": func(l *logBuilder) {
			l.element("Event", func() {
				l.system()
				for range 20 {
					l.instance(2, func() { l.element("A", l.text(long)) })
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLog()
			hostile := 0
			for len(l.b) < chunkSize-12000 {
				l.record(func() { l.fragment(); write(l); l.eof() })
				l.record(func() { l.event(func() { l.element("Good", nil) }) })
				hostile++
			}
			spent, good, refused, rendered := 0, 0, 0, 0
			for rec, err := range openBytes(t, file(l.chunk())).Records() {
				if err != nil {
					refused++
					continue
				}
				spent += rec.cost()
				j, err := rec.AppendJSON(nil)
				if err != nil {
					t.Error(err)
				}
				rendered += len(j)
				if strings.Contains(string(j), "Good") {
					good++
				}
			}
			if most := 64 * chunkSize; spent > most || rendered > most {
				t.Errorf("%d bytes rendered, %d spent, of a chunk", rendered, spent)
			}
			if good != hostile || refused == 0 {
				t.Errorf("%d of %d good ones, %d of the others refused", good, hostile, refused)
			}
		})
	}
}
