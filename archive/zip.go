package archive

import (
	"archive/zip"
	"io"
	"time"
)

// writeZip writes the entries as a zip that Explorer opens: deflate, names in
// UTF-8, sizes in front of the data, zip64 only where it must be.
func writeZip(w io.Writer, sp *spool, names []string, content []packed, modified time.Time) error {
	out := zip.NewWriter(w)
	for i := range content {
		p := &content[i]
		h := &zip.FileHeader{
			Name: names[i], Method: zip.Deflate,
			CreatorVersion: creatorUnix<<8 | zipVersion, ReaderVersion: zipVersion, ExternalAttrs: regularFile << 16,
			Flags: flagUTF8, CRC32: p.crc, CompressedSize64: uint64(p.size()), UncompressedSize64: uint64(p.bytes),
		}
		//lint:ignore SA1019 CreateRaw writes these, not Modified
		h.ModifiedDate, h.ModifiedTime = dosTime(modified)
		entry, err := out.CreateRaw(h)
		if err == nil {
			_, err = entry.Write(p.head)
		}
		if err == nil {
			_, err = io.CopyBuffer(entry, io.NewSectionReader(sp.file, p.from, p.to-p.from), make([]byte, 256<<10))
		}
		if err != nil {
			return err
		}
	}
	return out.Close()
}

const (
	creatorUnix = 3
	zipVersion  = 20
	flagUTF8    = 0x800
	regularFile = 0o100644
)

// zipSize is what writeZip will write at most: 30 bytes and 46 bytes of
// headers an entry, each with its name and, of a large one, 32 bytes of zip64.
func zipSize(names []string, content []packed) int64 {
	size := int64(22 + 76)
	for i := range content {
		size += content[i].size() + 30 + 46 + 64 + 2*int64(len(names[i]))
	}
	return size
}

// dosTime is a time as zip has it: to two seconds, from 1980 to 2107, in UTC as
// nothing says which zone it is.
func dosTime(t time.Time) (date, clock uint16) {
	t = t.UTC()
	if year := t.Year(); year < 1980 || year > 2107 {
		return 1<<5 | 1, 0
	}
	date = uint16(t.Year()-1980)<<9 | uint16(t.Month())<<5 | uint16(t.Day())
	clock = uint16(t.Hour())<<11 | uint16(t.Minute())<<5 | uint16(t.Second()/2)
	return date, clock
}
