package evtx

// runXML runs the program of an instance.
func (r *renderer) runXML(dst []byte, in *instance) []byte {
	p := &in.t.xml
	for pc := 0; pc < len(p.ops); pc++ {
		op := &p.ops[pc]
		if n := int(op.to - op.from); n <= shortText && cap(dst)-len(dst) >= shortText { // see shortText
			*(*[shortText]byte)(dst[len(dst) : len(dst)+shortText]) = *(*[shortText]byte)(p.text[op.from : op.from+shortText])
			dst = dst[:len(dst)+n]
		} else {
			dst = append(dst, p.text[op.from:op.to]...)
		}
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
				dst = append(dst, p.text[op.to:op.keyTo]...)
				dst = r.appendText(dst, v, &attrEscaping)
				dst = append(dst, p.text[op.keyTo:op.endTo]...)
			}
		case opNested:
			if sub := r.instances.in(in.vals[op.hole]); sub != nil {
				dst = r.runXML(dst, sub)
			}
		case opRepeat:
			if v := in.vals[op.hole]; v.typ()&TypeArray == 0 {
				dst = append(dst, p.text[op.to:op.keyTo]...)
				dst = r.appendText(dst, v, &xmlEscaping)
				dst = append(dst, p.text[op.keyTo:op.endTo]...)
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
	dst = append(dst, p.text[op.to:op.keyTo]...)
	dst = xmlEscaping.appendValue(dst, v)
	return append(dst, p.text[op.keyTo:op.endTo]...)
}
