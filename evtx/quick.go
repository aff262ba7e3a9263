package evtx

// A selective scan spends its time on records that nobody wants. In a chunk
// whose checksum is right it need not read them whole to say so: the fields
// that the filter asks for lie in the first few values of the template
// instance, found by adding up the sizes before them. What the filter does
// not refuse on these is then read as always. Chunks whose checksum is wrong
// are read record by record, so that damage is reported there whatever is
// selected.

// A quickPlan is how many values of a template's instances a filter needs.
type quickPlan struct {
	t      *template
	values int // 0: only reading the whole record tells
}

const maxQuickValues = 64

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

// refused reports whether the filter refuses the record at off on the fields
// of System alone. False may also mean that this cannot be told.
func (d *decoder) refused(f *Filter, off, size int) bool {
	pos, end := off+recordHeader, off+size-4
	if end-pos < fragmentHeaderLen+1 || u32(d.buf[:], pos) != fragmentHeader || d.buf[pos+fragmentHeaderLen] != tokenInstance {
		return false
	}
	t, at, err := d.instanceHead(pos+fragmentHeaderLen, end)
	if err != nil {
		return false
	}
	n := f.plan(t).values
	count := u32(d.buf[:], at)
	if n == 0 || count < uint32(n) || count > maxValues {
		return false
	}
	at += 4
	from := at + 4*int(count)
	for i := range d.quick[:n] {
		spec := u32(d.buf[:], at)
		d.quick[i] = newValue(from, int(spec&0xffff), ValueType(spec>>16))
		from += int(spec & 0xffff)
		at += 4
	}
	if from > end {
		return false
	}
	r := &d.record
	r.d, r.fields, r.vals = d, &t.fields, d.quick[:n]
	return !f.matchSystem(r)
}
