package safezip

import (
	"fmt"
	"math"
)

// readDirectory reads the central directory into a.Files. What is not an
// entry, or has no place in the file, is an error: there is no second guess.
func (a *Archive) readDirectory(e end) error {
	b := make([]byte, e.size) // bounded by MaxDirectory
	if err := readAt(a.r, b, a.start); err != nil {
		return err
	}
	a.Files = make([]*File, 0, e.count)
	for i := range int(e.count) {
		f, rest, ok := parseEntry(b)
		if !ok {
			return damaged("entry %d of its directory cannot be read", i+1)
		}
		if f.offset > math.MaxInt64-e.base {
			return damaged("entry %d of its directory has an impossible offset", i+1)
		}
		f.offset += e.base
		f.r = a.r
		a.Files = append(a.Files, f)
		b = rest
	}
	if len(b) > 0 {
		a.fail(fmt.Sprintf("%d bytes behind the last entry of the directory", len(b)), false)
	}
	return nil
}

// parseEntry takes the first entry of the directory b, and returns the rest.
func parseEntry(b []byte) (*File, []byte, bool) {
	if len(b) < sizeDirectory || le.Uint32(b) != sigDirectory {
		return nil, nil, false
	}
	name, extra, comment := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
	if len(b) < sizeDirectory+name+extra+comment {
		return nil, nil, false
	}
	f := &File{
		Name:    string(b[sizeDirectory : sizeDirectory+name]),
		Method:  le.Uint16(b[10:]),
		CRC32:   le.Uint32(b[16:]),
		Flags:   le.Uint16(b[8:]),
		Mode:    mode(le.Uint32(b[38:])),
		extra:   b[sizeDirectory+name:][:extra],
		comment: comment,
	}
	sizes := [3]uint64{uint64(le.Uint32(b[24:])), uint64(le.Uint32(b[20:])), uint64(le.Uint32(b[42:]))}
	if !zip64(f.extra, sizes[:]) || le.Uint16(b[34:]) != 0 {
		return nil, nil, false
	}
	for _, n := range sizes {
		if n > math.MaxInt64 {
			return nil, nil, false
		}
	}
	f.Size, f.Packed, f.offset = int64(sizes[0]), int64(sizes[1]), int64(sizes[2])
	return f, b[sizeDirectory+name+extra+comment:], true
}

// zip64 replaces those of the numbers that are too large for their own field
// by the ones in the zip64 extra field. It reports false if that is too short.
// Without the field they stand for themselves.
func zip64(extra []byte, numbers []uint64) bool {
	field, ok := extraField(extra, extraZip64)
	if !ok {
		return true
	}
	for i, n := range numbers {
		if n != none32 {
			continue
		}
		if len(field) < 8 {
			return false
		}
		numbers[i], field = le.Uint64(field), field[8:]
	}
	return true
}
