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

const (
	maxNesting = 3       // of archives inside of archives
	maxNested  = 4 << 30 // bytes of all of them that have to be copied, to be read in any order
)

// addZip takes all logs of the archive, by name, and the archive itself. Without logs it is an error.
func (s *Set) addZip(name string, f io.ReaderAt, size int64) {
	if !s.addZipLogs(name, f, size, maxNesting) {
		e := &Error{Source: name, Err: errors.New("no event log in this archive")}
		if isOfficeFile(f, size) {
			e.Err, e.Hint = errors.New("is a document of Office, not an archive of event logs"), copyText
		}
		s.fail(e)
	}
}

// isOfficeFile reports whether an archive is a document: .docx, .xlsx and the like have a list of types in them.
func isOfficeFile(f io.ReaderAt, size int64) bool {
	archive, err := openZip(f, size)
	return err == nil && slices.ContainsFunc(archive.File, func(entry *zip.File) bool { return entry.Name == "[Content_Types].xml" })
}

// addZipLogs takes the logs of an archive, and reports whether there was anything in it: a log, or something to be said.
func (s *Set) addZipLogs(name string, f io.ReaderAt, size int64, nesting int) bool {
	if s.options.ArchivesOnly {
		s.Archives = append(s.Archives, Archive{Name: name, At: f, Size: size})
		return true
	}
	archive, err := openZip(f, size)
	if err != nil {
		err.Source = name
		s.fail(err)
		return true
	}
	before, bad := len(s.Logs), len(s.Failed)
	s.addEntries(name, f, archive, size, nesting)
	if len(s.Logs) > before {
		s.Archives = append(s.Archives, Archive{Name: name, At: f, Size: size})
		for _, l := range s.Logs[before:] {
			if l.archive == 0 { // otherwise it is in an archive in this one
				l.archive = len(s.Archives)
			}
		}
	}
	return len(s.Logs) > before || len(s.Failed) > bad
}

// openZip reads the directory of an archive. The error has no Source.
func openZip(f io.ReaderAt, size int64) (*zip.Reader, *Error) {
	const again = "copy or download it again"
	// Before archive/zip reads the whole directory, whatever its size.
	checked, err := safezip.Open(f, size)
	switch {
	case err == nil && checked.Overlap() != "":
		return nil, &Error{Err: errors.New("dangerous archive: " + checked.Overlap()), Hint: "it was made to do harm: do not unpack it"}
	case err != nil && !errors.Is(err, safezip.ErrNotZip):
		return nil, &Error{Err: err, Hint: again}
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, &Error{Err: fmt.Errorf("damaged zip archive: %s", strings.TrimPrefix(err.Error(), "zip: ")), Hint: again}
	}
	archive.RegisterDecompressor(zip.Deflate, safezip.Inflate)
	return archive, nil
}

func (s *Set) addEntries(name string, f io.ReaderAt, archive *zip.Reader, size int64, nesting int) {
	entries := slices.Clone(archive.File)
	slices.SortStableFunc(entries, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	for _, e := range entries {
		switch kind := entryKind(e); {
		case kind == entryLog:
			s.Logs = append(s.Logs, s.entryLog(name, f, e, size))
		case kind == entryPacked:
			l := s.entryLog(name, f, e, size)
			l.Size, l.pack = -1, true
			s.Logs = append(s.Logs, l)
		case kind == entryZip:
			s.addNested(name+"/"+e.Name, f, e, size, nesting-1)
		}
	}
}

// What an entry of an archive may be.
const (
	entryOther = iota
	entryLog
	entryPacked
	entryZip
)

// entryKind goes by the first bytes of an entry, and only what cannot be looked into by its name. It leaves out the shadow files
// ("._x.evtx") that macOS puts into archives.
func entryKind(e *zip.File) int {
	if !e.Mode().IsRegular() || strings.HasPrefix(e.Name, "__MACOSX/") {
		return entryOther
	}
	if hasExt(e.Name, ".evtx") {
		return entryLog // the message says what is wrong with it
	}
	if e.Flags&1 != 0 {
		return entryOther
	}
	if start := peek(e); len(start) == magicSize && !isPacked(start) {
		return plainKind(start)
	}
	r, err := e.Open()
	if err != nil {
		return entryOther
	}
	defer r.Close()
	c := &content{stream: r, close: r.Close}
	start, _ := c.start()
	if !isPacked(start) {
		return plainKind(start)
	}
	if c, err := unpacked(c); err == nil {
		defer c.close()
		if start, _ := c.start(); isEventLog(start) {
			return entryPacked
		}
	}
	return entryOther
}

// plainKind goes by the first bytes of what is not compressed once more.
func plainKind(start []byte) int {
	switch {
	case isEventLog(start):
		return entryLog
	case isZip(start):
		return entryZip
	}
	return entryOther
}

// peek unpacks the first bytes of an entry, from so few packed ones that it
// costs nothing: asked for its first byte, an inflater unpacks 32 KiB. It may
// fail to, which says nothing about the entry.
func peek(e *zip.File) []byte {
	const packed = 512 // the codes of a block take 300 at most
	raw, err := e.OpenRaw()
	if err != nil || e.Method != zip.Deflate {
		return nil
	}
	r := safezip.Inflate(io.LimitReader(raw, packed))
	defer r.Close()
	start := make([]byte, magicSize)
	n, _ := io.ReadFull(r, start)
	return start[:n]
}

// addNested takes the logs of an archive inside of an archive, if there are any.
func (s *Set) addNested(name string, f io.ReaderAt, e *zip.File, size int64, nesting int) {
	if nesting < 0 {
		s.fail(&Error{Source: name, Err: errors.New("lies too deep: archives inside of archives inside of archives"),
			Hint: "unpack the outer ones, and give the folder"})
		return
	}
	at := stored(f, e, size)
	if at == nil {
		var err *Error
		if at, err = s.copyNested(e); err != nil {
			err.Source = name
			s.fail(err)
			return
		}
	}
	s.addZipLogs(name, at, at.Size(), nesting)
}

// copyNested makes an archive inside of an archive one that can be read in any order. The error has no Source.
func (s *Set) copyNested(e *zip.File) (*io.SectionReader, *Error) {
	const unpack = "unpack the archive, and give the folder"
	if e.UncompressedSize64 > uint64(maxNested-min(maxNested, s.nested)) {
		return nil, &Error{Err: fmt.Errorf("is too large to be read inside of an archive: more than %d GiB", maxNested>>30), Hint: unpack}
	}
	s.nested += int64(e.UncompressedSize64)
	r, err := e.Open()
	if err != nil {
		return nil, &Error{Err: zipError(err), Hint: unpack}
	}
	defer r.Close()
	if err := s.kept.open(s); err != nil {
		return nil, keepError(&Log{}, err)
	}
	at, err := s.kept.add(io.LimitReader(zipStream{r}, int64(e.UncompressedSize64)))
	var failed *keepFailure
	switch {
	case errors.As(err, &failed):
		return nil, keepError(&Log{}, failed.err)
	case err != nil:
		return nil, &Error{Err: err, Hint: unpack}
	}
	return at, nil
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
