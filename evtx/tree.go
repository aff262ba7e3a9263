package evtx

// A tree is binary XML read into nodes: a template definition's, with holes
// where an instance's values go, or one record's own. Nodes lie in one slice
// and point at each other by index, so that a tree can be reused without
// allocation; node 0 is the document, and 0 as a link means none.
type tree struct {
	nodes []node
}

type nodeKind uint8

const (
	nodeDocument  nodeKind = iota
	nodeElement            // name, attrs, child
	nodeAttribute          // name, child
	nodeText               // text
	nodeCDATA              // text
	nodeCharRef            // char
	nodeEntity             // name
	nodePI                 // name, text
	nodeHole               // hole, typ, optional: a substitution of a template
	nodeValue              // val: a value in its place
	nodeInstance           // val: a template instance, or the whole of a BinXml value
)

type node struct {
	kind     nodeKind
	optional bool      // hole: its element is left out when the value is NULL
	empty    bool      // element: written as <a/> rather than <a></a>
	fragment bool      // a fragment header stands in front
	more     bool      // text: its token announced more
	typ      ValueType // hole: the type that the template announces; element: of the array that it is an item of
	hole     uint16
	char     rune // character reference
	val      value
	next     int32
	child    int32
	attrs    int32
	name     string
	text     []byte           // UTF-16LE; of the chunk, or the template's own copy
	sub      *encodedInstance // instance: what a Writer makes of it
}

// reset empties the tree down to its document node.
func (t *tree) reset() {
	t.nodes = append(t.nodes[:0], node{kind: nodeDocument})
}

// A nodeList appends nodes to a chain of siblings.
type nodeList struct {
	first, last int32
}

func (t *tree) add(l *nodeList, n node) int32 {
	i := int32(len(t.nodes))
	t.nodes = append(t.nodes, n)
	if l.last == 0 {
		l.first = i
	} else {
		t.nodes[l.last].next = i
	}
	l.last = i
	return i
}

// after returns the node behind i in a list, or its first.
func (t *tree) after(i int32, l nodeList) int32 {
	if i == 0 {
		return l.first
	}
	return t.nodes[i].next
}

// only returns the single node of a chain, or 0.
func (t *tree) only(first int32) int32 {
	if first != 0 && t.nodes[first].next == 0 {
		return first
	}
	return 0
}

// element returns the first element named name in a chain, or 0.
func (t *tree) element(first int32, name string) int32 {
	for i := first; i != 0; i = t.nodes[i].next {
		if t.nodes[i].kind == nodeElement && t.nodes[i].name == name {
			return i
		}
	}
	return 0
}

// attribute returns the attribute named name of element e, or 0.
func (t *tree) attribute(e int32, name string) int32 {
	for i := t.nodes[e].attrs; i != 0; i = t.nodes[i].next {
		if t.nodes[i].name == name {
			return i
		}
	}
	return 0
}

// own makes the tree independent of the chunk that it was read from.
func (t *tree) own() {
	size := 0
	for i := range t.nodes {
		size += len(t.nodes[i].text)
	}
	texts := make([]byte, 0, size)
	for i := range t.nodes {
		if n := &t.nodes[i]; n.text != nil {
			from := len(texts)
			texts = append(texts, n.text...)
			n.text = texts[from:len(texts):len(texts)]
		}
	}
	t.nodes = append([]node(nil), t.nodes...)
}
