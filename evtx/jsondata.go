package evtx

// dataMembers are the Data elements of an EventData or UserData element: one
// member for each name, and one for all that have none.
type dataMembers struct {
	groups  []dataGroup
	names   keySet // of the groups, in their order
	written int    // groups so far
}

type dataGroup struct {
	name  string
	nodes []int32
}

// dataMembers groups the Data elements in a chain. A name that only a value
// tells is more than a program can do.
func (c *jsonCoder) dataMembers(chain int32, keys *keySet) *dataMembers {
	m := new(dataMembers)
	for i := chain; i != 0; i = c.t.nodes[i].next {
		if n := &c.t.nodes[i]; n.kind == nodeElement && n.name == "Data" {
			m.add(c.dataName(i), i)
		}
	}
	for i := range m.groups {
		if g := &m.groups[i]; g.name != "" {
			keys.unique(g.name)
		}
	}
	return m
}

func (m *dataMembers) add(name string, node int32) {
	if i := m.names.index(name); i >= 0 {
		m.groups[i].nodes = append(m.groups[i].nodes, node)
		return
	}
	m.names.add(name)
	m.groups = append(m.groups, dataGroup{name, []int32{node}})
}

func (c *jsonCoder) dataName(e int32) string {
	a := c.t.attribute(e, "Name")
	if a == 0 {
		return ""
	}
	chain := c.t.nodes[a].child
	if !c.shape(chain).static() {
		c.bad = true
		return ""
	}
	refs := refCollector{values: c.vals, interned: c.interned}
	return refs.named(c.t, chain)
}

// write writes the member that starts with element e, if one does. The groups
// are in the order of their first elements.
func (m *dataMembers) write(c *jsonCoder, e int32) {
	if m.written < len(m.groups) && m.groups[m.written].nodes[0] == e {
		m.groups[m.written].write(c)
		m.written++
	}
}

func (g *dataGroup) write(c *jsonCoder) {
	classic := g.name == ""
	key, tail := func() { c.key(g.name) }, ","
	if classic {
		key, tail = func() { c.out = append(c.out, `"Data":{"#text":`...) }, "},"
	}
	if c.prog == nil {
		g.writeBound(c, key, tail)
		return
	}
	if len(g.nodes) == 1 {
		if hole := c.soleHole(g.nodes[0]); hole != 0 && c.t.nodes[hole].optional {
			c.optionalMember(hole, op{data: true, classic: classic}, key, tail)
			return
		}
		from, to := c.skips(c.t.nodes[g.nodes[0]].child)
		key()
		c.dataValue(g.nodes[0], classic)
		c.out = append(c.out, tail...)
		c.setTargets(from, to)
		return
	}
	c.opWith(op{kind: opListBegin, classic: classic}, key, "")
	for _, e := range g.nodes {
		from, to := c.skips(c.t.nodes[e].child)
		if i := c.soleHole(e); i != 0 {
			c.holeOp(op{kind: opItem}, i, classArray)
		} else if s := c.shape(c.t.nodes[e].child); s.static() && s.elements == 0 {
			c.opWith(op{kind: opStaticItem}, func() { c.text(c.t.nodes[e].child, s, true) }, "")
		} else {
			c.bad = true
		}
		c.setTargets(from, to)
	}
	c.opWith(op{kind: opListEnd}, func() { c.out = append(c.out, tail...) }, "")
}

// writeBound writes the elements of a bound tree, in which an array has become
// an element for each item: what a jsonList writes.
func (g *dataGroup) writeBound(c *jsonCoder, key func(), tail string) {
	key()
	brackets, classic := len(g.nodes) > 1, g.name == ""
	for _, e := range g.nodes {
		t := c.t.nodes[e].typ
		brackets = brackets || t != 0 && keepsBrackets(t, classic)
	}
	if !brackets {
		c.value(g.nodes[0], true)
		c.out = append(c.out, tail...)
		return
	}
	c.out = append(c.out, '[')
	open := len(c.out)
	for _, e := range g.nodes {
		if n := &c.t.nodes[e]; n.typ != 0 && n.child == 0 && keepsBrackets(n.typ, classic) {
			continue // it stands for an array without items
		}
		if len(c.out) > open {
			c.out = append(c.out, ',')
		}
		c.value(e, true)
	}
	c.out = append(append(c.out, ']'), tail...)
}

// soleHole returns the hole that is all of an element's content, or 0.
func (c *coder) soleHole(e int32) int32 {
	i := c.t.only(c.t.nodes[e].child)
	if i != 0 && c.t.nodes[i].kind == nodeHole && c.t.nodes[i].typ != TypeBinXML {
		return i
	}
	return 0
}

// dataValue writes the value of a Data element that stands alone.
func (c *jsonCoder) dataValue(e int32, classic bool) {
	if i := c.soleHole(e); i != 0 {
		c.holeOp(op{kind: opItems, data: true, classic: classic}, i, classArray)
		return
	}
	c.value(e, true)
}
