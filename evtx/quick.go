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
}

const maxQuickValues = 64

// A glance looks at the first values of records.
type glance struct {
	d      *decoder
	vals   [maxQuickValues]value
	record Record // with fields of System alone
}

// plan returns the plan for t; the last one, mostly.
func (f *Filter) plan(t *template) quickPlan {
	if f.last.t == t {
		return f.last
	}
	f.last = quickPlan{t: t}
	if !t.event {
		return f.last
	}
	n := 1
	for _, field := range f.needs {
		switch r := &t.fields[field]; r.kind {
		case refHole:
			n = max(n, int(r.hole)+1)
		case refText, refNone:
		default:
			return f.last
		}
	}
	if n <= maxQuickValues {
		f.last.values = n
	}
	return f.last
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
	n := f.plan(t).values
	count := u32(buf, at)
	if n == 0 || count < uint32(n) || count > maxValues || 4*int(count) > end-at-4 {
		return wanted
	}
	specs := buf[at+4 : at+4+4*int(count)]
	from := at + 4 + len(specs)
	bad := false // damage: reading the record whole says what
	for i := range g.vals[:n] {
		spec := binary.LittleEndian.Uint32(specs[4*i:])
		size := int(spec & 0xffff)
		bad = bad || unfit(ValueType(spec>>16), size)
		g.vals[i] = newValue(from, size, ValueType(spec>>16))
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
	if isClearing(g.record.EventID()) {
		return wanted
	}
	return f.glance(&g.record)
}

// unfit reports whether no value of type t has that size. Sizes that depend
// on the value are not looked at.
func unfit(t ValueType, size int) bool {
	rule := int(typeSpecs[t].size)
	return rule != size && (rule >= 0 || rule == sizeUnknown)
}
