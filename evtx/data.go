package evtx

// Data is one value of an event: of EventData, UserData, RenderingInfo or
// whatever else stands beside System.
type Data struct {
	// Name is the Name attribute of a Data element, and otherwise the name
	// of the element or attribute that holds the value. Empty for the
	// unnamed strings of classic events.
	Name  string
	Value Value
}

// A section is the part of an event that a value belongs to.
type section uint8

const (
	sectionOther section = iota
	sectionEventData
	sectionBinary // the binary part of EventData
	sectionUserData
	sectionRendering // texts that the machine of a forwarded event rendered
	sectionMessage   // the message among them
)

// A dataRef is where a Data comes from. Nested ones stand for all the data of
// the template instance in a hole.
type dataRef struct {
	name    string
	section section
	nested  bool
	ref     ref
}

// section collects the data of one of Event's children.
func (c *refCollector) section(t *tree, e int32) {
	s := sectionOther
	switch t.nodes[e].name {
	case "EventData":
		s = sectionEventData
	case "UserData":
		s = sectionUserData
	case "RenderingInfo":
		s = sectionRendering
	}
	c.children(t, e, s)
}

func (c *refCollector) children(t *tree, e int32, s section) {
	for i := t.nodes[e].child; i != 0; i = t.nodes[i].next {
		switch n := &t.nodes[i]; {
		case n.kind == nodeElement:
			c.element(t, i, s)
		case n.kind == nodeHole && n.typ == TypeBinXML:
			c.data = append(c.data, dataRef{section: s, nested: true, ref: ref{kind: refHole, hole: n.hole}})
		}
	}
}

// element collects the data of an element: its attributes, then its text or
// its children.
func (c *refCollector) element(t *tree, e int32, s section) {
	n := &t.nodes[e]
	name := n.name
	switch {
	case s == sectionEventData && name == "Data":
		name = ""
		if a := t.attribute(e, "Name"); a != 0 {
			name = c.named(t, t.nodes[a].child)
		}
	case s == sectionEventData && name == "Binary":
		s = sectionBinary
	case s == sectionRendering && name == "Message":
		s = sectionMessage
	case s != sectionEventData:
		c.attributes(t, e, s)
	}
	nested := false
	for i := n.child; i != 0; i = t.nodes[i].next {
		k := t.nodes[i].kind
		nested = nested || k == nodeElement || k == nodeHole && t.nodes[i].typ == TypeBinXML
	}
	switch {
	case nested:
		c.children(t, e, s)
	case n.child != 0 || s == sectionEventData:
		c.data = append(c.data, dataRef{name: name, section: s, ref: c.refTo(t, n.child)})
	}
}

// attributes collects attributes that carry data; event texts of UserData may
// stand in them (section "Event data").
func (c *refCollector) attributes(t *tree, e int32, s section) {
	for a := t.nodes[e].attrs; a != 0; a = t.nodes[a].next {
		if name := t.nodes[a].name; !isNamespace(name) {
			c.data = append(c.data, dataRef{name: name, section: s, ref: c.refTo(t, t.nodes[a].child)})
		}
	}
}

func isNamespace(name string) bool {
	return name == "xmlns" || len(name) > 6 && name[:6] == "xmlns:"
}
