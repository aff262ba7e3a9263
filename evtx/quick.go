package evtx

import (
	"bytes"
	"encoding/binary"
)

// A selective scan spends its time on records that nobody wants. In a chunk
// whose checksum is right it need not read them whole to say so: the fields
// that the filter asks for lie in the first few values of the template
// instance, found by adding up the sizes before them. What the filter does
// not refuse on these is then read as always; and so is a record with values
// that do not fit their types or reach beyond it. Chunks whose checksum is
// wrong are read record by record, so that damage is reported there whatever
// is selected.
//
// Records of one template have mostly the same in front of their values, a size
// and a type each, up to where System ends. So a plan keeps what these bytes
// say: that each size fits its type, and where the values lie, from the first
// one's begin on. That depends on nothing but the bytes; while the next record
// has the very same, comparing them is all there is to do. TestGlanceTwin and
// FuzzGlance hold this against a plan that remembers nothing.

// A quickPlan is where the values that a filter needs are in instances of a
// template.
type quickPlan struct {
	t      *template
	values int     // how many, from the first on; 0: only reading the whole record tells
	id     int     // value that is the event's identifier; 0 if the template has it
	used   []uint8 // the ones needed

	// Of the record before: the sizes and types of those values, the windows
	// that they make, counted from where the first value starts, and their end.
	specs []byte
	vals  []value
	end   int
}

const (
	maxQuickValues = 64
	quickPlans     = 64
)

// A glance looks at the first values of records.
type glance struct {
	d      *decoder
	vals   [maxQuickValues]value // of a plan only the ones that are needed
	record Record                // with fields of System alone: those that the filter needs
}

// planAt returns the plan for t, which is defined at an offset of the chunk.
func (f *Filter) planAt(off uint32, t *template) *quickPlan {
	p := &f.plans[(off>>2)%quickPlans]
	switch {
	case *p == nil:
		*p = new(quickPlan)
	case (*p).t == t:
		return *p
	}
	f.plan(*p, t)
	return *p
}

// plan makes p the plan for t.
func (f *Filter) plan(p *quickPlan, t *template) {
	*p = quickPlan{t: t, used: p.used[:0], specs: p.specs[:0], vals: p.vals[:0]}
	if !t.event {
		return
	}
	if r := &t.fields[FieldEventID]; r.kind == refHole {
		p.id = int(r.hole)
	} else if id, _ := (Value{Type: TypeString, Raw: r.text}).Uint(); isClearing(uint16(id)) {
		return // it says that a log was cleared: see walker.see
	}
	n := 1
	for _, field := range f.needs {
		switch r := &t.fields[field]; r.kind {
		case refHole:
			if n = max(n, int(r.hole)+1); n > maxQuickValues {
				return
			}
			if bytes.IndexByte(p.used, uint8(r.hole)) < 0 {
				p.used = append(p.used, uint8(r.hole))
			}
		case refText, refNone:
		default:
			return
		}
	}
	if p.id == 0 { // looked at in any case
		p.used = append(p.used, 0)
	}
	p.values = n
}

// measure takes in the sizes and types of a record's values, and reports
// whether they fit each other. If they do not, reading the record whole says
// what is wrong with it.
func (p *quickPlan) measure(specs []byte) bool {
	p.specs, p.vals, p.end = p.specs[:0], p.vals[:0], 0
	for i := range p.values {
		spec := binary.LittleEndian.Uint32(specs[4*i:])
		size, typ := int(spec&0xffff), ValueType(spec>>16)
		if int(typeSpecs[typ].size) != size && unfit(typ) {
			return false
		}
		p.vals = append(p.vals, newValue(p.end, size, typ))
		p.end += size
	}
	p.specs = append(p.specs, specs...)
	return true
}

// judge is the filter's verdict on the record at off by the fields of System
// alone: wanted also means that this cannot be told.
func (g *glance) judge(f *Filter, off, size int) verdict {
	pos, end := off+recordHeader, off+size-4
	buf := g.d.chunk.buf[:]
	if end-pos < fragmentHeaderLen+1 || u32(buf, pos) != fragmentHeader || buf[pos+fragmentHeaderLen] != tokenInstance {
		return wanted
	}
	pos += fragmentHeaderLen
	t, at, err := g.d.instances.head(pos, end)
	if err != nil {
		return wanted
	}
	p := f.planAt(u32(buf, pos+6), t)
	n := p.values
	count := u32(buf, at)
	if n == 0 || count < uint32(n) || count > maxValues || 4*int(count) > end-at-4 {
		return wanted
	}
	specs := buf[at+4 : at+4+4*int(count)]
	if !bytes.Equal(specs[:4*n], p.specs) && !p.measure(specs[:4*n]) {
		return wanted
	}
	first := at + 4 + len(specs)
	behind := first + p.end + sizes(specs[4*n:])
	if behind > end || end-behind >= recordMinSize { // what is behind the values may be another record
		return wanted
	}
	for _, i := range p.used {
		g.vals[i%maxQuickValues] = p.vals[i] + value(first)
	}
	g.record.d, g.record.fields, g.record.vals = g.d, &t.fields, g.vals[:n]
	if id := g.vals[p.id]; id.typ() == TypeUint16 {
		if isClearing(uint16(u16(buf, id.off()))) {
			return wanted
		}
	} else if t.fields[FieldEventID].kind == refHole && isClearing(g.record.EventID()) {
		return wanted
	}
	return f.glance(&g.record)
}

// sizes adds up the sizes of values, two at a time.
func sizes(specs []byte) int {
	const size = 0x0000ffff_0000ffff
	var sum uint64
	for ; len(specs) >= 8; specs = specs[8:] {
		sum += binary.LittleEndian.Uint64(specs) & size
	}
	if len(specs) >= 4 {
		sum += uint64(binary.LittleEndian.Uint16(specs))
	}
	return int(sum&0xffffffff + sum>>32)
}

// unfit reports whether a value of type t cannot have another size than the
// table says. Sizes that depend on the value are not looked at.
func unfit(t ValueType) bool {
	rule := typeSpecs[t].size
	return rule >= 0 || rule == sizeUnknown
}
