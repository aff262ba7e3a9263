package evtx

import "iter"

// A dataWalk goes through the values of an event, in document order: each item
// of an array on its own, NULL values not at all. It is a loop of its own rather
// than a function that calls another for each value, as a loop over All then
// needs no memory for closures.
type dataWalk struct {
	// What next has come to.
	section section
	name    string
	value   Value

	r     *Record
	refs  []dataRef // of the instance in, those that the walk has not come to
	vals  []value
	in    *instance // nil for the record itself
	outer [2]resumption
	more  []resumption // beyond outer: deeper than real events are
	depth int

	rest []byte // of the array that value is an item of
	size int    // of an item, see itemSize
}

// A resumption is where a walk goes on behind a nested instance.
type resumption struct {
	in   *instance
	refs int // that are left there
}

// next goes to the next value and reports whether there is one.
func (w *dataWalk) next() bool {
	if len(w.rest) > 0 {
		w.value.Raw, w.rest = nextItem(w.value.Type, w.size, w.rest)
		return true
	}
	for {
		if len(w.refs) == 0 {
			if w.depth == 0 {
				return false
			}
			w.leave()
			continue
		}
		ref := &w.refs[0]
		w.refs = w.refs[1:]
		if ref.nested {
			if in := w.r.d.instances.in(w.vals[ref.ref.hole]); in != nil {
				w.enter(in)
			}
			continue
		}
		v := w.r.d.renderer.resolve(&ref.ref, w.vals)
		switch typeSpecs[v.Type].class {
		case classArray:
			w.size = itemSize(v.Type, v.Raw)
			v.Type = v.Type.Base()
			if w.rest = nil; len(v.Raw) > 0 { // otherwise one empty item, see arrayItems
				v.Raw, w.rest = nextItem(v.Type, w.size, v.Raw)
			}
		case classScalar:
		default:
			continue
		}
		w.section, w.name, w.value = ref.section, ref.name, v
		return true
	}
}

func (w *dataWalk) enter(in *instance) {
	at := resumption{w.in, len(w.refs)}
	if w.depth < len(w.outer) {
		w.outer[w.depth] = at
	} else {
		w.more = append(w.more, at)
	}
	w.depth++
	w.in, w.refs, w.vals = in, in.t.data, in.vals
}

func (w *dataWalk) leave() {
	var at resumption
	if w.depth--; w.depth < len(w.outer) {
		at = w.outer[w.depth]
	} else {
		last := len(w.more) - 1
		at, w.more = w.more[last], w.more[:last]
	}
	w.in, w.refs, w.vals = at.in, w.r.data, w.r.vals
	if at.in != nil {
		w.refs, w.vals = at.in.t.data, at.in.vals
	}
	w.refs = w.refs[len(w.refs)-at.refs:]
}

// AppendData appends the values of the event, in document order: each item of
// an array on its own, NULL values not at all.
func (r *Record) AppendData(dst []Data) []Data {
	w := dataWalk{r: r, refs: r.data, vals: r.vals}
	for w.next() {
		dst = append(dst, Data{w.name, w.value})
	}
	return dst
}

// All returns the names and values of the event's data, as AppendData does. The
// strings of classic events have an empty name. Names may come more than once.
func (r *Record) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		w := dataWalk{r: r, refs: r.data, vals: r.vals}
		for w.next() {
			if !yield(w.name, w.value) {
				return
			}
		}
	}
}

// Lookup returns the first value of the event's data with that name: of a Data
// element by its Name attribute, in UserData of an element or attribute. An array
// is one value: see Value.Strings. ok is false if there is none, or if it is NULL.
//
// What System says has methods of its own: EventID, Computer, TimeCreated. Names
// are those of the event's provider, in its spelling: "TargetUserName". The
// strings of classic events have none; All and AppendData give them.
func (r *Record) Lookup(name string) (v Value, ok bool) { return r.lookup(r.data, r.vals, name) }

func (r *Record) lookup(refs []dataRef, vals []value, name string) (v Value, ok bool) {
	for i := range refs {
		switch ref := &refs[i]; {
		case ref.nested:
			if in := r.d.instances.in(vals[ref.ref.hole]); in != nil {
				if v, ok = r.lookup(in.t.data, in.vals, name); ok {
					return v, true
				}
			}
		case ref.name == name:
			if v = r.d.renderer.resolve(&ref.ref, vals); !v.IsNull() {
				return v, true
			}
		}
	}
	return Value{}, false
}

// AppendMessage appends the event's text in UTF-8: the message that a
// forwarded event carries in RenderingInfo; otherwise the strings of
// EventData, one a line, as Event Viewer shows a classic event whose message
// file it has not; otherwise the values of UserData.
func (r *Record) AppendMessage(dst []byte) []byte {
	from, best := len(dst), sectionOther
	w := dataWalk{r: r, refs: r.data, vals: r.vals}
	for w.next() {
		s := w.section
		switch {
		case s == sectionBinary || s == sectionRendering || s < best:
			continue
		case s > best:
			best = s
			dst = dst[:from]
		case len(dst) > from:
			dst = append(dst, '\n')
		}
		dst = w.value.AppendText(dst)
	}
	return dst
}
