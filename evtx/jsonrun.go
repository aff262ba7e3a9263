package evtx

const (
	attributesOpen = `"#attributes":{`
	elementOpen    = "{" + attributesOpen
)

func emptyJSON(data bool) string {
	if data {
		return `""`
	}
	return "null"
}

// appendJSONValue is appendJSONLeaf for a window of the chunk. It is where most
// of the time of a dump goes, and has the frequent types at hand.
func (r *renderer) appendJSONValue(dst []byte, v value, data bool) []byte {
	raw := r.buf[v.off():v.end()]
	if len(raw) == 0 || v.typ() == TypeNull {
		return append(dst, emptyJSON(data)...)
	}
	switch v.typ() {
	case TypeString:
		if raw = trimString(raw); len(raw) == 0 {
			return append(dst, emptyJSON(data)...)
		}
		dst = jsonEscaping.appendUTF16(append(dst, '"'), raw)
	case TypeUint8, TypeUint16, TypeUint32, TypeUint64:
		return appendUint(dst, rawUint(raw))
	case TypeHexInt64, TypeHexInt32, TypeGUID, TypeFileTime, TypeSID:
		dst = appendFrequent(append(dst, '"'), v.typ(), raw)
	default:
		return appendJSONLeaf(dst, r.value(v), data)
	}
	return append(dst, '"')
}

// appendJSONLeaf appends a value that is no array: null or "" when there is
// nothing in it, numbers and booleans bare, everything else as a string.
func appendJSONLeaf(dst []byte, v Value, data bool) []byte {
	switch {
	case isEmpty(v):
		return append(dst, emptyJSON(data)...)
	case isBare(v.Type):
		return appendPlain(dst, v.Type, v.Raw)
	}
	dst = append(dst, '"')
	dst = jsonEscaping.appendValue(dst, v)
	return append(dst, '"')
}

// runJSON runs the program of an instance. What it appends is one member:
// key, value, comma.
func (r *renderer) runJSON(dst []byte, in *instance) []byte {
	p := &in.t.json
	element := 0 // where the open element starts
	var list jsonList
	for pc := 0; pc < len(p.ops); pc++ {
		op := &p.ops[pc]
		dst = p.append(dst, op.from, op.to)
		if op.kind == opText {
			continue
		}
		if len(dst) > r.limit {
			return dst
		}
		switch op.kind {
		case opLeaf:
			dst = r.appendJSONValue(dst, in.vals[op.hole], op.data)
		case opSkip:
			if in.vals[op.hole].class() == classNull {
				pc = int(op.target) - 1
			}
		case opAttribute:
			if v := in.vals[op.hole]; !r.rendersEmpty(v) {
				dst = p.append(dst, op.to, op.keyTo)
				dst = append(r.appendJSONValue(dst, v, false), ',')
			}
		case opMember:
			if v := in.vals[op.hole]; v.class() != classNull {
				dst = p.append(dst, op.to, op.keyTo)
				if v.typ()&TypeArray == 0 {
					dst = r.appendJSONValue(dst, v, op.data)
				} else {
					dst = appendJSONItems(dst, r.value(v), op.classic)
				}
				dst = p.append(dst, op.keyTo, op.endTo)
			}
		case opNested:
			if sub := r.instances.in(in.vals[op.hole]); sub != nil {
				dst = r.runJSON(dst, sub)
			}
		case opItems:
			if v := in.vals[op.hole]; v.typ()&TypeArray == 0 {
				dst = r.appendJSONValue(dst, v, true)
			} else {
				dst = appendJSONItems(dst, r.value(v), op.classic)
			}
		case opTextMember:
			if v := in.vals[op.hole]; !r.rendersEmpty(v) {
				dst = append(dst, `,"#text":`...)
				dst = r.appendJSONValue(dst, v, false)
			}
		case opRaw:
			dst = r.appendText(dst, in.vals[op.hole], &jsonEscaping)
		case opObject:
			dst = r.appendJSONObject(dst, in.vals[op.hole])
		case opEnd:
			dst = endJSONObject(dst)
		case opAttrsBegin:
			element = len(dst)
			dst = append(dst, attributesOpen...)
		case opAttrsEnd:
			if len(dst) == element+len(attributesOpen) {
				dst = dst[:element]
			} else {
				dst = append(endJSONObject(dst), ',')
			}
		case opElement:
			element = len(dst)
			dst = append(dst, elementOpen...)
		case opElementEnd:
			dst = r.endJSONElement(dst, element, in.vals[op.hole])
		case opElementVoid:
			dst = r.endJSONElement(dst, element, newValue(0, 0, TypeNull))
		case opListBegin:
			dst = list.begin(dst, p.text[op.to:op.keyTo], op.classic)
		case opItem:
			dst = list.item(dst, r.value(in.vals[op.hole]))
		case opStaticItem:
			dst = p.append(dst, op.to, op.keyTo)
			dst = append(dst, ',')
			list.items++
		case opListEnd:
			dst = list.end(dst, p.text[op.to:op.keyTo])
		}
	}
	return dst
}

// endJSONObject closes an object whose last member, or all of whose members,
// may be missing. An element that has nothing in it is null.
func endJSONObject(dst []byte) []byte {
	switch last := len(dst) - 1; dst[last] {
	case ',':
		dst[last] = '}'
		return dst
	case '{':
		return append(dst[:last], "null"...)
	}
	return append(dst, '}')
}

// endJSONElement closes the element opened at start. Without attributes it is
// its bare value.
func (r *renderer) endJSONElement(dst []byte, start int, content value) []byte {
	if len(dst) == start+len(elementOpen) {
		return r.appendJSONValue(dst[:start], content, false)
	}
	dst = endJSONObject(dst)
	if !r.rendersEmpty(content) {
		dst = append(dst, `,"#text":`...)
		dst = r.appendJSONValue(dst, content, false)
	}
	return append(dst, '}')
}

// appendJSONObject appends the instance in v as an object, or null.
func (r *renderer) appendJSONObject(dst []byte, v value) []byte {
	sub := r.instances.in(v)
	if sub == nil {
		return append(dst, "null"...)
	}
	return endJSONObject(r.runJSON(append(dst, '{'), sub))
}

// appendJSONItems appends an array in a Data element.
func appendJSONItems(dst []byte, v Value, classic bool) []byte {
	var l jsonList
	dst = l.begin(dst, nil, classic)
	dst = l.item(dst, v)
	return l.end(dst, nil)
}

// A jsonList writes the values of all Data elements of one name. Where they are
// single values, one stands alone, and of none nothing is written, not even the
// key. An array keeps its brackets, whatever its length, so that what has a type
// has one shape; but for the strings of classic events, which are nearly always
// in an array, and which others expect without brackets where it is only one.
type jsonList struct {
	classic     bool // the elements have no name
	brackets    bool // an array that keeps its own was among the items
	start, open int  // of the key; of the bracket
	items       int
}

func (l *jsonList) begin(dst, key []byte, classic bool) []byte {
	*l = jsonList{classic: classic, start: len(dst), open: len(dst) + len(key)}
	return append(append(dst, key...), '[')
}

// item appends a value, or each item of an array.
func (l *jsonList) item(dst []byte, v Value) []byte {
	if v.Type&TypeArray == 0 {
		l.items++
		return append(appendJSONLeaf(dst, v, true), ',')
	}
	if keepsBrackets(v.Type, l.classic) {
		l.brackets = true
		if len(v.Raw) == 0 {
			return dst
		}
	}
	for item := range arrayItems(v.Type, v.Raw) {
		l.items++
		dst = append(appendJSONLeaf(dst, Value{v.Type.Base(), item, v.cp}, true), ',')
	}
	return dst
}

// keepsBrackets reports whether arrays of type t do, in Data elements with a
// name or without.
func keepsBrackets(t ValueType, classic bool) bool { return !classic || !isText(t.Base()) }

func (l *jsonList) end(dst, tail []byte) []byte {
	switch {
	case l.items == 0 && l.brackets:
		dst = append(dst, ']')
	case l.items == 0:
		return dst[:l.start]
	case l.items == 1 && !l.brackets:
		copy(dst[l.open:], dst[l.open+1:])
		dst = dst[:len(dst)-2] // the bracket moved out, and the comma
	default:
		dst[len(dst)-1] = ']'
	}
	return append(dst, tail...)
}
