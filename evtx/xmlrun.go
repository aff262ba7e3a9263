package evtx

// runXML runs the program of an instance.
func (r *renderer) runXML(dst []byte, in *instance) []byte {
	p := &in.t.xml
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
		case opRaw:
			e := &xmlEscaping
			if op.data {
				e = &attrEscaping
			}
			dst = r.appendText(dst, in.vals[op.hole], e)
		case opSkip:
			if in.vals[op.hole].class() == classNull {
				pc = int(op.target) - 1
			}
		case opAttribute:
			if v := in.vals[op.hole]; !r.rendersEmpty(v) {
				dst = p.append(dst, op.to, op.keyTo)
				dst = r.appendText(dst, v, &attrEscaping)
				dst = p.append(dst, op.keyTo, op.endTo)
			}
		case opNested:
			if sub := r.instances.in(in.vals[op.hole]); sub != nil {
				dst = r.runXML(dst, sub)
			}
		case opRepeat:
			if v := in.vals[op.hole]; v.typ()&TypeArray == 0 {
				dst = p.append(dst, op.to, op.keyTo)
				dst = r.appendText(dst, v, &xmlEscaping)
				dst = p.append(dst, op.keyTo, op.endTo)
				continue
			}
			v := r.value(in.vals[op.hole])
			for item := range arrayItems(v.Type, v.Raw) {
				dst = appendElement(dst, p, op, Value{v.Type.Base(), item, v.cp})
				if len(dst) > r.limit {
					return dst
				}
			}
		}
	}
	return dst
}

func appendElement(dst []byte, p *program, op *op, v Value) []byte {
	dst = p.append(dst, op.to, op.keyTo)
	dst = xmlEscaping.appendValue(dst, v)
	return p.append(dst, op.keyTo, op.endTo)
}
