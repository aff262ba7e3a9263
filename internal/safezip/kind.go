package safezip

import "io/fs"

// Methods of compression that are read.
const (
	Store   = 0
	Deflate = 8
)

const (
	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3
	flagStrong     = 1 << 6
	flagUTF8       = 1 << 11
	flagMasked     = 1 << 13 // the local header is encrypted
)

// mode takes the Unix mode out of the external attributes, whichever system
// the entry claims to come from: unpackers differ in whether they look.
func mode(external uint32) fs.FileMode {
	m := fs.FileMode(external >> 16 & 0o777)
	switch external >> 16 & 0o170000 {
	case 0, 0o100000:
	case 0o040000:
		m |= fs.ModeDir
	case 0o120000:
		m |= fs.ModeSymlink
	default:
		m |= fs.ModeIrregular
	}
	if external>>16&0o7000 != 0 {
		m |= fs.ModeSetuid
	}
	return m
}

// IsFolder reports whether the entry is a folder: its name ends in a slash.
func (f *File) IsFolder() bool { return f.Name != "" && f.Name[len(f.Name)-1] == '/' }

// checkKind is about what the entry is, and how it is packed.
func (f *File) checkKind() {
	switch m := f.Mode; {
	case m&fs.ModeSymlink != 0:
		f.danger("is a symbolic link")
	case m&fs.ModeIrregular != 0, m.IsDir() && !f.IsFolder():
		f.danger("is no regular file")
	case m&fs.ModeSetuid != 0:
		f.danger("is set to run with the rights of another")
	case f.IsFolder() && f.Size > 0:
		f.danger("is a folder, and has content")
	}
	switch {
	case f.Flags&(flagEncrypted|flagStrong|flagMasked) != 0:
		f.danger("is encrypted")
	case f.Method != Store && f.Method != Deflate:
		f.danger("is packed with zip method %d, which is not known here", f.Method)
	}
	if f.comment > 0 {
		f.warn("has a comment of %d bytes", f.comment)
	}
	f.checkExtra(f.extra)
}

// checkSizes finds sizes that cannot be true.
func (f *File) checkSizes() {
	switch {
	case f.Method == Store && f.Size != f.Packed:
		f.danger("is stored, and claims to be %d bytes from %d", f.Size, f.Packed)
	case f.Size/MaxRatio > f.Packed:
		f.danger("claims to be %d bytes, unpacked from %d: that is not possible", f.Size, f.Packed)
	}
}

// checkTotal is against archives that are small and fill a disk.
func (a *Archive) checkTotal(limit int64) {
	left := limit
	for _, f := range a.Files {
		if f.Size > left {
			a.fail("the entries claim to be more than "+bytesText(limit)+", unpacked", true)
			return
		}
		left -= f.Size
	}
}
