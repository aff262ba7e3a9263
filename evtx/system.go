package evtx

import (
	"unicode/utf16"
)

// A Field is a field of an event's System element.
type Field uint8

// The fields of System (the schema of MS-EVEN6's event.xsd).
const (
	FieldProviderName Field = iota
	FieldProviderGUID
	FieldEventSourceName
	FieldEventID
	FieldQualifiers
	FieldVersion
	FieldLevel
	FieldTask
	FieldOpcode
	FieldKeywords
	FieldTimeCreated
	FieldEventRecordID
	FieldActivityID
	FieldRelatedActivityID
	FieldProcessID
	FieldThreadID
	FieldChannel
	FieldComputer
	FieldUserID
	numFields
)

// systemFields says where in System each field stands: the text of an
// element, or an attribute of it.
var systemFields = [numFields]struct{ element, attribute string }{
	FieldProviderName:      {"Provider", "Name"},
	FieldProviderGUID:      {"Provider", "Guid"},
	FieldEventSourceName:   {"Provider", "EventSourceName"},
	FieldEventID:           {"EventID", ""},
	FieldQualifiers:        {"EventID", "Qualifiers"},
	FieldVersion:           {"Version", ""},
	FieldLevel:             {"Level", ""},
	FieldTask:              {"Task", ""},
	FieldOpcode:            {"Opcode", ""},
	FieldKeywords:          {"Keywords", ""},
	FieldTimeCreated:       {"TimeCreated", "SystemTime"},
	FieldEventRecordID:     {"EventRecordID", ""},
	FieldActivityID:        {"Correlation", "ActivityID"},
	FieldRelatedActivityID: {"Correlation", "RelatedActivityID"},
	FieldProcessID:         {"Execution", "ProcessID"},
	FieldThreadID:          {"Execution", "ThreadID"},
	FieldChannel:           {"Channel", ""},
	FieldComputer:          {"Computer", ""},
	FieldUserID:            {"Security", "UserID"},
}

// A ref is where a value comes from: constant text of a template, one of an
// instance's values, or a value found in a record's own tree.
type ref struct {
	kind refKind
	hole uint16
	val  value
	text []byte // UTF-16LE
	str  string // the same in UTF-8
}

type refKind uint8

const (
	refNone refKind = iota
	refText
	refHole
	refValue
)

type fieldRefs [numFields]ref

// A refCollector finds System fields and data in a tree.
type refCollector struct {
	event  bool
	fields fieldRefs
	data   []dataRef

	values    *values   // of a bound tree
	interned  *interner // likewise; nil for a template
	irregular bool      // something is put together from text and holes
}

// reset empties the collector for the next tree.
func (c *refCollector) reset() {
	*c = refCollector{values: c.values, interned: c.interned, data: c.data[:0]}
}

// collect looks through the element e and what it contains: an Event, or
// what is nested in one (EventData, UserData …).
func (c *refCollector) collect(t *tree, e int32) {
	if t.nodes[e].name != "Event" {
		c.section(t, e)
		return
	}
	for i := t.nodes[e].child; i != 0; i = t.nodes[i].next {
		switch n := &t.nodes[i]; {
		case n.kind == nodeElement && n.name == "System":
			c.system(t, i)
		case n.kind == nodeElement:
			c.section(t, i)
		case n.kind == nodeHole && n.typ == TypeBinXML:
			c.data = append(c.data, dataRef{nested: true, ref: ref{kind: refHole, hole: n.hole}})
		}
	}
}

func (c *refCollector) system(t *tree, system int32) {
	c.event = true
	for f := range c.fields {
		where := &systemFields[f]
		e := t.element(t.nodes[system].child, where.element)
		if e == 0 {
			continue
		}
		chain := t.nodes[e].child
		if where.attribute != "" {
			a := t.attribute(e, where.attribute)
			if a == 0 {
				continue
			}
			chain = t.nodes[a].child
		}
		r := c.refTo(t, chain)
		r.str = c.utf8(r.text)
		c.fields[f] = r
	}
}

// refTo returns the ref for the text made of a chain of nodes.
func (c *refCollector) refTo(t *tree, chain int32) ref {
	if i := t.only(chain); i != 0 {
		switch n := &t.nodes[i]; n.kind {
		case nodeHole:
			return ref{kind: refHole, hole: n.hole}
		case nodeValue:
			return ref{kind: refValue, val: n.val}
		case nodeText, nodeCDATA:
			return textRef(n.text)
		}
	}
	if chain == 0 {
		return textRef(nil)
	}
	return textRef(c.joined(t, chain))
}

func textRef(text []byte) ref {
	return ref{kind: refText, text: trimString(text)}
}

// utf8 returns the text in UTF-8; while records are read, without allocating
// for one that comes again.
func (c *refCollector) utf8(text []byte) string {
	if c.interned != nil {
		return c.interned.intern(text)
	}
	return string(appendUTF8(nil, text))
}

// joined puts the text of several nodes together. That is rare: a few
// templates split a text around an entity.
func (c *refCollector) joined(t *tree, chain int32) []byte {
	var s []byte
	for i := chain; i != 0; i = t.nodes[i].next {
		switch n := &t.nodes[i]; n.kind {
		case nodeText, nodeCDATA:
			s = appendUTF8(s, trimString(n.text))
		case nodeCharRef:
			s = append(s, string(n.char)...)
		case nodeEntity:
			s = append(s, entityText(n.name)...)
		case nodeValue:
			s = c.values.value(n.val).AppendText(s)
		case nodeHole:
			c.irregular = true
		}
	}
	var raw []byte
	for _, u := range utf16.Encode([]rune(string(s))) {
		raw = append(raw, byte(u), byte(u>>8))
	}
	return raw
}

// entityText returns what an entity reference stands for: one of XML's own
// five, or, where it is unknown, the reference as it would be written.
func entityText(name string) string {
	switch name {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	return "&" + name + ";"
}

// named returns the text of a chain in UTF-8.
func (c *refCollector) named(t *tree, chain int32) string {
	r := c.refTo(t, chain)
	switch r.kind {
	case refHole: // only a value tells: the tree will have it
		c.irregular = true
	case refValue:
		return c.values.value(r.val).String()
	}
	return c.utf8(r.text)
}
