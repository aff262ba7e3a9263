package evtx

// A decoder reads records out of one chunk after the other. It belongs to one
// goroutine and reuses all its memory. Each of its parts owns what it needs:
// the chunk its bytes, the name table and the definitions what they learned of
// the chunk, the instance reader the values of the current record, the binder
// the tree of a record that needs one.
type decoder struct {
	chunk       chunk
	names       nameTable
	definitions definitions
	instances   instanceReader
	binder      binder
	refs        refCollector // of a bound record
	renderer    renderer
	record      Record
	copier      *recordCopier // of Record.Event
	end         int           // where the record's binary XML ended
	budget      int           // what the chunk's records may still cost beyond their allowance
}

const expands = "event expands to more than any real one"

func newDecoder(templates *templateCache) *decoder {
	d := new(decoder)
	d.names.chunk = &d.chunk
	d.definitions = definitions{chunk: &d.chunk, names: &d.names, cache: templates, known: make(map[uint32]definition)}
	d.instances.buf, d.instances.definitions = &d.chunk.buf, &d.definitions
	d.binder = binder{buf: &d.chunk.buf, names: &d.names, instances: &d.instances}
	d.refs = refCollector{values: &d.renderer.values, interned: &d.names.interned}
	d.record.d = d
	d.renderer = renderer{values: values{buf: &d.chunk.buf}, instances: &d.instances}
	return d
}

// begin forgets what was learned of the chunk before.
func (d *decoder) begin() {
	d.definitions.forget()
	d.names.forget()
}

// decode reads the record at off, whose header and sizes are checked. All of its
// binary XML is looked at: rendering it later cannot fail.
func (d *decoder) decode(off, size int) (*Record, *syntaxError) {
	buf := d.chunk.buf[:]
	d.instances.allowance = allowance(size)
	// Field by field, as most pointers in it are those of the record before, and
	// setting one costs the garbage collector's barrier.
	r := &d.record
	r.headerID, r.written, r.off, r.size, r.recovered = u64(buf, off+8), u64(buf, off+16), off, size, false
	if r.tree != nil {
		r.tree = nil
	}
	pos, end := off+recordHeader, off+size-4
	ok, err := d.decodeInstance(pos, end)
	if !ok && err == nil {
		err = d.decodeTree(pos, end)
	}
	if err != nil {
		return nil, err
	}
	d.record.incomplete = d.instances.incomplete
	return &d.record, nil
}

// again reads a record once more that was read before, whatever the chunk's
// budget has become.
func (d *decoder) again(off, size int) (*Record, *syntaxError) {
	left := d.budget
	d.budget = chunkBudget
	rec, err := d.decode(off, size)
	d.budget = left
	return rec, err
}

// decodeInstance reads the record that nearly all are: one template instance
// that the template's programs can render. It reports false for any other.
func (d *decoder) decodeInstance(pos, end int) (bool, *syntaxError) {
	buf := d.chunk.buf[:]
	if end-pos < fragmentHeaderLen+1 || u32(buf, pos) != fragmentHeader || buf[pos+fragmentHeaderLen] != tokenInstance {
		return false, nil
	}
	d.instances.reset()
	_, next, err := d.instances.read(pos+fragmentHeaderLen, end, 0)
	if err != nil {
		return false, err
	}
	in := &d.instances.list[0]
	if !d.instances.regular || !in.t.event || next < end && buf[next] != tokenEOF {
		return false, nil
	}
	if over := in.cost - d.instances.allowance; over > 0 {
		if over > d.budget {
			return false, &syntaxError{pos, expands}
		}
		d.budget -= over
	}
	d.end = next
	if r := &d.record; r.fields != &in.t.fields {
		r.fields, r.data = &in.t.fields, in.t.data
	}
	d.record.vals = in.vals
	return true, nil
}

// decodeTree reads any record, at the price of building its tree.
func (d *decoder) decodeTree(pos, end int) *syntaxError {
	t, err := d.binder.bind(pos, end, d.instances.allowance+d.budget)
	d.budget -= min(max(d.binder.cost-d.instances.allowance, 0), d.budget)
	if err != nil {
		return err
	}
	d.end = d.binder.end
	root := int32(0)
	for i := t.nodes[0].child; i != 0 && root == 0; i = t.nodes[i].next {
		if t.nodes[i].kind == nodeElement {
			root = i
		}
	}
	d.refs.reset()
	if root != 0 {
		d.refs.collect(t, root)
	}
	if !d.refs.event {
		return &syntaxError{pos, "holds no event"}
	}
	d.record.fields, d.record.data, d.record.vals, d.record.tree = &d.refs.fields, d.refs.data, nil, t
	return nil
}
