package safezip

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"unicode/utf8"
)

// ErrNotZip is wrapped by the error of Open for what is no zip archive at all.
var ErrNotZip = errors.New("not a zip archive")

// An Archive is an opened zip archive.
type Archive struct {
	Files []*File // in the order of the central directory, folders too

	r     io.ReaderAt
	start int64 // of the central directory
	own   []Problem
}

// A File is an entry. Its exported fields are what the directory declares.
type File struct {
	Name   string
	Size   int64 // bytes of content
	Packed int64 // bytes of data in the archive
	Method uint16
	CRC32  uint32
	Flags  uint16
	Mode   fs.FileMode // type and permissions; regular if the directory says nothing

	r        io.ReaderAt
	offset   int64 // of the local header
	data     int64 // offset of the data
	end      int64 // behind data and descriptor; 0 if the local header is not there
	extra    []byte
	comment  int
	problems []Problem
	refused  string // why Open refuses; empty if it does not
}

// A Problem is something that a well-made archive does not have.
type Problem struct {
	Name   string // of the entry, as it is in the archive; empty if File is nil
	Text   string // one line, without the name
	Danger bool   // the content must not be read or unpacked, and File.Open refuses
	File   *File  // nil: the problem is the archive's own
}

// String is one line, fit for a terminal.
func (p Problem) String() string {
	if p.File == nil {
		return p.Text
	}
	return Printable(p.Name) + ": " + p.Text
}

// Open reads and checks the directory of the archive that r holds in size
// bytes, and the headers of all entries. The error wraps ErrNotZip if it is
// none; an archive whose directory is damaged or beyond a limit is an error
// too. Everything else that is wrong is in Problems.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	e, err := findEnd(r, size)
	if err != nil {
		return nil, err
	}
	a := &Archive{r: r, start: e.base + e.offset}
	if err := a.readDirectory(e); err != nil {
		return nil, err
	}
	if e.base > 0 {
		a.fail(fmt.Sprintf("%d bytes in front of the archive", e.base), true)
	}
	if e.behind > 0 {
		a.fail(fmt.Sprintf("%d bytes behind the end of the archive", e.behind), false)
	}
	if e.comment > 0 {
		a.fail(fmt.Sprintf("the archive has a comment of %d bytes", e.comment), false)
	}
	for _, f := range a.Files {
		f.checkName()
		f.checkKind()
		f.checkSizes()
		if err := f.readLocal(a.start); err != nil {
			return nil, err
		}
	}
	a.checkNames()
	a.checkLayout(e.base)
	a.checkTotal(MaxTotal)
	return a, nil
}

// Problems lists what is wrong, the archive's own first, then by entry in the
// order of the directory.
func (a *Archive) Problems() []Problem {
	list := append([]Problem(nil), a.own...)
	for _, f := range a.Files {
		list = append(list, f.problems...)
	}
	return list
}

// fail adds a problem of the archive; one of danger concerns all entries.
func (a *Archive) fail(text string, danger bool) {
	a.own = append(a.own, Problem{Text: text, Danger: danger})
	if danger {
		for _, f := range a.Files {
			f.refuse(text)
		}
	}
}

// warn adds a problem that reading the content does not mind.
func (f *File) warn(format string, args ...any) {
	f.problems = append(f.problems, Problem{Name: f.Name, Text: fmt.Sprintf(format, args...), File: f})
}

// danger adds a problem for which the content must not be read.
func (f *File) danger(format string, args ...any) {
	p := Problem{Name: f.Name, Text: fmt.Sprintf(format, args...), Danger: true, File: f}
	f.problems = append(f.problems, p)
	f.refuse(p.Text)
}

func (f *File) refuse(why string) {
	if f.refused == "" {
		f.refused = why
	}
}

// Refused says why Open refuses to read the file, and is empty if it does not.
func (f *File) Refused() string { return f.refused }

const maxShown = 120 // bytes

// Printable makes a line's worth of text out of one that a stranger chose: as
// it is if that can be printed, otherwise quoted, and cut if it is long.
func Printable(s string) string {
	cut := ""
	if len(s) > maxShown {
		n := maxShown
		for n > maxShown-utf8.UTFMax && !utf8.RuneStart(s[n]) {
			n--
		}
		s, cut = s[:n], "…"
	}
	if q := strconv.Quote(s); s == "" || q != `"`+s+`"` {
		return q + cut
	}
	return s + cut
}
