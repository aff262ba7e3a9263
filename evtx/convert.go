package evtx

import (
	"bytes"
	"errors"
)

// A body is the binary XML of a record to write: a template instance, a tree,
// or the instance of a record that is written as it is.
type body struct {
	in   *encodedInstance
	tree *tree
	from int32

	rec     *Record
	convert *converter
}

// body writes the binary XML of a record.
func (c *chunkWriter) body(b body) error {
	if b.rec != nil {
		c.u8(tokenFragment, 1, 1, 0)
		err := c.copyInstance(b.convert, b.rec.d, b.rec.d.instances.list[0], 0)
		c.u8(tokenEOF)
		return err
	}
	v := encodedValue{sub: b.in, tree: b.tree, from: b.from}
	return c.value(&v)
}

// A converter makes of a Reader's records what a Writer encodes. It reuses
// its memory from record to record.
type converter struct {
	edit      func(string, Value) Value
	templates map[*template]*writtenTemplate
	size      int            // of what these hold, in bytes
	shared    *templateEdits // nil: templates are this converter's alone
	instances []encodedInstance
	vals      []encodedValue

	changed bool // something has been, by edit, since somebody set it to false
}

// begin prepares for the next record.
func (c *converter) begin(edit func(string, Value) Value) {
	c.edit = edit
	c.reset()
}

// reset takes back what was handed out.
func (c *converter) reset() {
	if c.size > maxTemplateBytes {
		c.templates, c.size = nil, 0
	}
	c.instances, c.vals = c.instances[:0], c.vals[:0]
}

// record converts a record, by its instance where it is one, and otherwise
// from its bytes.
func (c *converter) record(r *Record) (body, error) {
	if r.tree == nil {
		in, err := c.instance(r.d, r.d.instances.list[0], 0)
		return body{in: in}, err
	}
	r.d.instances.asked = 0 // its instances are read once more
	return c.fragment(r.d, r.off+recordHeader, r.off+r.size-4, 0)
}

// fragment converts binary XML that is not a single known instance.
func (c *converter) fragment(d *decoder, pos, end, depth int) (body, error) {
	if depth > maxDepth {
		return body{}, errors.New("fragments are nested too deeply")
	}
	t := new(tree)
	t.reset()
	p := parser{buf: &d.chunk.buf, names: &d.names, instances: &d.instances, t: t, pos: pos, end: end}
	var l nodeList
	if !p.document(&l) {
		return body{}, errors.New(p.err.reason)
	}
	for i := range t.nodes {
		if n := &t.nodes[i]; n.kind == nodeInstance {
			index, _, err := d.instances.read(n.val.off(), n.val.end(), depth)
			if err != nil {
				return body{}, errors.New(err.reason)
			}
			sub, err2 := c.instance(d, d.instances.list[index], depth+1)
			if err2 != nil {
				return body{}, err2
			}
			t.nodes[i].sub = sub
		}
	}
	if c.edit != nil {
		c.changed = c.editText(t, l.first, "") || c.changed
	}
	return body{tree: t, from: l.first}, nil
}

func (c *converter) instance(d *decoder, in instance, depth int) (*encodedInstance, error) {
	out := c.newInstance()
	out.t = c.template(in.t)
	c.changed = c.changed || out.t.edited
	out.vals = c.newVals(in.count)
	for i, v := range in.vals[:in.count] {
		name := ""
		if i < len(out.t.names) {
			name = out.t.names[i]
		}
		if err := c.value(d, &out.vals[i], name, v, depth); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// value converts one value.
func (c *converter) value(d *decoder, out *encodedValue, name string, v value, depth int) error {
	*out = encodedValue{typ: v.typ()}
	switch v.class() {
	case classNull:
		return nil // without the bytes that live logs leave there
	case classXML:
		if in := d.instances.in(v); in != nil {
			sub, err := c.instance(d, *in, depth+1)
			out.sub = sub
			return err
		}
		b, err := c.fragment(d, v.off(), v.end(), depth+1)
		out.tree, out.from = b.tree, b.from
		return err
	}
	val := Value{v.typ(), d.chunk.buf[v.off():v.end()], d.renderer.codePage}
	switch {
	case c.edit == nil:
	case v.class() == classArray:
		raw := c.array(name, val)
		c.changed = c.changed || !bytes.Equal(raw, val.Raw)
		val.Raw = raw
	default:
		before := val
		val = c.edit(name, val)
		c.changed = c.changed || val.Type != before.Type || !bytes.Equal(val.Raw, before.Raw)
		out.typ = val.Type
	}
	out.raw = stored(val)
	return nil
}

// array passes the items of an array through Edit.
func (c *converter) array(name string, v Value) []byte {
	if len(v.Raw) == 0 {
		return nil
	}
	base := v.Type.Base()
	var raw []byte
	for item := range arrayItems(v.Type, v.Raw) {
		e := c.edit(name, Value{base, item, v.cp})
		switch {
		case base == TypeString && e.Type != TypeString:
			e.Raw = encodeUTF16(nil, e.String())
		case e.Type != base:
			e.Raw = item // there is no place for another type in an array
		}
		switch base {
		case TypeString:
			raw = append(append(raw, e.Raw[:len(e.Raw)&^1]...), 0, 0)
		case TypeAnsiString:
			raw = append(append(raw, e.Raw...), 0)
		default:
			raw = append(raw, e.Raw...)
		}
	}
	return raw
}

// template returns the template to write for one that was read: the same, but
// for texts that Edit changes.
func (c *converter) template(t *template) *writtenTemplate {
	w := c.templates[t]
	if w != nil {
		return w
	}
	if c.templates == nil {
		c.templates = map[*template]*writtenTemplate{}
	}
	if c.shared != nil {
		w = c.shared.get(t, func() *writtenTemplate { return c.newTemplate(t) })
	} else {
		w = c.newTemplate(t)
	}
	c.templates[t] = w
	c.size += t.weight() + w.weight()
	return w
}

func (c *converter) newTemplate(t *template) *writtenTemplate {
	w := &writtenTemplate{guid: t.guid, tree: &t.tree, names: holeNames(&t.tree, t.holes)}
	if c.edit != nil {
		edited := &tree{nodes: append([]node(nil), t.tree.nodes...)}
		if c.editText(edited, edited.nodes[0].child, "") {
			w.tree, w.guid, w.edited = edited, contentGUID(edited), true
		}
	}
	return w
}

// editText passes the texts in a chain and below through Edit and reports
// whether it has changed one. Names of data are structure, and stay.
func (c *converter) editText(t *tree, chain int32, name string) (changed bool) {
	for i := chain; i != 0; i = t.nodes[i].next {
		n := &t.nodes[i]
		switch n.kind {
		case nodeElement:
			for a := n.attrs; a != 0; a = t.nodes[a].next {
				if attr := &t.nodes[a]; !isNamespace(attr.name) && (n.name != "Data" || attr.name != "Name") {
					changed = c.editText(t, attr.child, attr.name) || changed
				}
			}
			changed = c.editText(t, n.child, elementName(t, i)) || changed
		case nodeText, nodeCDATA:
			before := Value{Type: TypeString, Raw: trimString(n.text)}
			after := c.edit(name, before)
			if after.Type != before.Type || !bytes.Equal(after.Raw, before.Raw) {
				n.text = encodeUTF16(nil, after.String())
				changed = true
			}
		}
	}
	return changed
}

// elementName is what the values in an element are called.
func elementName(t *tree, e int32) string {
	if t.nodes[e].name == "Data" {
		if a := t.attribute(e, "Name"); a != 0 {
			if i := t.only(t.nodes[a].child); i != 0 && t.nodes[i].kind == nodeText {
				return string(appendUTF8(nil, trimString(t.nodes[i].text)))
			}
		}
	}
	return t.nodes[e].name
}

// holeNames returns what the values in each hole are called. A hole that is
// also in an attribute goes by the element that it is the content of.
func holeNames(t *tree, holes int) []string {
	names := make([]string, holes)
	var inContent func(chain int32, name string)
	var inAttributes func(chain int32)
	note := func(n *node, name string) {
		if n.kind == nodeHole && names[n.hole] == "" {
			names[n.hole] = name
		}
	}
	inContent = func(chain int32, name string) {
		for i := chain; i != 0; i = t.nodes[i].next {
			note(&t.nodes[i], name)
			inContent(t.nodes[i].child, elementName(t, i))
		}
	}
	inAttributes = func(chain int32) {
		for i := chain; i != 0; i = t.nodes[i].next {
			for a := t.nodes[i].attrs; a != 0; a = t.nodes[a].next {
				for v := t.nodes[a].child; v != 0; v = t.nodes[v].next {
					note(&t.nodes[v], t.nodes[a].name)
				}
			}
			inAttributes(t.nodes[i].child)
		}
	}
	inContent(t.nodes[0].child, "")
	inAttributes(t.nodes[0].child)
	return names
}

// newInstance and newVals take from the record's supply. What was handed out
// stays valid when the supply has to grow.
func (c *converter) newInstance() *encodedInstance {
	if len(c.instances) == cap(c.instances) {
		c.instances = make([]encodedInstance, 0, max(16, 2*cap(c.instances)))
	}
	c.instances = append(c.instances, encodedInstance{})
	return &c.instances[len(c.instances)-1]
}

func (c *converter) newVals(n int) []encodedValue {
	if len(c.vals)+n > cap(c.vals) {
		c.vals = make([]encodedValue, 0, max(256, 2*cap(c.vals), n))
	}
	from := len(c.vals)
	c.vals = c.vals[:from+n]
	return c.vals[from : from+n : from+n]
}
