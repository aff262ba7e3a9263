package safezip

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// readLocal reads the header in front of the data, which some programs go by,
// and holds it against the directory, which starts at the offset start. Only
// an error of the reader itself is one; the rest are problems.
func (f *File) readLocal(start int64) error {
	if f.offset > start-sizeLocal || f.Packed > start {
		f.danger("lies outside of the archive")
		return nil
	}
	// As long as it is when it says what the directory says.
	b := make([]byte, min(int64(sizeLocal+len(f.Name)+len(f.extra)), start-f.offset))
	if err := readAt(f.r, b, f.offset); err != nil {
		return err
	}
	if le.Uint32(b) != sigLocal {
		f.danger("has no header where it should begin")
		return nil
	}
	name, extra := int64(le.Uint16(b[26:])), int64(le.Uint16(b[28:]))
	f.data = f.offset + sizeLocal + name + extra
	f.end = f.data + f.Packed
	if f.end > start {
		f.danger("overlaps the archive's directory")
		return nil
	}
	b, rest := b[:sizeLocal], b[sizeLocal:]
	if int64(len(rest)) < name+extra {
		rest = make([]byte, name+extra)
		if err := readAt(f.r, rest, f.offset+sizeLocal); err != nil {
			return err
		}
	}
	f.compareLocal(b, rest[:name], rest[name:name+extra])
	if f.Flags&flagDescriptor == 0 {
		return nil
	}
	return f.readDescriptor(start)
}

// compareLocal takes the local header apart: b, and the name and the extra
// fields behind it.
func (f *File) compareLocal(b, name, extra []byte) {
	const same = flagEncrypted | flagDescriptor | flagStrong | flagUTF8 | flagMasked
	switch {
	case string(name) != f.Name:
		f.danger("has another name in its own header: %s", Printable(string(name)))
	case le.Uint16(b[8:]) != f.Method || (le.Uint16(b[6:])^f.Flags)&same != 0:
		f.danger("has another kind of data in its own header")
	case !f.sameSizes(b, extra):
		f.danger("has other sizes in its own header")
	}
	if !bytes.Equal(extra, f.extra) && !f.hasProblem("has an extra field") {
		f.checkExtra(extra)
	}
}

// hasProblem reports whether a problem begins with the text.
func (f *File) hasProblem(text string) bool {
	return slices.ContainsFunc(f.problems, func(p Problem) bool { return len(p.Text) >= len(text) && p.Text[:len(text)] == text })
}

// sameSizes compares checksum and sizes of the local header with those of the
// directory. Zero is allowed where a descriptor follows the data.
func (f *File) sameSizes(b, extra []byte) bool {
	numbers := []uint64{uint64(le.Uint32(b[22:])), uint64(le.Uint32(b[18:]))}
	if !zip64(extra, numbers) {
		return false
	}
	crc, later := le.Uint32(b[14:]), f.Flags&flagDescriptor != 0
	if crc != f.CRC32 && !(later && crc == 0) {
		return false
	}
	for i, want := range []int64{f.Size, f.Packed} {
		n := numbers[i]
		// Go's archive/zip leaves the field at its largest value.
		if n != uint64(want) && !(later && n == 0) && !(n == none32 && want >= none32) {
			return false
		}
	}
	return true
}

// readDescriptor finds the descriptor behind the data: with a signature or
// without, with short sizes or long ones.
func (f *File) readDescriptor(start int64) error {
	var b [24]byte
	n := min(int64(len(b)), start-f.end)
	if err := readAt(f.r, b[:n], f.end); err != nil {
		return err
	}
	for _, form := range [][]byte{
		f.descriptor(true, false), f.descriptor(true, true), f.descriptor(false, false), f.descriptor(false, true),
	} {
		if form != nil && bytes.HasPrefix(b[:n], form) {
			f.end += int64(len(form))
			return nil
		}
	}
	f.danger("has other sizes behind its data")
	return nil
}

// descriptor returns the descriptor that the directory leads to expect; nil if
// the sizes are too large for its form.
func (f *File) descriptor(signature, long bool) []byte {
	var b []byte
	if signature {
		b = le.AppendUint32(b, sigDescriptor)
	}
	b = le.AppendUint32(b, f.CRC32)
	if long {
		return le.AppendUint64(le.AppendUint64(b, uint64(f.Packed)), uint64(f.Size))
	}
	if f.Packed > none32 || f.Size > none32 {
		return nil
	}
	return le.AppendUint32(le.AppendUint32(b, uint32(f.Packed)), uint32(f.Size))
}

// checkLayout goes through the file from base on to the directory: each byte
// belongs to one entry. Bytes of two are a bomb, bytes of none are hidden.
func (a *Archive) checkLayout(base int64) {
	var files []*File
	for _, f := range a.Files {
		if f.end > 0 {
			files = append(files, f)
		}
	}
	slices.SortStableFunc(files, func(x, y *File) int { return cmp.Compare(x.offset, y.offset) })
	whole := len(files) == len(a.Files) // without one of them, its bytes would seem hidden
	pos, last := base, (*File)(nil)     // the furthest entry so far, and where it ends
	for _, f := range files {
		switch {
		case f.offset < pos && last != nil:
			f.danger("overlaps %s", Printable(last.Name))
			if !last.hasProblem("is overlapped") {
				last.danger("is overlapped by another entry")
			}
		case f.offset > pos && whole:
			f.warn("has %d bytes in front of it that belong to no entry", f.offset-pos)
		}
		if f.end > pos {
			pos, last = f.end, f
		}
	}
	if whole && pos < a.start {
		a.fail(fmt.Sprintf("%d bytes in front of the directory belong to no entry", a.start-pos), false)
	}
}

func bytesText(n int64) string {
	if n >= 1<<30 && n%(1<<30) == 0 {
		return fmt.Sprintf("%d GiB", n>>30)
	}
	return fmt.Sprintf("%d bytes", n)
}

// section is the entry's data in the archive.
func (f *File) section() *io.SectionReader { return io.NewSectionReader(f.r, f.data, f.Packed) }

// Overlap says which entries share data, so that a small archive unpacks to
// any size; it is empty if none do.
func (a *Archive) Overlap() string {
	for _, f := range a.Files {
		for _, p := range f.problems {
			if strings.HasPrefix(p.Text, "overlaps ") {
				return p.String()
			}
		}
	}
	return ""
}
