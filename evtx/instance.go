package evtx

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
)

// An instance is a template with values (section "Template instance data").
type instance struct {
	t     *template
	vals  []value // as many as the template asks for, at least
	count int     // how many of them there are in the log
	cost  int     // of rendering it, at most
}

// An instanceReader reads template instances: those of the current record.
type instanceReader struct {
	buf         *[chunkSize]byte // of the chunk
	definitions *definitions

	list      []instance // the outer instance, and those nested in it behind it
	supply    []value    // where the instances' values are
	asked     int        // how many values have been taken from it
	regular   bool       // programs can render all instances
	allowance int        // what the record may cost in any case

	elsewhere  *library // where templates are looked for that the chunk has not; nil: nowhere
	incomplete bool     // a skeleton had to stand in for one
}

// reset is for the begin of a record.
func (r *instanceReader) reset() {
	r.list, r.supply, r.asked, r.regular, r.incomplete = r.list[:0], r.supply[:0], 0, true, false
}

// in returns the instance nested in a BinXml value, or nil.
func (r *instanceReader) in(v value) *instance {
	if v.nested() == 0 {
		return nil
	}
	return &r.list[v.nested()]
}

const (
	// maxValues bounds a template instance; Windows stops at 256.
	maxValues = 4096
	// maxInstances bounds the instances nested in one record, all levels together.
	maxInstances = 4096
	// maxSupply bounds the values of a record, all instances together: its bytes have room for a quarter of that.
	maxSupply = 64 << 10
)

const instanceHead = 10 // token, 1, template id, definition offset

// head reads the front of a template instance at pos: its template,
// and where the count of values stands.
func (r *instanceReader) head(pos, end int) (t *template, at int, err *syntaxError) {
	if end-pos < instanceHead {
		return nil, 0, &syntaxError{pos, "template instance is cut off"}
	}
	id, off := u32(r.buf[:], pos+2), u32(r.buf[:], pos+6)
	def := r.definitions.at(off)
	// The id repeats the start of the GUID; where it does not, the offset
	// leads to something else than was meant. One wrong bit is merely damage.
	if def.err != nil || def.id != id && bits.OnesCount32(def.id^id) > 1 {
		return r.headElsewhere(pos, end, def.err)
	}
	at = pos + instanceHead
	if int64(off) == int64(at) {
		at += definitionSize + def.size
	}
	if at > end-4 {
		return nil, 0, &syntaxError{pos, "template instance is cut off"}
	}
	return def.t, at, nil
}

// headElsewhere is head for a template that is not where the record says, or
// cannot be read. For a recovered record it is looked for in the rest of the
// log, and a skeleton stands in for one that is not there either.
func (r *instanceReader) headElsewhere(pos, end int, err *syntaxError) (*template, int, *syntaxError) {
	id, off := u32(r.buf[:], pos+2), u32(r.buf[:], pos+6)
	if err != nil {
		err = &syntaxError{pos, fmt.Sprintf("its template at 0x%x is damaged: %s", off, err.reason)}
	} else {
		err = &syntaxError{pos, "template offset leads to another template"}
	}
	if r.elsewhere == nil {
		return nil, 0, err
	}
	var t *template
	at := pos + instanceHead
	if int64(off) == int64(at) && end-at >= definitionSize && u32(r.buf[:], at+4) == id {
		if u32(r.buf[:], at+20) > chunkSize {
			return nil, 0, err
		}
		t = r.elsewhere.byGUID(GUID(r.buf[at+4 : at+20]))
		at += definitionSize + int(u32(r.buf[:], at+20))
	} else {
		t = r.elsewhere.byID(id)
	}
	if at > end-4 {
		return nil, 0, err
	}
	if t == nil || u32(r.buf[:], at) < uint32(t.holes) {
		if t = r.elsewhere.skeletons.find(r.buf[:], at, end, len(r.list) == 0); t == nil {
			return nil, 0, err
		}
		r.incomplete = true
	}
	return t, at, nil
}

// skip returns where the template instance at pos ends.
func (r *instanceReader) skip(pos, end int) (int, *syntaxError) {
	_, at, err := r.head(pos, end)
	if err != nil {
		return 0, err
	}
	n := int(u32(r.buf[:], at))
	at += 4
	if n > maxValues || n < 0 || 4*n > end-at {
		return 0, &syntaxError{pos, "template instance has too many values"}
	}
	from := at + 4*n
	for ; n > 0; n-- {
		from += u16(r.buf[:], at)
		at += 4
	}
	if from > end {
		return 0, &syntaxError{pos, "values run past their end"}
	}
	return from, nil
}

// read reads the template instance at pos into a new entry of
// r.list, nested ones behind it, and returns its index and its end. It
// clears r.regular when the template's program cannot render these values.
//
// This is the path of every record: one pass over the value descriptors,
// comparing each with the table of types and the template's own demands.
func (r *instanceReader) read(pos, end, depth int) (index, next int, err *syntaxError) {
	t, at, err := r.head(pos, end)
	if err != nil {
		return 0, 0, err
	}
	n := int(u32(r.buf[:], at))
	at += 4
	if n > maxValues || n < 0 || 4*n > end-at {
		return 0, 0, &syntaxError{pos, "template instance has too many values"}
	}
	if depth > maxDepth || len(r.list) >= maxInstances {
		return 0, 0, &syntaxError{pos, "template instances are nested too deeply"}
	}
	t.programs.Do(t.compile)
	if !t.regular {
		r.regular = false
	}
	vals := r.newValues(max(n, t.holes))
	if vals == nil {
		return 0, 0, &syntaxError{pos, "template instances ask for too many values"}
	}
	specs := r.buf[at : at+4*n]
	off := at + 4*n
	first := len(vals) // BinXml value
	for i := range vals[:n] {
		spec := binary.LittleEndian.Uint32(specs[4*i:])
		size, typ := int(spec&0xffff), ValueType(spec>>16)
		rule := typeSpecs[typ]
		c := rule.class
		v := newValue(off, size, typ)
		if size != int(rule.size) && rule.size != sizeAny {
			if c, err = r.unevenClass(v, end); err != nil {
				return 0, 0, err
			}
			if c == classXML {
				first = min(first, i)
			}
		}
		if i < len(t.allow) && c&t.allow[i] == 0 {
			r.regular = false
		}
		vals[i] = v
		off += size
	}
	if off > end {
		return 0, 0, &syntaxError{pos, "values run past their end"}
	}
	for i := n; i < len(vals); i++ {
		vals[i] = newValue(off, 0, TypeNull)
	}
	index = len(r.list)
	bytes := off - at - 4*n
	cost := t.text + t.most.uses*(costPerByte*bytes+costPerValue*n) + t.most.repeat*bytes
	if cost > r.allowance {
		cost = r.exactCost(t, vals[:n])
	}
	r.list = append(r.list, instance{t, vals, n, cost})
	if first < len(vals) {
		err = r.nested(index, first, depth)
	}
	return index, off, err
}

// unevenClass returns the class of a value whose size is not the one number
// that its type fixes, or an error if it should be.
func (r *instanceReader) unevenClass(v value, end int) (class, *syntaxError) {
	size := v.size()
	if v.end() > end {
		return 0, &syntaxError{v.off(), "values run past their end"}
	}
	ok := false
	switch typeSpecs[v.typ()].size {
	case sizeUnknown:
		return 0, &syntaxError{v.off(), "value of unknown type " + string(appendHex(nil, uint64(v.typ())))}
	case sizeNested:
		ok = true
	case sizeItems:
		ok = size%int(typeSpecs[v.typ()].item) == 0
	case sizeWord:
		ok = size == 4 || size == 8
	case sizeOfSID:
		ok = size >= 8 && size == sidSize(r.buf[v.off():])
	}
	if !ok {
		return 0, &syntaxError{v.off(), "value has not the size of its type"}
	}
	return v.class(), nil
}

// nested reads the BinXml values of an instance, from value first on. One that
// is a single template instance is read like the outer one; anything else, such
// as plain elements, is left to the tree.
func (r *instanceReader) nested(outer, first, depth int) *syntaxError {
	t, vals := r.list[outer].t, r.list[outer].vals
	cost := 0
	for i := first; i < len(vals); i++ {
		v := vals[i]
		if v.typ() != TypeBinXML || v.size() == 0 {
			continue
		}
		pos, end := v.off(), v.end()
		if end-pos > fragmentHeaderLen && r.buf[pos] == tokenFragment {
			pos += fragmentHeaderLen
		}
		if r.buf[pos] != tokenInstance {
			r.regular = false
			continue
		}
		index, next, err := r.read(pos, end, depth+1)
		if err != nil {
			return err
		}
		if next < end && r.buf[next] != tokenEOF || index > maxNested {
			r.regular = false
			continue
		}
		vals[i] = v.nesting(index)
		in := &r.list[index]
		if i < len(t.costs) {
			cost = min(cost+t.costs[i].uses*in.cost, maxCost)
		}
		if len(t.siblings) > 0 && slices.Contains(t.siblings, in.t.rootName()) {
			r.regular = false
		}
	}
	r.list[outer].cost += cost
	return nil
}

// newValues takes n values from the record's supply; nil if that is not for so
// many. Most of them have a descriptor in the record, but a template may ask
// for thousands that an instance of a few bytes does not have.
func (r *instanceReader) newValues(n int) []value {
	if r.asked += n; r.asked > maxSupply {
		return nil
	}
	if len(r.supply)+n > cap(r.supply) {
		r.supply = make([]value, 0, max(2*cap(r.supply), n, 512))
	}
	from := len(r.supply)
	r.supply = r.supply[:from+n]
	return r.supply[from : from+n : from+n]
}
