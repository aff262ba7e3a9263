package evtx

import (
	"encoding/binary"
	"iter"
	"slices"
)

// A chunk of a slice is mostly a chunk of the log, as it is. So where all records
// of a chunk are wanted, its bytes are taken over, and only what depends on the
// place is written anew: the chunk's header with its tables and checksums, and
// the numbers of the records.
//
// That is right as every byte of such a chunk is accounted for before. It has
// both checksums, and its records lie one behind the other from the header to the
// end that it names. A record is its header, one template instance, the
// end-of-file token and less than eight bytes of padding. An instance is its head,
// the definition of a template where it is the first to use it, descriptors and
// values, which fit their types as [instanceReader.read] demands; and what a
// definition's bytes may be, wholeChunk.exactBody says. A definition that an instance uses
// belongs to an instance of the chunk before it, and so do the names that it
// refers to. What no reader shows is made zero: padding, the bytes of NULL values
// that live logs leave there, what is behind nested XML, all behind the last
// record. In any other chunk, records are taken apart and written one by one.

// A wholeChunk finds out whether the current chunk of a decoder can be taken over.
type wholeChunk struct {
	d          *decoder
	generation uint32 // of the chunk that it is about

	ok     bool                   // so far
	n      int                    // records
	last   int                    // offset of the last one
	end    int                    // behind it
	budget int                    // what records may still cost: see expansion.go
	defs   []wholeDefinition      // by their offsets
	index  [128]uint8             // of definitions in defs, plus 1, by their offset
	blank  []value                // windows that are made zero
	stored []tableName            // names in the definitions
	names  [chunkSize / 64]uint64 // a bit for the offset of each
	ends   []sizedEnd             // of a definition
	nest   int                    // instances in the record
	asked  int                    // values that they ask for, as of an instanceReader
	vals   []value                // of an instance

	// Of the record that was looked at last, the first values, as many as a
	// filter needs.
	filter *Filter // nil: none
	memos  [systemMemos]systemMemo
	top    *wholeDefinition
	front  [maxQuickValues]value
	count  int // of all its values
}

const systemMemos = 64

// maxWholeDefinitions is how many definitions a chunk may have; there is not room
// for more than a hundred real ones.
const maxWholeDefinitions = 255

// A wholeDefinition is a template definition of the chunk.
type wholeDefinition struct {
	off      uint32
	id       uint32 // the start of its GUID
	size     int    // of its body
	t        *template
	from, to int // its names, in stored
	values   int // a filter needs so many, from the first on; 0: it needs more than can be told
}

// asks sets the filter. What another one needed of a template's instances is void.
func (c *wholeChunk) asks(f *Filter) {
	c.filter = f
	for i := range c.memos {
		c.memos[i].t = nil
	}
}

// begin is for the begin of a chunk that has been laid into the decoder's buffer.
func (c *wholeChunk) begin(d *decoder) {
	for _, n := range c.stored {
		c.names[n.off/64] = 0
	}
	clear(c.index[:])
	if c.defs == nil {
		c.defs = make([]wholeDefinition, 0, maxWholeDefinitions)
	}
	c.defs, c.stored, c.blank = c.defs[:0], c.stored[:0], c.blank[:0]
	c.d, c.generation = d, d.chunk.generation
	c.ok, c.n, c.last, c.end = d.chunk.intact, 0, 0, chunkHeaderSize
	c.budget = chunkBudget
}

// complete reports whether all records of the chunk have been looked at, and the
// chunk can be taken over.
func (c *wholeChunk) complete() bool {
	h := c.d.chunk.buf[:]
	return c.ok && c.n > 0 && uint32(c.end) == u32(h, 48) && c.end <= maxFill
}

// follows reports whether it is still about the decoder's chunk.
func (c *wholeChunk) follows(d *decoder) bool { return c.d == d && c.generation == d.chunk.generation }

// records are the places and sizes of the records that have been looked at.
func (c *wholeChunk) records() iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for at := chunkHeaderSize; at < c.end; {
			size := int(u32(c.d.chunk.buf[:], at+4))
			if !yield(at, size) {
				return
			}
			at += size
		}
	}
}

// record looks at the next record, which lies complete at off. Once it has
// reported false, the chunk cannot be taken over.
func (c *wholeChunk) record(off, size int) bool {
	if !c.ok {
		return false
	}
	b := &c.d.chunk.buf
	pos, end := off+recordHeader, off+size-4
	c.ok = off == c.end && size%8 == 0 && end-pos > fragmentHeaderLen && u32(b[:], pos) == fragmentHeader &&
		b[pos+fragmentHeaderLen] == tokenInstance
	if !c.ok {
		return false
	}
	c.nest, c.asked = 0, 0
	allowance := allowance(size)
	def, next, cost, ok := c.instance(pos+fragmentHeaderLen, end, 0, allowance)
	if c.ok = ok && def.t.event && next < end && c.tail(next, end, 8); !c.ok {
		return false
	}
	if over := cost - allowance; over > 0 {
		c.budget -= over
		c.ok = c.budget >= 0
	}
	c.top = def
	c.n++
	c.last, c.end = off, off+size
	return c.ok
}

// tail looks at what is behind an instance: the end-of-file token and some bytes
// that nobody reads, fewer than most.
func (c *wholeChunk) tail(next, end, most int) bool {
	b := &c.d.chunk.buf
	if next == end {
		return true
	}
	if b[next] != tokenEOF || end-next > most {
		return false
	}
	for _, x := range b[next+1 : end] {
		if x != 0 {
			c.blank = append(c.blank, newValue(next+1, end-next-1, TypeNull))
			break
		}
	}
	return true
}

// instance looks at the template instance at pos, and returns where it ends and
// what rendering it costs.
func (c *wholeChunk) instance(pos, end, depth, allowance int) (def *wholeDefinition, next, cost int, ok bool) {
	b := &c.d.chunk.buf
	if end-pos < instanceHead+4 || b[pos+1] != 1 || depth > maxDepth || c.nest > maxNested {
		return nil, 0, 0, false
	}
	c.nest++
	id, off, at := u32(b[:], pos+2), u32(b[:], pos+6), pos+instanceHead
	if int64(off) == int64(at) {
		if def = c.define(at, end); def == nil {
			return nil, 0, 0, false
		}
		at += definitionSize + def.size
	} else if def = c.known(off); def == nil {
		return nil, 0, 0, false
	}
	if def.id != id || at > end-4 {
		return nil, 0, 0, false
	}
	n := int(u32(b[:], at))
	at += 4
	if n > maxValues || n < 0 || 4*n > end-at {
		return nil, 0, 0, false
	}
	if c.asked += max(n, def.t.holes); c.asked > maxSupply {
		return nil, 0, 0, false
	}
	t, from, first := def.t, at+4*n, 0
	values := from
	if depth == 0 {
		c.count = n
	}
	if depth == 0 && def.values > 0 && def.values <= n {
		if from, first = c.system(def, at, from, end); first < 0 {
			return nil, 0, 0, false
		}
	}
	from, nested, nestedAt := c.descriptors(t, at, first, n, from, end)
	if from < 0 || from > end {
		return nil, 0, 0, false
	}
	bytes := from - values
	if cost = t.text + t.most.uses*(costPerByte*bytes+costPerValue*n) + t.most.repeat*bytes; cost > allowance {
		cost = c.d.instances.exactCost(t, c.windows(at, n, at+4*n))
	}
	for i, off := nested, nestedAt; i < n; i++ {
		spec := u32(b[:], at+4*i)
		v := newValue(off, int(spec&0xffff), ValueType(spec>>16))
		off = v.end()
		if v.typ() != TypeBinXML || v.size() == 0 {
			continue
		}
		sub, ok := c.nested(t, v, depth, allowance)
		if !ok {
			return nil, 0, 0, false
		}
		if i < len(t.costs) {
			cost = min(cost+t.costs[i].uses*sub, maxCost)
		}
	}
	return def, from, cost, true
}

// descriptors looks at the values of an instance from first on, which start at
// from. It returns where they end, -1 if one cannot be, and the first of them
// that is XML, n if none is, and where that starts.
func (c *wholeChunk) descriptors(t *template, at, first, n, from, end int) (next, nested, nestedAt int) {
	specs, allow := c.d.chunk.buf[at:at+4*n], t.allow
	nested = n
	for i := first; i < n; i++ {
		spec := binary.LittleEndian.Uint32(specs[4*i:])
		size, typ := int(spec&0xffff), ValueType(spec>>16)
		rule := typeSpecs[typ]
		if spec>>24 != 0 || size != int(rule.size) && !c.uneven(newValue(from, size, typ), end) {
			return -1, 0, 0
		}
		class := rule.class
		if class == classXML {
			if size == 0 {
				class = classNull
			} else if nested == n {
				nested, nestedAt = i, from
			}
		}
		if i < len(allow) && class&allow[i] == 0 {
			return -1, 0, 0
		}
		from += size
	}
	return from, nested, nestedAt
}

// A systemMemo is what the first values of a template's instances, up to the last
// that a filter needs, were in the record before: nearly always, the next record
// has the same descriptors there, and comparing them is all there is to do.
type systemMemo struct {
	t     *template
	specs []byte
	vals  []value // counted from where the first value starts
	odd   []uint8 // of these, those that more than the descriptor tells about
	used  []uint8 // and those that the filter needs
	size  int     // of all of them
}

// system looks at the first values of a record, and lays out those that the filter
// needs. It returns where the others start, and the first of these: 0 and from if
// it is better to look at all of them in another way, -1 if one cannot be.
func (c *wholeChunk) system(def *wholeDefinition, at, from, end int) (next, first int) {
	b, n := c.d.chunk.buf[:], def.values
	m := &c.memos[definitionSlot(def.off)%systemMemos]
	if m.t != def.t || len(m.vals) != n || string(m.specs) != string(b[at:at+4*n]) {
		m.t = nil
		off, nested, _ := c.descriptors(def.t, at, 0, n, from, end)
		if off < 0 || off > end {
			return from, -1
		}
		if vals := c.windows(at, n, from); nested < n {
			copy(c.front[:], vals)
			return from, 0
		}
		m.t, m.specs, m.size, m.vals, m.odd = def.t, append(m.specs[:0], b[at:at+4*n]...), off-from, m.vals[:0], m.odd[:0]
		for i, v := range c.windows(at, n, 0) {
			m.vals = append(m.vals, v)
			if typ := v.typ(); typ == TypeSID || v.size() > 0 && (typ == TypeNull || typ == TypeString|TypeArray) {
				m.odd = append(m.odd, uint8(i))
			}
		}
		m.used = append(m.used[:0], c.filter.planAt(def.off, def.t).used...)
		if r := &def.t.fields[FieldProviderName]; r.kind == refHole && int(r.hole) < n {
			m.used = append(m.used, uint8(r.hole))
		}
	} else {
		for _, i := range m.odd {
			if !c.uneven(m.vals[i]+value(from), end) {
				return from, -1
			}
		}
	}
	for _, i := range m.used {
		c.front[i] = m.vals[i] + value(from)
	}
	return from + m.size, n
}

// uneven looks at a value whose size is not the one that its type fixes.
func (c *wholeChunk) uneven(v value, end int) bool {
	if v.end() > end {
		return false
	}
	b, size := &c.d.chunk.buf, v.size()
	switch rule := typeSpecs[v.typ()]; rule.size {
	case sizeAny:
		switch v.typ() {
		case TypeNull:
			if size > 0 {
				c.blank = append(c.blank, v)
			}
		case TypeString, TypeEvtXML:
			return size%2 == 0
		case TypeString | TypeArray:
			return asStored(v.typ(), b[v.off():v.end()])
		}
		return true
	case sizeNested:
		return true
	case sizeItems:
		return size%int(rule.item) == 0
	case sizeWord:
		return size == 4 || size == 8
	case sizeOfSID:
		return size >= 8 && size == sidSize(b[v.off():])
	}
	return false
}

// nested looks at a value that is XML: an instance, and nothing else.
func (c *wholeChunk) nested(outer *template, v value, depth, allowance int) (cost int, ok bool) {
	b, pos, end := &c.d.chunk.buf, v.off(), v.end()
	if b[pos] == tokenFragment {
		if end-pos <= fragmentHeaderLen || u32(b[:], pos) != fragmentHeader {
			return 0, false
		}
		pos += fragmentHeaderLen
	}
	if b[pos] != tokenInstance {
		return 0, false
	}
	def, next, cost, ok := c.instance(pos, end, depth+1, allowance)
	if !ok || len(outer.siblings) > 0 && slices.Contains(outer.siblings, def.t.rootName()) {
		return 0, false
	}
	return cost, c.tail(next, end, end-next)
}

// define takes in the definition at a place of an instance that is its first
// user, nil if it cannot be taken over.
func (c *wholeChunk) define(at, end int) *wholeDefinition {
	e := c.d.definitions.at(uint32(at))
	if e.err != nil || len(c.defs) == cap(c.defs) || e.size > end-at-definitionSize {
		return nil
	}
	t := e.t
	for i := range c.defs {
		if c.defs[i].t.guid == t.guid {
			return nil // a Writer would give one of them another GUID
		}
	}
	from := len(c.stored)
	if !c.exactBody(t, at+definitionSize) {
		return nil
	}
	if t.programs.Do(t.compile); !t.regular {
		return nil
	}
	c.defs = append(c.defs, wholeDefinition{off: uint32(at), id: e.id, size: e.size, t: t, from: from, to: len(c.stored)})
	def := &c.defs[len(c.defs)-1]
	if c.filter != nil {
		def.values = c.filter.planAt(def.off, t).values
		if r := &t.fields[FieldProviderName]; def.values > 0 && r.kind == refHole { // asked of events that may say that a log was cleared
			if def.values = max(def.values, int(r.hole)+1); def.values > maxQuickValues {
				def.values = 0
			}
		}
	}
	c.index[definitionSlot(def.off)] = uint8(len(c.defs))
	return def
}

// known returns the definition at an offset, if an instance before has it.
func (c *wholeChunk) known(off uint32) *wholeDefinition {
	if i := c.index[definitionSlot(off)]; i > 0 && c.defs[i-1].off == off {
		return &c.defs[i-1]
	}
	for i := range c.defs {
		if c.defs[i].off == off {
			c.index[definitionSlot(off)] = uint8(i + 1)
			return &c.defs[i]
		}
	}
	return nil
}

func definitionSlot(off uint32) uint32 { return (off >> 2) % 128 }

// windows returns the windows of the first n values whose descriptors are at a
// place, and which start at off.
func (c *wholeChunk) windows(at, n, off int) []value {
	c.vals = c.vals[:0]
	for ; len(c.vals) < n; at += 4 {
		spec := u32(c.d.chunk.buf[:], at)
		v := newValue(off, int(spec&0xffff), ValueType(spec>>16))
		c.vals = append(c.vals, v)
		off = v.end()
	}
	return c.vals
}

// seal makes the chunk one of a log, in place, in which its first record has that
// number, and returns its 64 KiB.
func (c *wholeChunk) seal(number uint64) []byte {
	b := c.d.chunk.buf[:]
	for _, v := range c.blank {
		clear(b[v.off():v.end()])
	}
	clear(b[c.end:])
	n := number
	for at := range c.records() {
		binary.LittleEndian.PutUint64(b[at+8:], n)
		n++
	}
	var names [64]uint32
	var templates [32]uint32
	for i := range c.defs {
		def := &c.defs[i]
		bucket := &templates[nameHash32(def.t.guid[:])%32]
		binary.LittleEndian.PutUint32(b[def.off:], *bucket)
		*bucket = def.off
		for _, n := range c.stored[def.from:def.to] {
			binary.LittleEndian.PutUint32(b[n.off:], names[n.bucket])
			names[n.bucket] = uint32(n.off)
		}
	}
	h := sealedHeader{first: number, count: uint64(c.n), last: c.last, free: c.end}
	h.seal(b, &names, &templates)
	return b
}
