package evtx

// A treeBuilder makes trees for events that were not read.
type treeBuilder struct {
	t    tree
	list *nodeList // where nodes are added
	root nodeList
	max  int // number of holes
}

func newTreeBuilder() *treeBuilder {
	b := new(treeBuilder)
	b.t.reset()
	b.list = &b.root
	return b
}

// An attr is an attribute and what writes its value.
type attr struct {
	name  string
	value func()
}

func (b *treeBuilder) in(l *nodeList, write func()) {
	before := b.list
	b.list = l
	write()
	b.list = before
}

func (b *treeBuilder) element(name string, attrs []attr, content func()) {
	e := b.start(name, attrs)
	var l nodeList
	b.in(&l, content)
	b.t.nodes[e].child = l.first
}

// void adds an element that is written as <a/>.
func (b *treeBuilder) void(name string, attrs []attr) {
	b.t.nodes[b.start(name, attrs)].empty = true
}

func (b *treeBuilder) start(name string, attrs []attr) int32 {
	e := b.t.add(b.list, node{kind: nodeElement, name: name})
	var l nodeList
	for _, a := range attrs {
		at := b.t.add(&l, node{kind: nodeAttribute, name: a.name})
		var value nodeList
		b.in(&value, a.value)
		b.t.nodes[at].child = value.first
	}
	b.t.nodes[e].attrs = l.first
	return e
}

// text returns what adds a constant text.
func (b *treeBuilder) text(s string) func() {
	return func() {
		if s != "" {
			b.t.add(b.list, node{kind: nodeText, text: encodeUTF16(nil, s)})
		}
	}
}

// hole returns what adds a substitution.
func (b *treeBuilder) hole(i int, t ValueType, optional bool) func() {
	return func() {
		b.max = max(b.max, i+1)
		b.t.add(b.list, node{kind: nodeHole, hole: uint16(i), typ: t, optional: optional})
	}
}

// copy adds an Element.
func (b *treeBuilder) copy(e *Element) {
	var attrs []attr
	for _, a := range e.Attributes {
		attrs = append(attrs, attr{a.Name, b.text(a.Value)})
	}
	b.element(e.Name, attrs, func() {
		b.text(e.Text)()
		for i := range e.Children {
			b.copy(&e.Children[i])
		}
	})
}

func (b *treeBuilder) tree() (*tree, int32) {
	b.t.nodes[0].child = b.root.first
	return &b.t, b.root.first
}

// template returns the tree as a template, named by its content.
func (b *treeBuilder) template() *writtenTemplate {
	t, _ := b.tree()
	return &writtenTemplate{guid: contentGUID(t), tree: t, names: holeNames(t, b.max)}
}
