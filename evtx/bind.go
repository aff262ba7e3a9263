package evtx

// A binder puts values in the place of a template's holes: it makes the tree
// of one event as it is, with arrays spread over repeated elements, nested
// XML in place and NULL-optional elements gone. That is the way of records
// that no program can render: those without a template, and rare shapes.
type binder struct {
	buf       *[chunkSize]byte // of the chunk
	names     *nameTable
	instances *instanceReader

	tree   tree    // of the bound record
	parsed []*tree // of the fragments that are being bound, by depth
	cost   int     // of making the tree and rendering it
	most   int     // that it may cost
	depth  int
	end    int // where the fragment that was read last ended
	err    *syntaxError
}

// bind returns the tree of the binary XML in pos..end, which the next call
// overwrites.
func (b *binder) bind(pos, end, most int) (*tree, *syntaxError) {
	b.instances.reset()
	b.tree.reset()
	b.cost, b.most, b.depth, b.err = 0, most, 0, nil
	var l nodeList
	b.fragment(&l, pos, end)
	b.tree.nodes[0].child = l.first
	return &b.tree, b.err
}

// parseTree returns an empty tree to parse a fragment at that depth into.
func (b *binder) parseTree(depth int) *tree {
	for len(b.parsed) <= depth {
		b.parsed = append(b.parsed, new(tree))
	}
	b.parsed[depth].reset()
	return b.parsed[depth]
}

func (b *binder) fail(pos int, reason string) {
	if b.err == nil {
		b.err = &syntaxError{pos, reason}
	}
}

// fragment appends what binary XML in pos..end holds.
func (b *binder) fragment(l *nodeList, pos, end int) {
	if b.depth >= maxDepth {
		b.fail(pos, "fragments are nested too deeply")
		return
	}
	t := b.parseTree(b.depth)
	b.depth++
	p := parser{buf: b.buf, names: b.names, instances: b.instances, t: t, pos: pos, end: end}
	var doc nodeList
	if !p.document(&doc) {
		b.err = p.err
		return
	}
	b.nodes(l, t, doc.first, nil, 0, 0)
	b.depth--
	b.end = p.pos
}

// nodes appends a chain of t's nodes, with the values of in. The hole that is
// node over takes the value item instead.
func (b *binder) nodes(l *nodeList, t *tree, chain int32, in *instance, over int32, item value) {
	for i := chain; i != 0 && b.err == nil; i = t.nodes[i].next {
		b.spend(costPerNode)
		n := t.nodes[i]
		switch n.kind {
		case nodeElement:
			b.element(l, t, i, in)
		case nodeInstance:
			b.instance(l, n.val)
		case nodeHole:
			v := item
			if i != over {
				v = in.vals[n.hole]
			}
			b.value(l, v)
		default:
			n.next = 0
			b.add(l, n)
		}
	}
}

func (b *binder) add(l *nodeList, n node) int32 {
	b.spend(2*len(n.name) + 3*len(n.text) + costPerByte*n.val.size() + costPerValue)
	if b.err != nil {
		return 0
	}
	return b.tree.add(l, n)
}

// spend counts work and output, and fails when it is too much.
func (b *binder) spend(cost int) {
	if b.cost += cost; b.cost > b.most {
		b.fail(0, expands)
	}
}

// value appends what stands in a hole.
func (b *binder) value(l *nodeList, v value) {
	switch v.class() {
	case classXML:
		if in := b.instances.in(v); in != nil {
			b.template(l, *in)
			return
		}
		b.fragment(l, v.off(), v.end())
	case classScalar, classArray:
		b.add(l, node{kind: nodeValue, val: v})
	}
}

// instance appends the template instance that the window v holds.
func (b *binder) instance(l *nodeList, v value) {
	index, _, err := b.instances.read(v.off(), v.end(), b.depth)
	if err != nil {
		b.err = err
		return
	}
	b.template(l, b.instances.list[index])
}

func (b *binder) template(l *nodeList, in instance) {
	if b.depth >= maxDepth {
		b.fail(0, "template instances are nested too deeply")
		return
	}
	b.depth++
	t := &in.t.tree
	for i := t.nodes[0].child; i != 0 && b.err == nil; i = t.nodes[i].next {
		if n := t.nodes[i]; n.kind == nodeElement {
			b.copy(l, t, i, &in, 0, 0, 0) // the root stays
		} else {
			n.next = 0
			b.add(l, n)
		}
	}
	b.depth--
}

// element appends an element: not at all if an optional substitution in it is
// NULL, and once for each item if one is an array (MS-EVEN6 3.1.4.7.2, .5).
func (b *binder) element(l *nodeList, t *tree, e int32, in *instance) {
	if in != nil && b.leftOut(t, e, in) {
		return
	}
	over := int32(0)
	if in != nil {
		over = b.array(t, e, in)
	}
	if over == 0 {
		b.copy(l, t, e, in, 0, 0, 0)
		return
	}
	v := in.vals[t.nodes[over].hole]
	raw := b.buf[v.off():v.end()]
	// An element that is no more than the array's items is known as such.
	var of ValueType
	if t.only(t.nodes[e].child) == over {
		of = v.typ()
	}
	if len(raw) == 0 {
		b.copy(l, t, e, in, over, 0, of)
		return
	}
	for size := itemSize(v.typ(), raw); len(raw) > 0 && b.err == nil; {
		item, rest := nextItem(v.typ(), size, raw)
		off := v.end() - len(raw)
		b.copy(l, t, e, in, over, newValue(off, len(item), v.typ().Base()), of)
		raw = rest
	}
}

func (b *binder) leftOut(t *tree, e int32, in *instance) bool {
	for i := t.nodes[e].child; i != 0; i = t.nodes[i].next {
		if n := &t.nodes[i]; n.kind == nodeHole && n.optional && in.vals[n.hole].class() == classNull {
			return true
		}
	}
	return false
}

// array returns the first hole in an element's content, or else in its
// attributes, that holds an array. Further ones are written as lists.
func (b *binder) array(t *tree, e int32, in *instance) int32 {
	if i := b.arrayIn(t, t.nodes[e].child, in); i != 0 {
		return i
	}
	for a := t.nodes[e].attrs; a != 0; a = t.nodes[a].next {
		if i := b.arrayIn(t, t.nodes[a].child, in); i != 0 {
			return i
		}
	}
	return 0
}

func (b *binder) arrayIn(t *tree, chain int32, in *instance) int32 {
	for i := chain; i != 0; i = t.nodes[i].next {
		if n := &t.nodes[i]; n.kind == nodeHole && in.vals[n.hole].class() == classArray {
			return i
		}
	}
	return 0
}

// copy appends one element with its attributes and content, of an array of that
// type if it stands for an item of one.
func (b *binder) copy(l *nodeList, t *tree, e int32, in *instance, over int32, item value, of ValueType) {
	n := t.nodes[e]
	out := b.add(l, node{kind: nodeElement, name: n.name, empty: n.empty, typ: of})
	var attrs nodeList
	for a := n.attrs; a != 0 && b.err == nil; a = t.nodes[a].next {
		to := b.add(&attrs, node{kind: nodeAttribute, name: t.nodes[a].name})
		var content nodeList
		b.nodes(&content, t, t.nodes[a].child, in, over, item)
		b.tree.nodes[to].child = content.first
	}
	var content nodeList
	b.nodes(&content, t, n.child, in, over, item)
	b.tree.nodes[out].attrs = attrs.first
	b.tree.nodes[out].child = content.first
}
