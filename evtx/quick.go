package evtx

import "encoding/binary"

// A selective scan spends its time on records that nobody wants. In a chunk
// whose checksum is right it need not read them whole to say so: the fields
// that the filter asks for lie in the first few values of the template
// instance, found by adding up the sizes before them. What the filter does
// not refuse on these is then read as always; and so is a record with values
// that do not fit their types or reach beyond it. Chunks whose checksum is
// wrong are read record by record, so that damage is reported there whatever
// is selected.

// A quickPlan is how many values of a template's instances a filter needs.
type quickPlan struct {
	t      *template
	values int // 0: only reading the whole record tells
	id     int // value that is the event's identifier; 0 if the template has it
}

const maxQuickValues = 64

// A glance looks at the first values of records.
type glance struct {
	d      *decoder
	vals   [maxQuickValues]value
	record Record // with fields of System alone
}

// plan makes the plan for t.
func (f *Filter) plan(t *template) quickPlan {
	p := quickPlan{t: t}
	if !t.event {
		return p
	}
	if r := &t.fields[FieldEventID]; r.kind == refHole {
		p.id = int(r.hole)
	} else if id, _ := (Value{Type: TypeString, Raw: r.text}).Uint(); isClearing(uint16(id)) {
		return p // it says that a log was cleared: see walker.see
	}
	n := 1
	for _, field := range f.needs {
		switch r := &t.fields[field]; r.kind {
		case refHole:
			n = max(n, int(r.hole)+1)
		case refText, refNone:
		default:
			return p
		}
	}
	if n <= maxQuickValues {
		p.values = n
	}
	return p
}

// judge is the filter's verdict on the record at off by the fields of System
// alone: wanted also means that this cannot be told.
func (g *glance) judge(f *Filter, off, size int) verdict {
	pos, end := off+recordHeader, off+size-4
	buf := g.d.chunk.buf[:]
	if end-pos < fragmentHeaderLen+1 || u32(buf, pos) != fragmentHeader || buf[pos+fragmentHeaderLen] != tokenInstance {
		return wanted
	}
	t, at, err := g.d.instances.head(pos+fragmentHeaderLen, end)
	if err != nil {
		return wanted
	}
	plan := &f.last
	if plan.t != t {
		*plan = f.plan(t)
	}
	n := plan.values
	count := u32(buf, at)
	if n == 0 || count < uint32(n) || count > maxValues || 4*int(count) > end-at-4 {
		return wanted
	}
	specs := buf[at+4 : at+4+4*int(count)]
	from := at + 4 + len(specs)
	bad := false // damage: reading the record whole says what
	for i := range g.vals[:n] {
		spec := binary.LittleEndian.Uint32(specs[4*i:])
		size, typ := int(spec&0xffff), ValueType(spec>>16)
		if int(typeSpecs[typ].size) != size && unfit(typ) {
			bad = true
		}
		g.vals[i] = newValue(from, size, typ)
		from += size
	}
	// Of the others only the sum of the sizes counts, two at a time.
	var sum uint64
	for specs = specs[4*n:]; len(specs) >= 8; specs = specs[8:] {
		sum += binary.LittleEndian.Uint64(specs) & 0x0000ffff_0000ffff
	}
	if len(specs) >= 4 {
		sum += uint64(binary.LittleEndian.Uint16(specs))
	}
	from += int(sum&0xffffffff + sum>>32)
	if bad {
		return wanted
	}
	if from > end || end-from >= recordMinSize { // what is behind the values may be another record
		return wanted
	}
	g.record.d, g.record.fields, g.record.vals = g.d, &t.fields, g.vals[:n]
	if id := g.vals[plan.id]; id.typ() == TypeUint16 && isClearing(uint16(u16(buf, id.off()))) {
		return wanted
	}
	return f.glance(&g.record)
}

// unfit reports whether a value of type t cannot have another size than the
// table says. Sizes that depend on the value are not looked at.
func unfit(t ValueType) bool {
	rule := typeSpecs[t].size
	return rule >= 0 || rule == sizeUnknown
}
