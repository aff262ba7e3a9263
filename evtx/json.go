package evtx

import (
	"slices"
	"strconv"
)

// The JSON of an event has the shape that the Rust crate's evtx_dump gives
// it, key for key: an element is its text, or null; with attributes or
// children it is an object with "#attributes", "#text" and the children by
// name, repeated names getting _1, _2 …; in EventData and UserData the named
// Data elements are members by their Name, and the unnamed ones together are
// "Data":{"#text":[…]}. Where that would lose data (two Data of one name,
// unnamed Data among named), we keep it in arrays; and an array stays one,
// whatever its length (see jsonList). testdata/deviations.md lists both.
//
// Every member ends in a comma; closing an object turns the last one into
// the brace. That spares the programs from knowing which members are there.

type jsonCoder struct {
	coder
}

// compileJSON compiles t's program for JSON: one member, root name and value.
func compileJSON(t *template) bool {
	c := jsonCoder{coder{t: &t.tree, tmpl: t, prog: &t.json}}
	c.key(t.rootName())
	c.value(t.root, false)
	c.out = append(c.out, ',')
	return c.finish()
}

// appendJSONTree renders a bound tree.
func appendJSONTree(dst []byte, vals *values, interned *interner, t *tree) []byte {
	c := jsonCoder{coder{t: t, vals: vals, interned: interned, out: append(dst, '{')}}
	var keys keySet
	for i := t.nodes[0].child; i != 0; i = t.nodes[i].next {
		if t.nodes[i].kind == nodeElement {
			c.key(keys.unique(t.nodes[i].name))
			c.value(i, false)
			c.out = append(c.out, ',')
		}
	}
	c.close()
	return c.out
}

// A keySet keeps the keys of one object apart. Most objects have few: from
// manyKeys on, a map finds them.
type keySet struct {
	keys   []string
	counts []int
	at     map[string]int
}

const manyKeys = 32

func (s *keySet) index(key string) int {
	if len(s.keys) < manyKeys {
		return slices.Index(s.keys, key)
	}
	if s.at == nil {
		s.at = make(map[string]int, 2*manyKeys)
		for i, key := range s.keys {
			s.at[key] = i
		}
	}
	if i, ok := s.at[key]; ok {
		return i
	}
	return -1
}

func (s *keySet) add(key string) {
	if s.at != nil {
		s.at[key] = len(s.keys)
	}
	s.keys, s.counts = append(s.keys, key), append(s.counts, 0)
}

// unique returns name, or name_1, name_2 … where it is taken.
func (s *keySet) unique(name string) string {
	i := s.index(name)
	if i < 0 {
		s.add(name)
		return name
	}
	for {
		s.counts[i]++
		key := name + "_" + strconv.Itoa(s.counts[i])
		if s.index(key) < 0 {
			s.add(key)
			return key
		}
	}
}

func (c *jsonCoder) key(name string) {
	c.out = append(c.out, '"')
	c.out = jsonEscaping.appendUTF8(c.out, []byte(name))
	c.out = append(c.out, '"', ':')
}

// close closes an object.
func (c *jsonCoder) close() {
	if c.prog != nil && len(c.out) == c.from {
		c.op(op{kind: opEnd})
		return
	}
	c.out = endJSONObject(c.out)
}

// value writes the value of element e. Of a Data element only the content is
// shown, and an empty one is "".
func (c *jsonCoder) value(e int32, data bool) {
	n := &c.t.nodes[e]
	content := c.shape(n.child)
	fixed, dynamic := 0, 0
	if !data {
		fixed, dynamic = c.countAttributes(n.attrs)
	}
	switch {
	case content.elements > 0 || content.xml > 0:
		c.object(e, content, fixed, dynamic)
	case fixed+dynamic == 0:
		c.text(n.child, content, data)
	case fixed > 0:
		c.out = append(c.out, `{"#attributes":{`...)
		c.attributes(n.attrs)
		c.close()
		switch {
		case content.static() && content.text:
			c.out = append(c.out, `,"#text":`...)
			c.text(n.child, content, false)
		case content.holes == 1 && content.nodes == 1:
			c.holeOp(op{kind: opTextMember}, c.t.only(n.child), 0)
		case !content.static():
			c.bad = true
		}
		c.out = append(c.out, '}')
	default:
		c.op(op{kind: opElement})
		c.attributes(n.attrs)
		switch {
		case content.holes == 1 && content.nodes == 1:
			c.holeOp(op{kind: opElementEnd}, c.t.only(n.child), 0)
		case content.static() && !content.text:
			c.op(op{kind: opElementVoid})
		default:
			c.bad = true
		}
	}
}

// countAttributes counts the attributes that are always there, and those
// that depend on a value. An attribute without text is not shown.
func (c *jsonCoder) countAttributes(chain int32) (fixed, dynamic int) {
	for i := chain; i != 0; i = c.t.nodes[i].next {
		switch s := c.shape(c.t.nodes[i].child); {
		case s.text && (s.static() || !c.optional(c.t.nodes[i].child)):
			fixed++
		case s.static():
		case s.nodes == 1 && s.holes == 1:
			dynamic++
		default:
			c.bad = true
		}
	}
	return fixed, dynamic
}

// optional reports whether a chain has an optional substitution.
func (c *coder) optional(chain int32) bool {
	for i := chain; i != 0; i = c.t.nodes[i].next {
		if c.t.nodes[i].kind == nodeHole && c.t.nodes[i].optional {
			return true
		}
	}
	return false
}

// attributes writes the members of an object of attributes.
func (c *jsonCoder) attributes(chain int32) {
	var keys keySet
	for i := chain; i != 0; i = c.t.nodes[i].next {
		n := &c.t.nodes[i]
		s := c.shape(n.child)
		switch {
		case s.text:
			c.key(keys.unique(n.name))
			c.text(n.child, s, false)
			c.out = append(c.out, ',')
		case !s.static():
			c.holeKey(op{kind: opAttribute}, c.t.only(n.child), keys.unique(n.name))
		}
	}
}

// holeOp writes an op for the hole that is node i, which takes plain values
// and besides them those of class also.
func (c *jsonCoder) holeOp(o op, i int32, also class) {
	o.hole = c.t.nodes[i].hole
	c.op(o)
	c.tmpl.restrict(o.hole, classNull|classScalar|also)
}

func (c *jsonCoder) holeKey(o op, i int32, key string) {
	o.hole = c.t.nodes[i].hole
	c.opWith(o, func() { c.key(key) }, "")
	c.tmpl.restrict(o.hole, classNull|classScalar)
}

// text writes a chain without elements as null, number or string.
func (c *jsonCoder) text(chain int32, s shape, data bool) {
	only := c.t.only(chain)
	switch {
	case s.static() && !s.text:
		c.out = append(c.out, emptyJSON(data)...)
	case only != 0 && c.t.nodes[only].kind == nodeValue:
		c.out = appendJSONLeaf(c.out, c.vals.value(c.t.nodes[only].val), data)
	case only != 0 && s.holes == 1:
		c.holeOp(op{kind: opLeaf, data: data}, only, 0)
	case s.text || s.static():
		c.out = append(c.out, '"')
		c.parts(chain)
		c.out = append(c.out, '"')
	default:
		c.bad = true // several values, of which all or none may be empty
	}
}

func (c *jsonCoder) parts(chain int32) {
	for i := chain; i != 0; i = c.t.nodes[i].next {
		switch n := &c.t.nodes[i]; n.kind {
		case nodeText, nodeCDATA:
			c.out = jsonEscaping.appendUTF16(c.out, trimString(n.text))
		case nodeCharRef:
			c.out = jsonEscaping.appendUTF8(c.out, []byte(string(n.char)))
		case nodeEntity:
			c.out = jsonEscaping.appendUTF8(c.out, []byte(entityText(n.name)))
		case nodeValue:
			c.out = jsonEscaping.appendValue(c.out, c.vals.value(n.val))
		case nodeHole:
			c.holeOp(op{kind: opRaw}, i, 0)
		}
	}
}

// object writes an element that has children, or may have.
func (c *jsonCoder) object(e int32, content shape, fixed, dynamic int) {
	n := &c.t.nodes[e]
	if content.holes > 0 || content.xml > 1 {
		c.bad = true
		return
	}
	container := isContainer(n.name)
	if content.nodes == 1 && content.xml == 1 && fixed+dynamic == 0 {
		i := c.t.only(n.child)
		if i == 0 {
			c.bad = true
			return
		}
		c.nested(op{kind: opObject}, i)
		c.siblings(container, nil)
		return
	}
	c.out = append(c.out, '{')
	switch {
	case fixed > 0:
		c.out = append(c.out, `"#attributes":{`...)
		c.attributes(n.attrs)
		c.close()
		c.out = append(c.out, ',')
	case dynamic > 0:
		c.op(op{kind: opAttrsBegin})
		c.attributes(n.attrs)
		c.op(op{kind: opAttrsEnd})
	}
	if content.text {
		c.out = append(c.out, `"#text":`...)
		c.mixedText(n.child)
	}
	keys := keySet{keys: []string{"#attributes", "#text"}, counts: []int{0, 0}}
	c.members(n.child, container, &keys)
	if content.xml > 0 {
		c.siblings(container, keys.keys)
	}
	c.close()
}

// mixedText writes the text between the children of an element.
func (c *jsonCoder) mixedText(chain int32) {
	c.out = append(c.out, '"')
	c.parts(chain)
	c.out = append(c.out, '"', ',')
}

func (c *jsonCoder) nested(o op, i int32) {
	o.hole = c.t.nodes[i].hole
	c.op(o)
	if c.tmpl != nil {
		c.tmpl.restrict(o.hole, classNull|classXML)
	}
}

// siblings notes the keys that a nested root must not have.
func (c *jsonCoder) siblings(container bool, keys []string) {
	if c.tmpl == nil {
		return
	}
	c.tmpl.siblings = append(c.tmpl.siblings, keys...)
	if container {
		c.tmpl.siblings = append(c.tmpl.siblings, "Data")
	}
}

func isContainer(name string) bool { return name == "EventData" || name == "UserData" }

// members writes the child elements in a chain.
func (c *jsonCoder) members(chain int32, container bool, keys *keySet) {
	var data *dataMembers
	if container {
		data = c.dataMembers(chain, keys)
	}
	for i := chain; i != 0 && !c.bad; i = c.t.nodes[i].next {
		switch n := &c.t.nodes[i]; {
		case n.kind == nodeHole:
			c.nested(op{kind: opNested}, i)
		case n.kind != nodeElement:
		case container && n.name == "Data":
			data.write(c, i)
		default:
			key := keys.unique(n.name)
			if hole := c.soleHole(i); hole != 0 && c.t.nodes[hole].optional && n.attrs == 0 {
				c.optionalMember(hole, op{}, func() { c.key(key) }, ",")
				continue
			}
			from, to := c.skips(n.child)
			c.key(key)
			c.value(i, false)
			c.out = append(c.out, ',')
			c.setTargets(from, to)
		}
	}
}

// optionalMember writes an element that is no more than an optional value:
// the most frequent kind has an op of its own.
func (c *jsonCoder) optionalMember(hole int32, o op, key func(), tail string) {
	o.kind, o.hole = opMember, c.t.nodes[hole].hole
	c.opWith(o, key, tail)
	takes := classNull | classScalar
	if o.data {
		takes |= classArray
	}
	c.tmpl.restrict(o.hole, takes)
}
