package safezip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Signatures and fixed sizes of the records (APPNOTE.TXT, section 4.3).
const (
	sigLocal      = 0x04034b50
	sigDirectory  = 0x02014b50
	sigEnd        = 0x06054b50
	sigEnd64      = 0x06064b50
	sigLocator64  = 0x07064b50
	sigDescriptor = 0x08074b50

	sizeLocal     = 30
	sizeDirectory = 46
	sizeEnd       = 22
	sizeEnd64     = 56
	sizeLocator64 = 20

	none16 = 0xffff     // "see the zip64 record"
	none32 = 0xffffffff // likewise
)

var le = binary.LittleEndian

// An end is what the records at the end of the archive say.
type end struct {
	count   uint64 // of entries
	size    int64  // of the directory
	offset  int64  // of the directory, from the start of the archive
	base    int64  // where the archive starts in the file
	behind  int64  // bytes behind the archive
	comment int    // its size
}

func damaged(format string, args ...any) error {
	return errors.New("damaged zip archive: " + fmt.Sprintf(format, args...))
}

// readAt reads all of b; what is not there is damage.
func readAt(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == io.EOF || err == nil {
		return damaged("it ends too early")
	}
	return err
}

// findEnd finds the end record, the last one in the file, and checks what it
// says against the limits.
func findEnd(r io.ReaderAt, size int64) (end, error) {
	for _, most := range []int64{sizeEnd + 1<<10, sizeEnd + 0xffff} { // hardly any archive has a comment
		b := make([]byte, max(0, min(size, most)))
		if err := readAt(r, b, size-int64(len(b))); err != nil {
			return end{}, err
		}
		for i := len(b) - sizeEnd; i >= 0; i-- {
			if le.Uint32(b[i:]) != sigEnd {
				continue
			}
			comment := int(le.Uint16(b[i+20:]))
			behind := len(b) - i - sizeEnd - comment
			if behind < 0 {
				continue
			}
			at := size - int64(len(b)-i)
			e, err := parseEnd(r, at, b[i:i+sizeEnd])
			e.comment, e.behind = comment, int64(behind)
			return e, err
		}
	}
	var sig [4]byte
	if readAt(r, sig[:], 0) == nil && le.Uint32(sig[:]) == sigLocal {
		return end{}, damaged("it has no end: it was cut off")
	}
	return end{}, ErrNotZip
}

// parseEnd takes the end record b that lies at the offset at, and the zip64
// record in front of it.
func parseEnd(r io.ReaderAt, at int64, b []byte) (end, error) {
	if le.Uint16(b[4:]) != 0 && le.Uint16(b[4:]) != none16 || le.Uint16(b[6:]) != 0 && le.Uint16(b[6:]) != none16 {
		return end{}, damaged("it is one part of several")
	}
	here, count := uint64(le.Uint16(b[8:])), uint64(le.Uint16(b[10:]))
	size, offset := uint64(le.Uint32(b[12:])), uint64(le.Uint32(b[16:]))
	if here != count {
		return end{}, damaged("its end record counts %d and %d entries", here, count)
	}
	z, locator, err := findEnd64(r, at)
	switch {
	case err != nil:
		return end{}, err
	case z != nil:
		if count != none16 && count != z.count || size != none32 && size != z.size || offset != none32 && offset != z.offset {
			return end{}, damaged("its two end records contradict each other")
		}
		count, size, offset = z.count, z.size, z.offset
		at -= sizeLocator64 + sizeEnd64
	}
	return place(at, count, size, offset, z, locator)
}

// place checks the limits, and where the directory lies: right in front of the
// end records, which start at the offset at.
func place(at int64, count, size, offset uint64, z *end64, locator uint64) (end, error) {
	switch {
	case count > MaxEntries:
		return end{}, fmt.Errorf("zip archive with %d entries: no more than %d are read", count, MaxEntries)
	case size > MaxDirectory:
		return end{}, fmt.Errorf("zip archive with a directory of %d bytes: no more than %d are read", size, MaxDirectory)
	case size < count*sizeDirectory:
		return end{}, damaged("its directory of %d bytes is too small for %d entries", size, count)
	case int64(size) > at || offset > uint64(at)-size:
		return end{}, damaged("its directory is not where it should be")
	}
	base := at - int64(size) - int64(offset)
	if z != nil && locator != uint64(at-base) {
		return end{}, damaged("its zip64 end record is not where it should be")
	}
	return end{count: count, size: int64(size), offset: int64(offset), base: base}, nil
}

// An end64 is a zip64 end record.
type end64 struct{ count, size, offset uint64 }

// findEnd64 reads the zip64 end record in front of the end record at the
// offset at, and what the locator says of its place; nil if there is none.
func findEnd64(r io.ReaderAt, at int64) (*end64, uint64, error) {
	if at < sizeLocator64+sizeEnd64 {
		return nil, 0, nil
	}
	var b [sizeEnd64 + sizeLocator64]byte
	if err := readAt(r, b[:], at-int64(len(b))); err != nil {
		return nil, 0, err
	}
	locator := b[sizeEnd64:]
	if le.Uint32(locator) != sigLocator64 {
		return nil, 0, nil
	}
	// The record may be longer, for uses that nobody knows of.
	if le.Uint32(b[:]) != sigEnd64 || le.Uint64(b[4:]) != sizeEnd64-12 {
		return nil, 0, damaged("its zip64 end record is not where it should be")
	}
	if le.Uint32(b[16:]) != 0 || le.Uint32(b[20:]) != 0 || le.Uint32(locator[4:]) != 0 || le.Uint32(locator[16:]) > 1 {
		return nil, 0, damaged("it is one part of several")
	}
	if le.Uint64(b[24:]) != le.Uint64(b[32:]) {
		return nil, 0, damaged("its end record counts %d and %d entries", le.Uint64(b[24:]), le.Uint64(b[32:]))
	}
	z := &end64{count: le.Uint64(b[32:]), size: le.Uint64(b[40:]), offset: le.Uint64(b[48:])}
	return z, le.Uint64(locator[8:]), nil
}
