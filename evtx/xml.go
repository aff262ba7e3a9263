package evtx

import "strconv"

// The XML of an event is on one line, as EvtRender gives it on Windows:
// attribute values in apostrophes, empty elements as they were encoded. It is
// always well formed: names are checked, and characters that XML cannot carry
// become U+FFFD.

type xmlCoder struct {
	coder
}

// compileXML compiles t's program for XML.
func compileXML(t *template) bool {
	c := xmlCoder{coder{t: &t.tree, tmpl: t, prog: &t.xml}}
	c.nodes(t.tree.nodes[0].child, true)
	return c.finish()
}

// appendXMLTree renders a bound tree.
func appendXMLTree(dst []byte, vals *values, t *tree) []byte {
	c := xmlCoder{coder{t: t, vals: vals, out: dst}}
	c.nodes(t.nodes[0].child, true)
	return c.out
}

// nodes writes a chain of nodes. Elements at the root stay even when an
// optional substitution in them is NULL.
func (c *xmlCoder) nodes(chain int32, root bool) {
	for i := chain; i != 0 && !c.bad; i = c.t.nodes[i].next {
		switch n := &c.t.nodes[i]; n.kind {
		case nodeElement:
			if root {
				c.element(i)
				continue
			}
			from, to := c.skips(n.child)
			c.element(i)
			c.setTargets(from, to)
		case nodePI:
			c.instruction(n)
		default:
			c.charData(i, &xmlEscaping)
		}
	}
}

func (c *xmlCoder) element(e int32) {
	n := &c.t.nodes[e]
	name := xmlName(n.name)
	if i := c.soleHole(e); i != 0 && c.t.nodes[i].typ&TypeArray != 0 && c.prog != nil {
		c.repeat(e, i, name)
		return
	}
	c.out = append(append(c.out, '<'), name...)
	c.attributes(n.attrs)
	if n.empty {
		c.out = append(c.out, '/', '>')
		return
	}
	c.out = append(c.out, '>')
	c.nodes(n.child, false)
	c.end(name)
}

func (c *xmlCoder) end(name string) {
	c.out = append(append(append(c.out, '<', '/'), name...), '>')
}

// repeat writes an element whose content is an array: once for each item.
func (c *xmlCoder) repeat(e, i int32, name string) {
	n := &c.t.nodes[e]
	for a := n.attrs; a != 0; a = c.t.nodes[a].next {
		if !c.shape(c.t.nodes[a].child).static() {
			c.bad = true
			return
		}
	}
	o := op{kind: opRepeat, hole: c.t.nodes[i].hole}
	c.opWith(o, func() {
		c.out = append(append(c.out, '<'), name...)
		c.attributes(n.attrs)
		c.out = append(c.out, '>')
	}, "</"+name+">")
	c.tmpl.restrict(o.hole, classNull|classScalar|classArray)
}

// attributes writes those that have text (MS-EVEN6 2.2.12.2).
func (c *xmlCoder) attributes(chain int32) {
	var keys keySet
	for i := chain; i != 0; i = c.t.nodes[i].next {
		n := &c.t.nodes[i]
		s := c.shape(n.child)
		if s.static() && !s.text {
			continue
		}
		name := keys.unique(xmlName(n.name))
		switch {
		case s.text && (s.static() || !c.optional(n.child)):
			c.out = append(append(append(c.out, ' '), name...), '=', '\'')
			for v := n.child; v != 0; v = c.t.nodes[v].next {
				c.charData(v, &attrEscaping)
			}
			c.out = append(c.out, '\'')
		case s.nodes == 1 && s.holes == 1:
			hole := c.t.nodes[c.t.only(n.child)].hole
			c.opWith(op{kind: opAttribute, hole: hole}, func() {
				c.out = append(append(append(c.out, ' '), name...), '=', '\'')
			}, "'")
			c.tmpl.restrict(hole, classNull|classScalar)
		default:
			c.bad = true
		}
	}
}

// charData writes one node of text.
func (c *xmlCoder) charData(i int32, e *escaping) {
	switch n := &c.t.nodes[i]; n.kind {
	case nodeText:
		c.out = e.appendUTF16(c.out, trimString(n.text))
	case nodeCDATA:
		c.cdata(trimString(n.text), e)
	case nodeCharRef:
		c.charRef(n.char)
	case nodeEntity:
		c.out = e.appendUTF8(c.out, []byte(entityText(n.name)))
	case nodeValue:
		c.out = e.appendValue(c.out, c.vals.value(n.val))
	case nodeHole:
		if n.typ == TypeBinXML {
			c.op(op{kind: opNested, hole: n.hole})
			c.tmpl.restrict(n.hole, classNull|classXML)
			return
		}
		c.op(op{kind: opRaw, hole: n.hole, data: e == &attrEscaping})
		c.tmpl.restrict(n.hole, classNull|classScalar)
	}
}

// charRef writes a character reference in decimal, as MS-EVEN6 2.2.12 asks.
func (c *xmlCoder) charRef(char rune) {
	if isXMLChar(char) {
		c.out = append(c.out, '&', '#')
		c.out = strconv.AppendUint(c.out, uint64(char), 10)
		c.out = append(c.out, ';')
		return
	}
	c.out = append(c.out, "\uFFFD"...)
}

func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r < 0xd800 || r > 0xdfff && r < 0xfffe || r > 0xffff
}

// cdata writes a CDATA section, or plain text where a section cannot hold it
// or attributes have none.
func (c *xmlCoder) cdata(text []byte, e *escaping) {
	s := appendUTF8(nil, text)
	for i, r := range string(s) {
		if !isXMLChar(r) || r == '\r' || r == ']' && i+2 < len(s) && string(s[i:i+3]) == "]]>" || e == &attrEscaping {
			c.out = e.appendUTF16(c.out, text)
			return
		}
	}
	c.out = append(append(append(c.out, "<![CDATA["...), s...), "]]>"...)
}

func (c *xmlCoder) instruction(n *node) {
	c.out = append(append(c.out, '<', '?'), xmlName(n.name)...)
	if text := trimString(n.text); len(text) > 0 {
		c.out = append(c.out, ' ')
		for len(text) > 0 {
			r, took := decodeRune(text)
			if !isXMLChar(r) {
				r = '\uFFFD'
			}
			if r == '>' && c.out[len(c.out)-1] == '?' {
				c.out = append(c.out, ' ') // not the end of the instruction yet
			}
			c.out = append(c.out, string(r)...)
			text = text[took:]
		}
	}
	c.out = append(c.out, '?', '>')
}

// xmlName returns name if it is a name in XML, and otherwise a name made of it.
func xmlName(name string) string {
	ok := name != ""
	for i, r := range name {
		ok = ok && isNameRune(r, i == 0)
	}
	if ok {
		return name
	}
	s := make([]rune, 0, len(name)+1)
	for _, r := range name {
		if len(s) == 0 && !isNameRune(r, true) && isNameRune(r, false) {
			s = append(s, '_')
		}
		if !isNameRune(r, len(s) == 0) {
			r = '_'
		}
		s = append(s, r)
	}
	if len(s) == 0 {
		s = append(s, '_')
	}
	return string(s)
}

// isNameRune follows XML 1.0 (fourth edition and fifth agree on ASCII; of the
// rest we take letters of the fifth's ranges).
func isNameRune(r rune, first bool) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r == ':':
		return true
	case r >= '0' && r <= '9', r == '-', r == '.', r == 0xb7:
		return !first
	}
	return r >= 0xc0 && r <= 0x2ff && r != 0xd7 && r != 0xf7 || r >= 0x370 && r <= 0x1fff && r != 0x37e ||
		r >= 0x2c00 && r <= 0x2fef || r >= 0x3001 && r <= 0xd7ff || r >= 0xf900 && r <= 0xfdcf || r >= 0xfdf0 && r < 0xfffd
}
