package evtx

import (
	"reflect"
	"slices"
	"strings"
)

// Event returns a copy of the record that outlives the loop, and that a Writer
// takes back. Written as it is, it is the record that it was, to the byte of its
// XML, RenderingInfo and whatever else Event has no field for included. Once a
// field was changed, what is written is made of the fields alone.
//
// Values are copied with their types; texts of UserData are texts. It costs a few
// microseconds and some kilobytes: to look at a record, use its methods.
func (r *Record) Event() *Event {
	e := r.eventFields()
	e.source = r.copySource()
	return e
}

// An eventSource is the record that an Event is a copy of, encoded on its own.
type eventSource struct {
	record   []byte
	codePage CodePage
}

// eventFields makes an Event without its source.
func (r *Record) eventFields() *Event {
	e := &Event{
		Provider: r.Provider(), ProviderGUID: r.ProviderGUID(), EventSourceName: r.Value(FieldEventSourceName).String(),
		EventID: r.EventID(), Qualifiers: r.Qualifiers(), Version: r.Version(), Level: r.Level(), Task: r.Task(), Opcode: r.Opcode(),
		Keywords: r.Keywords(), TimeCreated: r.TimeCreated(), EventRecordID: r.EventRecordID(),
		ActivityID: r.ActivityID(), RelatedActivityID: r.RelatedActivityID(), ProcessID: r.ProcessID(), ThreadID: r.ThreadID(),
		Channel: r.Channel(), Computer: r.Computer(), UserID: r.UserID(),
	}
	named, userData := false, false
	r.copyData(r.data, r.vals, func(s section, name string, v Value) {
		switch s {
		case sectionEventData:
			named = named || name != "" || v.Type.Base() != TypeString
			e.Data = append(e.Data, Data{name, v})
		case sectionBinary:
			e.Binary = v.Raw
		case sectionUserData:
			userData = true
		}
	})
	if !named { // the strings of a classic event
		for _, d := range e.Data {
			e.Strings = append(e.Strings, d.Value.Strings()...)
		}
		e.Data = nil
	}
	if userData {
		e.UserData = r.userData()
	}
	return e
}

// copyData gives every value of the event's data, arrays in one piece and NULL
// ones not at all, in memory of their own.
func (r *Record) copyData(refs []dataRef, vals []value, yield func(section, string, Value)) {
	for i := range refs {
		ref := &refs[i]
		if ref.nested {
			if in := r.d.instances.in(vals[ref.ref.hole]); in != nil {
				r.copyData(in.t.data, in.vals, yield)
			}
			continue
		}
		v := r.d.renderer.resolve(&ref.ref, vals)
		switch {
		case v.IsNull():
			continue
		case v.Type == TypeAnsiString:
			v = StringValue(v.String())
		case v.Type.Base() == TypeAnsiString:
			v = StringsValue(v.Strings()...)
		}
		yield(ref.section, strings.Clone(ref.name), Value{Type: v.Type, Raw: slices.Clone(stored(v))})
	}
}

// userData makes an Element of what stands in UserData. It builds the record's
// tree, and reads the record anew as that takes its values' place.
func (r *Record) userData() *Element {
	d, recovered := r.d, r.recovered
	off, size := r.off, r.size
	var out *Element
	if t, err := d.binder.bind(off+recordHeader, off+size-4, maxRendered); err == nil {
		out = d.elementBelow(t, "Event", "UserData")
	}
	if _, err := d.again(off, size); err == nil {
		r.recovered = recovered
	}
	return out
}

// elementBelow returns the first element below those of the path.
func (d *decoder) elementBelow(t *tree, path ...string) *Element {
	chain := t.nodes[0].child
	for _, name := range path {
		e := t.element(chain, name)
		if e == 0 {
			return nil
		}
		chain = t.nodes[e].child
	}
	for i := chain; i != 0; i = t.nodes[i].next {
		if t.nodes[i].kind == nodeElement {
			out := d.makeElement(t, i)
			return &out
		}
	}
	return nil
}

func (d *decoder) makeElement(t *tree, e int32) Element {
	out := Element{Name: strings.Clone(t.nodes[e].name)}
	for a := t.nodes[e].attrs; a != 0; a = t.nodes[a].next {
		out.Attributes = append(out.Attributes, Attribute{strings.Clone(t.nodes[a].name), d.chainText(t, t.nodes[a].child)})
	}
	out.Text = d.chainText(t, t.nodes[e].child)
	for i := t.nodes[e].child; i != 0; i = t.nodes[i].next {
		if t.nodes[i].kind == nodeElement {
			out.Children = append(out.Children, d.makeElement(t, i))
		}
	}
	return out
}

// chainText returns the text of a chain, without that of elements in it.
func (d *decoder) chainText(t *tree, chain int32) string {
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
			s = d.renderer.values.value(n.val).AppendText(s)
		}
	}
	return string(s)
}

// copySource encodes the record on its own; nil if that cannot be done.
func (r *Record) copySource() *eventSource {
	d := r.d
	if d.copier == nil {
		d.copier = new(recordCopier)
	}
	c := d.copier
	c.convert.begin(nil)
	c.chunk.begin(1)
	b, err := body{rec: r, convert: &c.convert}, error(nil)
	if r.tree != nil {
		b, err = c.convert.record(r)
	}
	if err != nil {
		return nil
	}
	if ok, err := c.chunk.record(r.written, func() error { return c.chunk.body(b) }); !ok || err != nil {
		return nil
	}
	return &eventSource{slices.Clone(c.chunk.b[chunkHeaderSize:]), d.renderer.codePage}
}

// A recordCopier encodes records one by one.
type recordCopier struct {
	chunk   chunkWriter
	convert converter
}

// An eventReader reads the sources of Events.
type eventReader struct {
	d       *decoder
	convert converter
}

// record returns the record that e is an unchanged copy of; nil if there is none.
func (er *eventReader) record(e *Event) *Record {
	if e.source == nil || len(e.source.record) > chunkSize-chunkHeaderSize {
		return nil
	}
	if er.d == nil {
		er.d = newDecoder(new(templateCache))
	}
	er.d.renderer.values.codePage = e.source.codePage
	clear(er.d.chunk.buf[:])
	copy(er.d.chunk.buf[chunkHeaderSize:], e.source.record)
	er.d.chunk.begin(0, fileHeaderSize)
	er.d.begin()
	r, err := er.d.again(chunkHeaderSize, len(e.source.record))
	if err != nil {
		return nil
	}
	now := *e
	now.source = nil
	if !reflect.DeepEqual(&now, r.eventFields()) {
		return nil
	}
	return r
}
