package evtx

import (
	"bytes"
	"slices"
	"sync"
)

// A template is a template definition, compiled (section "Template
// definition"): constant text with holes, ready to render; and where in an
// instance's values the fields of System and the event's data are. It depends
// on no chunk and never changes, so that all chunks, goroutines and logs share it.
type template struct {
	guid   [16]byte
	body   []byte  // the definition's bytes behind GUID and size
	places []place // in body, in their order

	tree  tree
	root  int32
	holes int // how many values an instance needs

	constant bool // its own text is among the data

	event  bool // has a System element: this is a record's outer template
	fields fieldRefs
	data   []dataRef

	irregular bool // only the tree renders it
	skeleton  bool // it stands in for another: see skeletons

	// The rest is there once an instance has been read whole: a selective
	// scan meets many templates of which it wants no record.
	programs sync.Once
	// allow says for each hole which classes of value the programs can take.
	// An instance with any other value is bound to a tree and rendered from that.
	allow []class
	// siblings are the JSON keys beside a hole for nested XML; a nested root
	// with such a name needs a suffix, which only the tree can give.
	siblings []string
	regular  bool // the programs below render it
	json     program
	xml      program

	// What rendering costs: see weigh.
	text  int
	costs []holeCost
	most  holeCost // of all holes

	// Whether a Writer would write the same body: see writes.
	exactOnce sync.Once
	exact     bool
}

func (t *template) rootName() string { return t.tree.nodes[t.root].name }

// collect finds fields and data in the definition's tree.
func (t *template) collect() {
	for _, n := range t.tree.nodes {
		if n.kind == nodeHole {
			t.holes = max(t.holes, int(n.hole)+1)
		}
	}
	var refs refCollector
	refs.collect(&t.tree, t.root)
	t.event, t.fields, t.data = refs.event, refs.fields, refs.data
	t.constant = slices.ContainsFunc(t.data, func(d dataRef) bool { return d.ref.kind == refText && len(d.ref.text) > 0 })
	t.irregular = refs.irregular || t.tree.only(t.tree.nodes[0].child) == 0
}

// compile makes the programs.
func (t *template) compile() {
	t.allow = make([]class, t.holes)
	for i := range t.allow {
		t.allow[i] = classNull | classScalar | classArray | classXML
	}
	if t.regular = !t.irregular && compileJSON(t) && compileXML(t); t.regular {
		t.weigh()
	}
}

// restrict notes that a program takes only these classes in a hole.
func (t *template) restrict(hole uint16, c class) { t.allow[hole] &= c }

// A templateCache shares templates between the chunks of a log, and the logs of
// a Pool. A GUID has one definition as a rule; where it has several, of other
// versions of a provider, each is an entry, found by comparing them all.
type templateCache struct {
	mu     sync.RWMutex
	byGUID map[[16]byte][]*template
	size   int             // what is held, in bytes: see template.weight
	added  func(*template) // if not nil, is told of each that is added
}

// maxTemplateBytes bounds the cache. A real log has some hundred templates of
// 20 kB when they are compiled; what passes this is put together from many
// logs, or hostile, and starts over with none.
const maxTemplateBytes = 12 << 20

// holeBytes is what a compiled template holds for each value that it asks for, whether
// it has a place for it or not: of allow and costs.
const holeBytes = 1 + 16

// weight is about how many bytes the template takes, its programs included: they
// come later, and are mostly the text of the nodes, twice.
func (t *template) weight() int {
	const nodeBytes, dataBytes, opBytes, fixed = 104, 96, 2 * 32, 2 << 10
	n := fixed + 3*len(t.body) + len(t.tree.nodes)*(nodeBytes+opBytes) + len(t.data)*dataBytes + t.holes*holeBytes
	for i := range t.places {
		n += len(t.places[i].name) + 32
	}
	return n
}

// maxVariants bounds what find has to look through.
const maxVariants = 256

// find returns the template whose definition the bytes from..end of a chunk are.
func (c *templateCache) find(in *chunk, guid [16]byte, from, end int) *template {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, known := range c.byGUID[guid] {
		if in.defines(known, from, end) {
			return known
		}
	}
	return nil
}

func (c *templateCache) add(t *template) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.added != nil {
		c.added(t)
	}
	if c.size += t.weight(); c.size > maxTemplateBytes || c.byGUID == nil {
		c.byGUID, c.size = map[[16]byte][]*template{}, t.weight()
	}
	if len(c.byGUID[t.guid]) >= maxVariants {
		c.byGUID[t.guid] = nil
	}
	c.byGUID[t.guid] = append(c.byGUID[t.guid], t)
}

// definitions are the template definitions of the current chunk.
type definitions struct {
	chunk  *chunk
	names  *nameTable
	cache  *templateCache // of the log, or of a Pool
	recent [128]definition
	known  map[uint32]definition // those that others took the place of
}

// A definition is what is known of an offset in a chunk.
type definition struct {
	generation uint32 // of the chunk
	off        uint32
	t          *template
	size       int    // of its body in this chunk, in bytes
	id         uint32 // the start of its GUID, which instances repeat
	err        *syntaxError
}

// forget is for the begin of a chunk.
func (d *definitions) forget() {
	if len(d.known) > 0 {
		clear(d.known)
	}
}

// at returns what is defined at an offset of the chunk, until the next call. A
// definition that cannot be read is remembered as such for the chunk, as every
// record that uses it will ask.
func (d *definitions) at(off uint32) *definition {
	e := &d.recent[(off>>2)%uint32(len(d.recent))]
	if e.off == off && e.generation == d.chunk.generation {
		return e
	}
	if e.generation == d.chunk.generation {
		d.known[e.off] = *e
	}
	var ok bool
	if len(d.known) > 0 {
		*e, ok = d.known[off]
	}
	if !ok {
		d.define(e, off)
	}
	return e
}

// define makes e what the definition at an offset says.
func (d *definitions) define(e *definition, off uint32) {
	*e = definition{generation: d.chunk.generation, off: off}
	if off < chunkHeaderSize || off > chunkSize-definitionSize {
		e.err = &syntaxError{int(min(off, chunkSize)), "template lies outside the chunk"}
		return
	}
	size := u32(d.chunk.buf[:], int(off)+20)
	e.size = int(min(size, chunkSize))
	if e.t, e.err = d.read(off, GUID(d.chunk.buf[off+4:off+20]), size); e.err == nil {
		e.id = u32(e.t.guid[:], 0)
	}
}

func (d *definitions) read(off uint32, guid GUID, size uint32) (*template, *syntaxError) {
	from := int(off) + definitionSize
	if size > uint32(chunkSize-from) {
		return nil, &syntaxError{int(off), "template reaches outside the chunk"}
	}
	buf, end := &d.chunk.buf, from+int(size)
	if t := d.cache.find(d.chunk, guid, from, end); t != nil {
		return t, nil
	}
	t := &template{guid: guid, body: bytes.Clone(buf[from:end])}
	t.tree.reset()
	d.names.mended = false
	p := parser{buf: buf, names: d.names, t: &t.tree, pos: from, end: end, template: &templatePlaces{body: t.body, from: from}}
	var l nodeList
	if !p.document(&l) {
		return nil, p.err
	}
	t.tree.nodes[0].child = l.first
	for i := l.first; i != 0 && t.root == 0; i = t.tree.nodes[i].next {
		if t.tree.nodes[i].kind == nodeElement {
			t.root = i
		}
	}
	if t.root == 0 {
		return nil, &syntaxError{int(off), "template holds no element"}
	}
	t.tree.own()
	t.places = p.template.all
	t.collect()
	if !d.names.mended { // what a damaged name was, each log and chunk has to say
		d.cache.add(t)
	}
	return t, nil
}
