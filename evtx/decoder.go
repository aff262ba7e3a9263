package evtx

// A decoder reads records out of one chunk after the other. It belongs to one
// goroutine and reuses all its memory: a chunk's bytes, and tables that hold
// what was learned from the current chunk.
type decoder struct {
	buf   [chunkSize]byte
	index int // of the slot

	header    Header
	codePage  CodePage
	recover   bool
	templates *templateCache
	filter    *Filter // nil: all records are wanted
	stats     stats

	// generation counts chunks; entries of another generation are void.
	generation  uint32
	names       [512]nameEntry
	recent      [64]definition
	definitions map[uint32]definition
	interned    map[string]string
	scratch     []byte

	// The current record.
	record    Record
	instances []instance // the outer template instance and those nested in it
	supply    []value    // where the instances' values are
	quick     [maxQuickValues]value
	regular   bool // programs can render all instances
	tree      tree // of a bound record
	refs      refCollector
	parsed    []*tree
	boundText int
	limit     int // length that the output must not pass
}

func newDecoder(r *Reader) *decoder {
	return &decoder{
		header:      r.header,
		codePage:    r.CodePage,
		recover:     r.Recover,
		templates:   r.templates,
		definitions: make(map[uint32]definition),
	}
}

// offset returns the position in the file of a place in the chunk.
func (d *decoder) offset(inChunk int) int64 {
	return fileHeaderSize + int64(d.index)*chunkSize + int64(inChunk)
}

// begin makes the slot that was read into d.buf the current chunk.
func (d *decoder) begin(index int) {
	d.index = index
	d.generation++
	clear(d.definitions)
}

func (d *decoder) parseTree(depth int) *tree {
	for len(d.parsed) <= depth {
		d.parsed = append(d.parsed, new(tree))
	}
	d.parsed[depth].reset()
	return d.parsed[depth]
}

// decode reads the record at off, whose header and sizes are checked. All of
// its binary XML is looked at: rendering it later cannot fail.
func (d *decoder) decode(off, size int) (*Record, *syntaxError) {
	d.record = Record{
		d:        d,
		headerID: u64(d.buf[:], off+8),
		written:  u64(d.buf[:], off+16),
		off:      off,
		size:     size,
	}
	pos, end := off+recordHeader, off+size-4
	ok, err := d.decodeInstance(pos, end)
	if !ok && err == nil {
		err = d.decodeTree(pos, end)
	}
	if err != nil {
		return nil, err
	}
	return &d.record, nil
}

// decodeInstance reads the record that nearly all are: one template instance
// that the template's programs can render. It reports false for any other.
func (d *decoder) decodeInstance(pos, end int) (bool, *syntaxError) {
	if end-pos < fragmentHeaderLen+1 || u32(d.buf[:], pos) != fragmentHeader || d.buf[pos+fragmentHeaderLen] != tokenInstance {
		return false, nil
	}
	d.instances, d.supply, d.regular = d.instances[:0], d.supply[:0], true
	_, next, err := d.instance(pos+fragmentHeaderLen, end, 0)
	if err != nil {
		return false, err
	}
	in := &d.instances[0]
	if !d.regular || !in.t.event || next < end && d.buf[next] != tokenEOF {
		return false, nil
	}
	d.record.fields, d.record.data, d.record.vals = &in.t.fields, in.t.data, in.vals
	return true, nil
}

// decodeTree reads any record, at the price of building its tree.
func (d *decoder) decodeTree(pos, end int) *syntaxError {
	if err := d.bind(pos, end); err != nil {
		return err
	}
	root := int32(0)
	for i := d.tree.nodes[0].child; i != 0 && root == 0; i = d.tree.nodes[i].next {
		if d.tree.nodes[i].kind == nodeElement {
			root = i
		}
	}
	d.refs = refCollector{d: d, data: d.refs.data[:0]}
	if root != 0 {
		d.refs.collect(&d.tree, root)
	}
	if !d.refs.event {
		return &syntaxError{pos, "holds no event"}
	}
	d.record.fields, d.record.data, d.record.bound = &d.refs.fields, d.refs.data, true
	return nil
}
