package evtx

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Tokens of binary XML (section "Token types"). Most may carry moreFlag.
const (
	tokenEOF          = 0x00
	tokenOpenElement  = 0x01
	tokenCloseStart   = 0x02
	tokenCloseEmpty   = 0x03
	tokenEndElement   = 0x04
	tokenValue        = 0x05
	tokenAttribute    = 0x06
	tokenCDATA        = 0x07
	tokenCharRef      = 0x08
	tokenEntityRef    = 0x09
	tokenPITarget     = 0x0a
	tokenPIData       = 0x0b
	tokenInstance     = 0x0c
	tokenNormalSubst  = 0x0d
	tokenOptSubst     = 0x0e
	tokenFragment     = 0x0f
	moreFlag          = 0x40
	fragmentHeaderLen = 4
	fragmentHeader    = tokenFragment | 1<<8 | 1<<16 // version 1.1, no flags

	// Nesting beyond this is hostile: real events stay below a dozen levels.
	maxDepth = 64
)

// A syntaxError says where in the chunk binary XML cannot be read, and why.
type syntaxError struct {
	off    int
	reason string
}

// A parser reads binary XML of one chunk into a tree. All offsets are
// relative to the chunk (section "Name").
type parser struct {
	buf       *[chunkSize]byte
	names     *nameTable
	instances *instanceReader // nil: reading a definition
	t         *tree
	pos, end  int
	depth     int
	header    bool // a fragment header was just read
	err       *syntaxError
	template  *templatePlaces // not nil: reading a definition
}

func (p *parser) fail(off int, format string, args ...any) bool {
	if p.err == nil {
		p.err = &syntaxError{off, fmt.Sprintf(format, args...)}
	}
	return false
}

func (p *parser) need(n int) bool {
	if n > p.end-p.pos {
		return p.fail(p.pos, "binary XML runs past its end")
	}
	return true
}

// document reads fragments up to the end-of-file token or the end of the
// bytes. A record may hold several (section "Document structure").
func (p *parser) document(l *nodeList) bool {
	for p.pos < p.end {
		before := l.last
		switch tok := p.buf[p.pos]; tok &^ moreFlag {
		case tokenEOF:
			p.pos++
			return true
		case tokenFragment:
			if !p.need(fragmentHeaderLen) {
				return false
			}
			p.pos += fragmentHeaderLen
			p.header = true
			continue
		case tokenOpenElement:
			if !p.element(l) {
				return false
			}
		case tokenInstance:
			if !p.instance(l) {
				return false
			}
		case tokenPITarget:
			if !p.instruction(l) {
				return false
			}
		default:
			return p.fail(p.pos, "unexpected token 0x%02x", tok)
		}
		if first := p.t.after(before, *l); p.header {
			p.t.nodes[first].fragment = true
			p.header = false
		}
	}
	return true
}

// instance notes a template instance; its values are bound later.
func (p *parser) instance(l *nodeList) bool {
	if p.template != nil {
		return p.fail(p.pos, "template instance inside a template")
	}
	end, err := p.instances.skip(p.pos, p.end)
	if err != nil {
		p.err = err
		return false
	}
	p.t.add(l, node{kind: nodeInstance, val: newValue(p.pos, end-p.pos, TypeBinXML)})
	p.pos = end
	return true
}

// element reads an element with all it contains (section "Element start").
// Inside a template definition a dependency identifier precedes the size; in
// records and BinXml values it is absent (MS-EVEN6 2.2.12). The sizes of
// elements and attribute lists are for skipping, and not relied upon.
func (p *parser) element(l *nodeList) bool {
	if p.depth++; p.depth > maxDepth {
		return p.fail(p.pos, "elements nested more than %d deep", maxDepth)
	}
	hasAttributes := p.buf[p.pos]&moreFlag != 0
	head := 5
	if p.template != nil {
		head += 2
	}
	if !p.need(head) {
		return false
	}
	p.pos += head
	if p.template != nil {
		p.template.size(p.pos - 4)
	}
	name, ok := p.name()
	if !ok {
		return false
	}
	e := p.t.add(l, node{kind: nodeElement, name: name})
	if hasAttributes && !p.attributes(e) {
		return false
	}
	if !p.need(1) {
		return false
	}
	switch p.buf[p.pos] {
	case tokenCloseEmpty:
		p.pos++
		p.t.nodes[e].empty = true
	case tokenCloseStart:
		p.pos++
		if !p.content(e) {
			return false
		}
	default:
		return p.fail(p.pos, "unexpected token 0x%02x in a start tag", p.buf[p.pos])
	}
	p.depth--
	return true
}

func (p *parser) attributes(e int32) bool {
	if !p.need(4) {
		return false
	}
	if p.template != nil {
		p.template.size(p.pos)
	}
	p.pos += 4
	var l nodeList
	for p.pos < p.end && p.buf[p.pos]&^moreFlag == tokenAttribute {
		p.pos++
		name, ok := p.name()
		if !ok {
			return false
		}
		a := p.t.add(&l, node{kind: nodeAttribute, name: name})
		var value nodeList
		for p.pos < p.end && isCharData(p.buf[p.pos]) {
			if !p.charData(&value) {
				return false
			}
		}
		p.t.nodes[a].child = value.first
	}
	p.t.nodes[e].attrs = l.first
	return true
}

// content reads what stands between a start tag and its end tag.
func (p *parser) content(e int32) bool {
	var l nodeList
	for {
		if !p.need(1) {
			return false
		}
		ok := true
		switch tok := p.buf[p.pos]; {
		case tok == tokenEndElement:
			p.pos++
			p.t.nodes[e].child = l.first
			return true
		case isCharData(tok):
			ok = p.charData(&l)
		case tok&^moreFlag == tokenOpenElement:
			ok = p.element(&l)
		case tok == tokenPITarget:
			ok = p.instruction(&l)
		case tok == tokenInstance:
			ok = p.instance(&l)
		default:
			ok = p.fail(p.pos, "unexpected token 0x%02x in an element", tok)
		}
		if !ok {
			return false
		}
	}
}

func isCharData(tok byte) bool {
	switch tok &^ moreFlag {
	case tokenValue, tokenCDATA, tokenCharRef, tokenEntityRef:
		return true
	}
	return tok == tokenNormalSubst || tok == tokenOptSubst
}

// charData reads one token of an element's or attribute's text.
func (p *parser) charData(l *nodeList) bool {
	at, tok := p.pos, p.buf[p.pos]
	p.pos++
	switch tok &^ moreFlag {
	case tokenValue: // section "Value text": always of type string
		if !p.need(1) {
			return false
		}
		if typ := ValueType(p.buf[p.pos]); typ != TypeString {
			return p.fail(at, "text of type 0x%02x", uint8(typ))
		}
		p.pos++
		return p.string(l, node{kind: nodeText, more: tok&moreFlag != 0})
	case tokenCDATA:
		return p.string(l, node{kind: nodeCDATA, more: tok&moreFlag != 0})
	case tokenCharRef:
		if !p.need(2) {
			return false
		}
		p.charRef(l, rune(u16(p.buf[:], p.pos)), tok&moreFlag != 0)
		p.pos += 2
		return true
	case tokenEntityRef:
		name, ok := p.name()
		p.t.add(l, node{kind: nodeEntity, name: name, more: tok&moreFlag != 0})
		return ok
	}
	if p.template == nil {
		return p.fail(at, "substitution outside a template")
	}
	if !p.need(3) {
		return false
	}
	if u16(p.buf[:], p.pos) >= maxValues {
		return p.fail(at, "no instance has as many values as the substitution asks for")
	}
	p.t.add(l, node{
		kind:     nodeHole,
		optional: tok == tokenOptSubst,
		hole:     uint16(u16(p.buf[:], p.pos)),
		typ:      ValueType(p.buf[p.pos+2]),
	})
	p.pos += 3
	return true
}

// charRef adds a character reference. A token has room for one UTF-16 unit
// (section "Character entity reference"), so that a character outside the Basic
// Multilingual Plane takes two tokens: they become one node.
func (p *parser) charRef(l *nodeList, char rune, more bool) {
	if l.last != 0 {
		n := &p.t.nodes[l.last]
		if whole := utf16.DecodeRune(n.char, char); n.kind == nodeCharRef && whole != utf8.RuneError {
			n.char, n.more = whole, more
			return
		}
	}
	p.t.add(l, node{kind: nodeCharRef, char: char, more: more})
}

// string reads a text with its length in UTF-16 units (section "Unicode text
// string") into n.
func (p *parser) string(l *nodeList, n node) bool {
	if !p.need(2) {
		return false
	}
	size := 2 * u16(p.buf[:], p.pos)
	p.pos += 2
	if !p.need(size) {
		return false
	}
	n.text = p.buf[p.pos : p.pos+size]
	p.pos += size
	p.t.add(l, n)
	return true
}

// instruction reads a processing instruction: target, then data (section "PI").
func (p *parser) instruction(l *nodeList) bool {
	p.pos++
	name, ok := p.name()
	if !ok {
		return false
	}
	n := node{kind: nodePI, name: name}
	if p.pos < p.end && p.buf[p.pos] == tokenPIData {
		p.pos++
		return p.string(l, n)
	}
	p.t.add(l, n)
	return true
}
