package evtx

import (
	"encoding/binary"
	"fmt"
)

// An instance is a template with values (section "Template instance data").
type instance struct {
	t    *template
	vals []value
}

const (
	// maxValues bounds a template instance; Windows stops at 256.
	maxValues = 4096
	// maxInstances bounds the instances nested in one record, all levels together.
	maxInstances = 4096
)

// instanceHead reads the front of a template instance at pos: its template,
// and where the count of values stands.
func (d *decoder) instanceHead(pos, end int) (t *template, at int, err *syntaxError) {
	const head = 10 // token, 1, template id, definition offset
	if end-pos < head {
		return nil, 0, &syntaxError{pos, "template instance is cut off"}
	}
	id, off := u32(d.buf[:], pos+2), u32(d.buf[:], pos+6)
	t, err = d.definition(off)
	if err != nil {
		return nil, 0, &syntaxError{pos, fmt.Sprintf("its template at 0x%x is damaged: %s", off, err.reason)}
	}
	// The id repeats the start of the GUID; where it does not, the offset
	// leads to something else than was meant.
	if binary.LittleEndian.Uint32(t.guid[:]) != id {
		return nil, 0, &syntaxError{pos, "template offset leads to another template"}
	}
	at = pos + head
	if int64(off) == int64(at) {
		at += definitionSize + len(t.body)
	}
	if at > end-4 {
		return nil, 0, &syntaxError{pos, "template instance is cut off"}
	}
	return t, at, nil
}

// skipInstance returns where the template instance at pos ends.
func (d *decoder) skipInstance(pos, end int) (int, *syntaxError) {
	_, at, err := d.instanceHead(pos, end)
	if err != nil {
		return 0, err
	}
	n := int(u32(d.buf[:], at))
	at += 4
	if n > maxValues || n < 0 || 4*n > end-at {
		return 0, &syntaxError{pos, "template instance has too many values"}
	}
	from := at + 4*n
	for ; n > 0; n-- {
		from += u16(d.buf[:], at)
		at += 4
	}
	if from > end {
		return 0, &syntaxError{pos, "values run past their end"}
	}
	return from, nil
}

// instance reads the template instance at pos into a new entry of
// d.instances, nested ones behind it, and returns its index and its end. It
// clears d.regular when the template's program cannot render these values.
//
// This is the path of every record: one pass over the value descriptors,
// comparing each with the table of types and the template's own demands.
func (d *decoder) instance(pos, end, depth int) (index, next int, err *syntaxError) {
	t, at, err := d.instanceHead(pos, end)
	if err != nil {
		return 0, 0, err
	}
	n := int(u32(d.buf[:], at))
	at += 4
	if n > maxValues || n < 0 || 4*n > end-at {
		return 0, 0, &syntaxError{pos, "template instance has too many values"}
	}
	if depth > maxDepth || len(d.instances) >= maxInstances {
		return 0, 0, &syntaxError{pos, "template instances are nested too deeply"}
	}
	if !t.regular {
		d.regular = false
	}
	vals := d.newValues(max(n, t.holes))
	off := at + 4*n
	nested := false
	for i := range n {
		desc := binary.LittleEndian.Uint32(d.buf[at+4*i:])
		v := value{off: uint32(off), size: uint16(desc), typ: ValueType(desc >> 16)}
		off += int(v.size)
		if off > end {
			return 0, 0, &syntaxError{at + 4*i, "value runs past its end"}
		}
		spec := &typeSpecs[v.typ]
		c := spec.class
		if int(v.size) != int(spec.size) && spec.size != sizeAny || v.size == 0 {
			if c, err = d.unevenClass(spec, v, at+4*i); err != nil {
				return 0, 0, err
			}
		}
		if i < len(t.allow) && c&t.allow[i] == 0 {
			d.regular = false
		}
		nested = nested || c == classXML
		vals[i] = v
	}
	for i := n; i < len(vals); i++ {
		vals[i] = value{off: uint32(off), typ: TypeNull}
	}
	index = len(d.instances)
	d.instances = append(d.instances, instance{t, vals})
	if nested {
		err = d.nestedInstances(t, vals, depth)
	}
	return index, off, err
}

// unevenClass returns the class of a value whose size is not the one that
// its type fixes, or an error if it should be.
func (d *decoder) unevenClass(spec *typeSpec, v value, at int) (class, *syntaxError) {
	ok := false
	switch {
	case spec.size == sizeUnknown:
		return 0, &syntaxError{at, "value of unknown type 0x" + string(appendHex(nil, uint64(v.typ))[2:])}
	case v.size == 0:
		ok = true // seen in exports: a typed value with nothing in it
	case spec.size == sizeWord:
		ok = v.size == 4 || v.size == 8
	case spec.size == sizeOfSID:
		ok = v.size >= 8 && int(v.size) == sidSize(d.buf[v.off:])
	}
	if !ok {
		return 0, &syntaxError{at, "value has not the size of its type"}
	}
	return v.class(), nil
}

// nestedInstances reads the BinXml values among vals. One that is a single
// template instance is read like the outer one; anything else, such as plain
// elements, is left to the tree.
func (d *decoder) nestedInstances(t *template, vals []value, depth int) *syntaxError {
	for i := range vals {
		v := &vals[i]
		if v.class() != classXML {
			continue
		}
		pos, end := int(v.off), int(v.off)+int(v.size)
		if end-pos > fragmentHeaderLen && d.buf[pos] == tokenFragment {
			pos += fragmentHeaderLen
		}
		if d.buf[pos] != tokenInstance {
			d.regular = false
			continue
		}
		index, next, err := d.instance(pos, end, depth+1)
		if err != nil {
			return err
		}
		if next < end && d.buf[next] != tokenEOF {
			d.regular = false
			continue
		}
		v.nested = uint16(index)
		for _, key := range t.siblings {
			if key == d.instances[index].t.rootName() {
				d.regular = false
			}
		}
	}
	return nil
}

// newValues takes n values from the record's supply.
func (d *decoder) newValues(n int) []value {
	if len(d.supply)+n > cap(d.supply) {
		d.supply = make([]value, 0, max(2*cap(d.supply), n, 512))
	}
	from := len(d.supply)
	d.supply = d.supply[:from+n]
	return d.supply[from : from+n : from+n]
}
