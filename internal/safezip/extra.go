package safezip

// Extra fields (APPNOTE.TXT, section 4.5) that say nothing but sizes, times
// and owners. All others could hide content, or, as Info-ZIP's 0x7075 does,
// give the entry a second name that some programs prefer.
const (
	extraZip64    = 0x0001
	extraNTFS     = 0x000a
	extraUnix     = 0x5855
	extraTime     = 0x5455
	extraUnixNew  = 0x7875
	maxKnownExtra = 36 // bytes: the size of the largest, that of NTFS
)

// nextExtra cuts the first field off b.
func nextExtra(b []byte) (id uint16, field, rest []byte, ok bool) {
	if len(b) < 4 || len(b) < 4+int(le.Uint16(b[2:])) {
		return 0, nil, nil, false
	}
	n := 4 + int(le.Uint16(b[2:]))
	return le.Uint16(b), b[4:n], b[n:], true
}

func extraField(b []byte, id uint16) ([]byte, bool) {
	for {
		got, field, rest, ok := nextExtra(b)
		if !ok || got == id {
			return field, ok
		}
		b = rest
	}
}

// checkExtra reports fields that are not known, once for both headers.
func (f *File) checkExtra(b []byte) {
	for len(b) > 0 {
		id, field, rest, ok := nextExtra(b)
		if !ok {
			f.warn("has %d bytes in its header that are no extra field", len(b))
			return
		}
		switch id {
		case extraZip64, extraNTFS, extraUnix, extraTime, extraUnixNew:
			ok = len(field) <= maxKnownExtra
		default:
			ok = false
		}
		if !ok {
			f.warn("has an extra field 0x%04x of %d bytes", id, len(field))
			return
		}
		b = rest
	}
}
