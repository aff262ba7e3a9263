package evtx

// runXML runs the program of an instance.
func (r *renderer) runXML(dst []byte, in *instance) []byte {
	p := &in.t.xml
	for pc := 0; pc < len(p.ops); pc++ {
		op := &p.ops[pc]
		dst = append(dst, p.text[op.from:op.to]...)
		if op.kind == opText {
			continue
		}
		if len(dst) > r.limit {
			return dst
		}
		switch op.kind {
		case opRaw:
			if op.data {
				dst = attrEscaping.appendValue(dst, r.value(in.vals[op.hole]))
			} else {
				dst = xmlEscaping.appendValue(dst, r.value(in.vals[op.hole]))
			}
		case opSkip:
			if in.vals[op.hole].class() == classNull {
				pc = int(op.target) - 1
			}
		case opAttribute:
			if v := r.value(in.vals[op.hole]); !isEmpty(v) {
				dst = append(dst, p.text[op.to:op.keyTo]...)
				dst = attrEscaping.appendValue(dst, v)
				dst = append(dst, p.text[op.keyTo:op.endTo]...)
			}
		case opNested:
			if sub := r.instances.in(in.vals[op.hole]); sub != nil {
				dst = r.runXML(dst, sub)
			}
		case opRepeat:
			v := r.value(in.vals[op.hole])
			if v.Type&TypeArray == 0 {
				dst = appendElement(dst, p, op, v)
				continue
			}
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
	dst = append(dst, p.text[op.to:op.keyTo]...)
	dst = xmlEscaping.appendValue(dst, v)
	return append(dst, p.text[op.keyTo:op.endTo]...)
}
