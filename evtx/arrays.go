package evtx

import (
	"bytes"
	"iter"
)

// arrayItems yields the items of an array value (MS-EVEN6 3.1.4.7.5): equal
// sizes, strings each with a NUL behind it, or SIDs that tell their own length.
// An empty item counts, and so does what is left where no whole item fits. An
// array without any item yields one empty item, as the element around it is
// then rendered once, empty.
func arrayItems(t ValueType, raw []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if len(raw) == 0 {
			yield(nil)
			return
		}
		for size := itemSize(t, raw); len(raw) > 0; {
			var item []byte
			if item, raw = nextItem(t, size, raw); !yield(item) {
				return
			}
		}
	}
}

// itemSize returns the size of an item of the array in raw, 0 if each has its
// own. The width of SizeT is not stored: it is eight bytes where they divide
// evenly.
func itemSize(t ValueType, raw []byte) int {
	if t.Base() == TypeSizeT {
		if len(raw)%8 == 0 {
			return 8
		}
		return 4
	}
	return int(typeSpecs[t].item)
}

// nextItem cuts the first item off an array that is not empty.
func nextItem(t ValueType, size int, raw []byte) (item, rest []byte) {
	switch {
	case size > 0:
		return cut(raw, size, size)
	case t.Base() == TypeString:
		for i := 0; i+1 < len(raw); i += 2 {
			if raw[i] == 0 && raw[i+1] == 0 {
				return cut(raw, i, i+2)
			}
		}
	case t.Base() == TypeAnsiString:
		if i := bytes.IndexByte(raw, 0); i >= 0 {
			return cut(raw, i, i+1)
		}
	case t.Base() == TypeSID && len(raw) >= 2:
		return cut(raw, sidSize(raw), sidSize(raw))
	}
	return raw, nil
}

// cut returns n bytes of raw and what starts at next.
func cut(raw []byte, n, next int) (item, rest []byte) {
	if next > len(raw) {
		return raw, nil
	}
	return raw[:n:n], raw[next:]
}
