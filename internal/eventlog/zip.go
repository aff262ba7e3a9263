package eventlog

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/internal/safezip"
)

// addZip takes all .evtx entries of the archive, by name, and the file itself.
func (s *Set) addZip(name string, f io.ReaderAt, size int64) {
	// Before archive/zip reads the whole directory, whatever its size.
	checked, err := safezip.Open(f, size)
	switch {
	case err == nil && checked.Overlap() != "":
		s.fail(&Error{Source: name, Err: errors.New("dangerous archive: " + checked.Overlap()), Hint: "it was made to do harm: do not unpack it"})
		return
	case err != nil && !errors.Is(err, safezip.ErrNotZip):
		s.fail(&Error{Source: name, Err: err, Hint: "copy or download it again"})
		return
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		s.fail(&Error{
			Source: name,
			Err:    fmt.Errorf("damaged zip archive: %s", strings.TrimPrefix(err.Error(), "zip: ")),
			Hint:   "copy or download it again",
		})
		return
	}
	s.Archives = append(s.Archives, Archive{name, f, size})
	var entries []*zip.File
	for _, e := range archive.File {
		if isLogEntry(e) {
			entries = append(entries, e)
		}
	}
	if len(entries) == 0 {
		s.fail(&Error{
			Source: name,
			Err:    errors.New("no .evtx files in this archive"),
			Hint:   "archives inside the archive are not opened: take them out first",
		})
		return
	}
	slices.SortStableFunc(entries, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	for _, e := range entries {
		s.Logs = append(s.Logs, s.entryLog(name, f, e, size))
	}
}

// isLogEntry leaves out the shadow files ("._x.evtx") that macOS puts into archives.
func isLogEntry(e *zip.File) bool {
	return e.Mode().IsRegular() && hasExt(e.Name, ".evtx") && !strings.HasPrefix(e.Name, "__MACOSX/")
}

// entryLog is a log in an archive of the given size.
func (s *Set) entryLog(archive string, f io.ReaderAt, e *zip.File, size int64) *Log {
	l := &Log{Name: archive + "/" + e.Name, Size: int64(e.UncompressedSize64), set: s}
	if l.Size < 0 { // a lie
		l.Size = -1
	}
	l.from = func(ctx context.Context) (*content, error) {
		if e.Flags&1 != 0 {
			return nil, &Error{Source: l.Name, Err: errors.New("is encrypted"), Hint: "unpack the archive with its password first"}
		}
		if at := stored(f, e, size); at != nil {
			return &content{at: at, size: at.Size(), close: func() error { return nil }}, nil
		}
		r, err := e.Open()
		if errors.Is(err, zip.ErrAlgorithm) {
			return nil, &Error{
				Source: l.Name,
				Err:    plainError{fmt.Sprintf("packed with zip method %d, which is not known here", e.Method), err},
				Hint:   "unpack the archive, and give the folder",
			}
		}
		if err != nil {
			return nil, zipError(err)
		}
		return &content{stream: zipStream{r}, close: r.Close}, nil
	}
	return l
}

// stored gives the bytes of an entry that is not compressed: they can be read in place.
func stored(f io.ReaderAt, e *zip.File, size int64) *io.SectionReader {
	if e.Method != zip.Store || e.CompressedSize64 != e.UncompressedSize64 || e.CompressedSize64 > uint64(size) {
		return nil
	}
	offset, err := e.DataOffset()
	if err != nil || offset > size-int64(e.CompressedSize64) {
		return nil
	}
	return io.NewSectionReader(f, offset, int64(e.CompressedSize64))
}

// zipStream words the errors of an entry.
type zipStream struct{ r io.Reader }

func (z zipStream) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	if err != nil && err != io.EOF {
		err = zipError(err)
	}
	return n, err
}

// zipError hides what it is made from: an io.ErrUnexpectedEOF of the archive
// must not be taken for the end of a log that is cut off.
func zipError(err error) error {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "zip: "), "flate: ")
	if errors.Is(err, io.ErrUnexpectedEOF) {
		text = "the entry ends too early"
	}
	return errors.New("damaged zip archive: " + text)
}
