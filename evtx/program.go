package evtx

import "slices"

// A program renders the instances of a template: constant text, already
// escaped, with an op wherever a value decides what is written. Running it is
// copy, format, copy. The same walk over a tree compiles a template (holes
// become ops) and renders a record's own tree (values are written in place),
// so both ways give the same bytes.
type program struct {
	text []byte
	ops  []op
}

// An op first copies text[from:to], then does what its kind says with the
// value in its hole.
type op struct {
	kind         opKind
	data         bool // JSON: an empty value is "" rather than null
	classic      bool // JSON: of a Data element without a name
	hole         uint16
	target       uint16 // of a jump: index of an op
	from, to     uint32
	keyTo, endTo uint32 // text[to:keyTo] and text[keyTo:endTo], where the kind needs them
}

type opKind uint8

const (
	opText opKind = iota // nothing more
	opSkip               // jump to target if the value is NULL
	opRaw                // the value's text

	opAttribute // text[to:keyTo], the value, the rest, unless the value is empty
	opNested    // the instance in the value
	opRepeat    // XML: for each item text[to:keyTo], item, text[keyTo:endTo]

	// JSON only.
	opMember      // text[to:keyTo], the value, the rest, unless the value is NULL
	opLeaf        // null, number or string
	opItems       // like opLeaf; an array in brackets: see jsonList
	opTextMember  // ,"#text": and the value, unless it is empty
	opObject      // the nested instance as an object, or null
	opEnd         // close an object
	opAttrsBegin  // open the object of attributes that may all be empty
	opAttrsEnd    // close it, or take it back
	opElement     // open an element whose attributes may all be empty
	opElementEnd  // close it, or write the bare value
	opElementVoid // the same for an element without content
	opListBegin   // open a list that may turn out to have one item: see jsonList
	opItem        // one item of it, or each of an array's
	opStaticItem  // one item, which is text[to:keyTo]
	opListEnd     // close it
)

// maxRendered bounds the text of one event. The longest real one, a full
// chunk of escaped text, stays below 1 MiB; a few hundred bytes can ask for
// gigabytes by referring to one long constant again and again.
const maxRendered = 4 << 20

// A coder is what the JSON and the XML walk have in common.
type coder struct {
	t        *tree
	vals     *values   // to format values in a bound tree
	interned *interner // likewise; nil to compile
	tmpl     *template // to compile; nil to render
	prog     *program
	out      []byte
	from     int  // where the text of the next op starts
	bad      bool // the template needs more than a program can do
}

// op ends the running text with an op.
func (c *coder) op(o op) {
	if c.prog == nil || len(c.prog.ops) > 0xfff0 {
		c.bad = true
		return
	}
	o.from, o.to = uint32(c.from), uint32(len(c.out))
	c.prog.ops = append(c.prog.ops, o)
	c.from = len(c.out)
}

// opWith is op with a key and an end text kept for the op itself.
func (c *coder) opWith(o op, key func(), end string) {
	to := len(c.out)
	key()
	o.keyTo = uint32(len(c.out))
	c.out = append(c.out, end...)
	o.endTo = uint32(len(c.out))
	rest := c.out
	c.out = c.out[:to]
	c.op(o)
	c.out = rest
	c.from = len(c.out)
}

// skips writes jumps over what follows, for each optional substitution that
// stands directly in the chain: its element is left out when it is NULL
// (MS-EVEN6 3.1.4.7.2). The result is for setTargets.
func (c *coder) skips(chain int32) (from, to int) {
	if c.prog == nil {
		return 0, 0
	}
	from = len(c.prog.ops)
	for i := chain; i != 0; i = c.t.nodes[i].next {
		if n := &c.t.nodes[i]; n.kind == nodeHole && n.optional {
			c.op(op{kind: opSkip, hole: n.hole})
		}
	}
	return from, len(c.prog.ops)
}

// setTargets lets the jumps in ops from..to go to what comes next.
func (c *coder) setTargets(from, to int) {
	if from == to || c.bad {
		return
	}
	if c.from < len(c.out) {
		c.op(op{kind: opText})
	}
	for i := from; i < to; i++ {
		c.prog.ops[i].target = uint16(len(c.prog.ops))
	}
}

// finish ends the program with what text is left.
func (c *coder) finish() bool {
	if c.bad {
		return false
	}
	if c.from < len(c.out) {
		c.op(op{kind: opText})
	}
	c.prog.text = slices.Grow(c.out, shortText)
	return !c.bad
}

// A shape sums up a chain of an element's or attribute's nodes.
type shape struct {
	nodes    int  // all but instructions
	elements int  // child elements
	holes    int  // holes for text
	xml      int  // holes for nested XML
	text     bool // constant text, or a bound value, that is not empty
}

func (s shape) static() bool { return s.holes == 0 && s.xml == 0 }

func (c *coder) shape(chain int32) (s shape) {
	for i := chain; i != 0; i = c.t.nodes[i].next {
		switch n := &c.t.nodes[i]; n.kind {
		case nodePI:
			continue
		case nodeElement:
			s.elements++
		case nodeHole:
			if n.typ == TypeBinXML {
				s.xml++
			} else {
				s.holes++
			}
		case nodeText, nodeCDATA:
			s.text = s.text || len(trimString(n.text)) > 0
		case nodeValue:
			s.text = s.text || !isEmpty(c.vals.value(n.val))
		default:
			s.text = true
		}
		s.nodes++
	}
	return s
}

// isEmpty reports whether a value renders to nothing.
func isEmpty(v Value) bool {
	switch v.Type {
	case TypeNull:
		return true
	case TypeString, TypeEvtXML:
		return len(trimString(v.Raw)) == 0
	case TypeAnsiString:
		return len(trimAnsi(v.Raw)) == 0
	}
	return len(v.Raw) == 0
}

// appendValue appends the text of a value, escaped. Programs meet single values
// only; in a tree the items of a second array are separated by commas.
func (e *escaping) appendValue(dst []byte, v Value) []byte {
	if v.Type&TypeArray != 0 {
		return e.appendUTF8(dst, v.AppendText(nil))
	}
	switch v.Type {
	case TypeString, TypeEvtXML:
		return e.appendUTF16(dst, trimString(v.Raw))
	case TypeAnsiString:
		raw := trimAnsi(v.Raw)
		if !isASCII(raw) {
			raw = v.cp.decode(nil, raw)
		}
		return e.appendUTF8(dst, raw)
	}
	return appendPlain(dst, v.Type, v.Raw)
}
