package evtx

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// This file writes binary XML: trees and template instances, as binxml.go and
// instance.go read them.

// An encodedValue is a value on its way into a chunk.
type encodedValue struct {
	typ  ValueType
	raw  []byte
	tree *tree // BinXml: the nodes from first on
	from int32
	sub  *encodedInstance // BinXml: a template instance
}

// An encodedInstance is a template with values to write.
type encodedInstance struct {
	t    *writtenTemplate
	vals []encodedValue
}

// A writtenTemplate is a template as it is written: a definition's tree and
// the GUID that names it.
type writtenTemplate struct {
	guid  GUID
	tree  *tree
	names []string // of the elements and attributes around the holes

	edited bool // its texts are not those that were read
}

// weight is about how many bytes it takes, beside the template that it was made of.
func (t *writtenTemplate) weight() int {
	n := 16 * len(t.names)
	if t.edited {
		n += 104 * len(t.tree.nodes)
	}
	return n
}

// same reports whether two templates have the same content.
func (t *writtenTemplate) same(o *writtenTemplate) bool {
	return t == o || slices.EqualFunc(t.tree.nodes, o.tree.nodes, func(a, b node) bool {
		return a.kind == b.kind && a.name == b.name && a.hole == b.hole && a.typ == b.typ && a.optional == b.optional &&
			a.empty == b.empty && a.char == b.char && a.next == b.next && a.child == b.child && a.attrs == b.attrs && bytes.Equal(a.text, b.text)
	})
}

// contentGUID derives a GUID from a tree, for templates that no Windows has
// named: the same content gets the same one.
func contentGUID(t *tree) (g GUID) {
	h := sha256.New()
	for i := range t.nodes {
		n := &t.nodes[i]
		fmt.Fprintf(h, "%d %q %d %d %t %t %d %d %d %d %x\n", n.kind, n.name, n.hole, n.typ, n.optional, n.empty, n.char, n.next,
			n.child, n.attrs, n.text)
	}
	copy(g[:], h.Sum(nil))
	g[7] = g[7]&0x0f | 0x80 // version 8: made by a rule of our own
	g[8] = g[8]&0x3f | 0x80
	return g
}

// nameHash32 is nameHash before it is cut to 16 bits.
func nameHash32(utf16 []byte) uint32 {
	var h uint32
	for i := 0; i+1 < len(utf16); i += 2 {
		h = h*65599 + uint32(utf16[i]) + uint32(utf16[i+1])<<8
	}
	return h
}

func encodeUTF16(dst []byte, s string) []byte {
	for _, r := range s {
		if r > 0xffff {
			a, b := utf16.EncodeRune(r)
			dst = binary.LittleEndian.AppendUint16(dst, uint16(a))
			r = b
		}
		dst = binary.LittleEndian.AppendUint16(dst, uint16(r))
	}
	return dst
}

// instance writes a template instance, and the definition where the chunk has
// it not yet.
func (c *chunkWriter) instance(in *encodedInstance) error {
	specs, err := c.instanceHead(in.t, len(in.vals))
	for i := 0; i < len(in.vals) && err == nil; i++ {
		v := &in.vals[i]
		from := len(c.b)
		if err = c.value(v); err == nil {
			err = c.spec(specs, i, from, v.typ)
		}
	}
	return err
}

// copyInstance writes a template instance that was read, as it is: the path
// of nearly all records of a slice. Descriptors and values lie in a row, here
// as there, and are copied in as few pieces as possible: only what is written
// in another way than it was found interrupts that.
func (c *chunkWriter) copyInstance(conv *converter, d *decoder, in instance, depth int) error {
	specs, err := c.instanceHead(conv.template(in.t), in.count)
	if err != nil || in.count == 0 {
		return err
	}
	copied := in.vals[0].off() // values before this place are written
	for i, v := range in.vals[:in.count] {
		size, t := v.size(), v.typ()
		if raw := d.chunk.buf[v.off():v.end()]; !asStored(t, raw) {
			c.b = append(c.b, d.chunk.buf[copied:v.off()]...)
			copied = v.end()
			from := len(c.b)
			if err := c.copyValue(conv, d, v, depth); err != nil {
				return err
			}
			if size = len(c.b) - from; size > 0xffff {
				return errValueTooLarge(i, size)
			}
		}
		binary.LittleEndian.PutUint32(c.b[specs+4*i:], uint32(size)|uint32(t)<<16)
	}
	c.b = append(c.b, d.chunk.buf[copied:in.vals[in.count-1].end()]...)
	return nil
}

// asStored reports whether a value can be copied as it is.
func asStored(t ValueType, raw []byte) bool {
	n := len(raw)
	switch {
	case n == 0:
		return true
	case t == TypeNull || t == TypeBinXML:
		return false
	case t == TypeString:
		return n%2 == 0 && raw[n-1]|raw[n-2] != 0
	case t == TypeString|TypeArray:
		return n%2 == 0 && raw[n-1]|raw[n-2] == 0
	}
	return true
}

// copyValue writes a value for which asStored is false.
func (c *chunkWriter) copyValue(conv *converter, d *decoder, v value, depth int) error {
	switch {
	case v.typ() == TypeNull: // without the bytes that live logs leave there
		return nil
	case v.typ() != TypeBinXML:
		c.b = append(c.b, stored(Value{Type: v.typ(), Raw: d.chunk.buf[v.off():v.end()]})...)
		return nil
	}
	if sub := d.instances.in(v); sub != nil {
		c.u8(tokenFragment, 1, 1, 0)
		err := c.copyInstance(conv, d, *sub, depth+1)
		c.u8(tokenEOF)
		return err
	}
	b, err := conv.fragment(d, v.off(), v.end(), depth+1)
	if err != nil {
		return err
	}
	return c.fragment(b.tree, b.from, false)
}

// instanceHead writes what comes before the values of an instance and
// returns where their descriptors are to be filled in.
func (c *chunkWriter) instanceHead(t *writtenTemplate, count int) (specs int, err error) {
	guid := t.guid
	known, ok := c.templates[guid]
	if ok && !known.t.same(t) {
		// Two templates under one GUID: only damage makes that.
		guid = contentGUID(t.tree)
		known, ok = c.templates[guid]
	}
	c.u8(tokenInstance, 1)
	c.u8(guid[:4]...)
	if ok {
		c.u32(known.off)
	} else if err := c.definition(guid, t); err != nil {
		return 0, err
	}
	c.u32(uint32(count))
	specs = len(c.b)
	c.b = slices.Grow(c.b, 4*count)[:specs+4*count]
	clear(c.b[specs:])
	return specs, nil
}

// spec fills in the descriptor of value i, which was written from on.
func (c *chunkWriter) spec(specs, i, from int, t ValueType) error {
	size := len(c.b) - from
	if size > 0xffff {
		return errValueTooLarge(i, size)
	}
	binary.LittleEndian.PutUint32(c.b[specs+4*i:], uint32(size)|uint32(t)<<16)
	return nil
}

func errValueTooLarge(i, size int) error {
	return fmt.Errorf("value %d has %d bytes, more than the 65535 that a value can have", i, size)
}

// stored returns a value's bytes as Windows writes them in exports: strings
// without a NUL at the end, those of an array each with one.
func stored(v Value) []byte {
	switch {
	case v.Type == TypeString:
		return trimString(v.Raw)
	case v.Type == TypeString|TypeArray:
		raw := v.Raw[:len(v.Raw)&^1]
		if n := len(raw); n > 0 && raw[n-1]|raw[n-2] != 0 {
			return append(raw[:n:n], 0, 0)
		}
		return raw
	}
	return v.Raw
}

func (c *chunkWriter) definition(guid GUID, t *writtenTemplate) error {
	off := uint32(len(c.b) + 4)
	c.u32(off)
	c.u32(c.templTab[nameHash32(guid[:])%32])
	c.u8(guid[:]...)
	size := len(c.b)
	c.u32(0)
	c.define(guid, off, t)
	if err := c.fragment(t.tree, t.tree.nodes[0].child, true); err != nil {
		return err
	}
	c.setSize(size, size+4)
	return nil
}

// fragment writes a chain of nodes as Windows writes exports: a fragment
// header in front, the end-of-file token behind.
func (c *chunkWriter) fragment(t *tree, chain int32, definition bool) error {
	for i, first := chain, true; i != 0; i, first = t.nodes[i].next, false {
		if first || t.nodes[i].fragment {
			c.u8(tokenFragment, 1, 1, 0)
		}
		if err := c.node(t, i, definition); err != nil {
			return err
		}
	}
	c.u8(tokenEOF)
	return nil
}

func (c *chunkWriter) value(v *encodedValue) error {
	switch {
	case v.sub != nil:
		c.u8(tokenFragment, 1, 1, 0)
		if err := c.instance(v.sub); err != nil {
			return err
		}
		c.u8(tokenEOF)
	case v.tree != nil:
		return c.fragment(v.tree, v.from, false)
	default:
		c.u8(v.raw...)
	}
	return nil
}

// node writes one node with all it contains.
func (c *chunkWriter) node(t *tree, i int32, definition bool) error {
	n := &t.nodes[i]
	token := func(tok byte) {
		if n.more {
			tok |= moreFlag
		}
		c.u8(tok)
	}
	switch n.kind {
	case nodeElement:
		return c.element(t, i, definition)
	case nodeText:
		token(tokenValue)
		c.u8(byte(TypeString))
		return c.text(n.text)
	case nodeCDATA:
		token(tokenCDATA)
		return c.text(n.text)
	case nodeCharRef:
		if high, low := utf16.EncodeRune(n.char); high != utf8.RuneError {
			c.u8(tokenCharRef | moreFlag)
			c.u16(uint16(high))
			token(tokenCharRef)
			c.u16(uint16(low))
			break
		}
		token(tokenCharRef)
		c.u16(uint16(n.char))
	case nodeEntity:
		token(tokenEntityRef)
		c.name(n.name)
	case nodePI:
		c.u8(tokenPITarget)
		c.name(n.name)
		c.u8(tokenPIData)
		return c.text(n.text)
	case nodeHole:
		tok := byte(tokenNormalSubst)
		if n.optional {
			tok = tokenOptSubst
		}
		c.u8(tok)
		c.u16(n.hole)
		c.u8(byte(n.typ))
	case nodeInstance:
		return c.instance(n.sub)
	}
	return nil
}

func (c *chunkWriter) text(raw []byte) error {
	if len(raw)/2 > 0xffff {
		return fmt.Errorf("text has %d characters, more than the 65535 that a text can have", len(raw)/2)
	}
	c.u16(uint16(len(raw) / 2))
	c.u8(raw[:len(raw)&^1]...)
	return nil
}

// element writes an element; see parser.element for the layout.
func (c *chunkWriter) element(t *tree, e int32, definition bool) error {
	n := &t.nodes[e]
	tok := byte(tokenOpenElement)
	if n.attrs != 0 {
		tok |= moreFlag
	}
	c.u8(tok)
	if definition {
		c.u16(dependency(t, n.child))
	}
	size := len(c.b)
	c.u32(0)
	c.name(n.name)
	if n.attrs != 0 {
		if err := c.attributes(t, n.attrs, definition); err != nil {
			return err
		}
	}
	if n.empty {
		c.u8(tokenCloseEmpty)
	} else {
		c.u8(tokenCloseStart)
		for i := n.child; i != 0; i = t.nodes[i].next {
			if err := c.node(t, i, definition); err != nil {
				return err
			}
		}
		c.u8(tokenEndElement)
	}
	c.setSize(size, size+4)
	return nil
}

func (c *chunkWriter) attributes(t *tree, chain int32, definition bool) error {
	size := len(c.b)
	c.u32(0)
	for a := chain; a != 0; a = t.nodes[a].next {
		tok := byte(tokenAttribute)
		if t.nodes[a].next != 0 {
			tok |= moreFlag
		}
		c.u8(tok)
		c.name(t.nodes[a].name)
		for i := t.nodes[a].child; i != 0; i = t.nodes[i].next {
			if err := c.node(t, i, definition); err != nil {
				return err
			}
		}
	}
	c.setSize(size, size+4)
	return nil
}

// dependency returns the dependency identifier of an element: the value whose
// NULL leaves it out, or 0xffff (section "Element start").
func dependency(t *tree, content int32) uint16 {
	for i := content; i != 0; i = t.nodes[i].next {
		if t.nodes[i].kind == nodeHole && t.nodes[i].optional {
			return t.nodes[i].hole
		}
	}
	return 0xffff
}
