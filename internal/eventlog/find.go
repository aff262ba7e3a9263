package eventlog

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/sealed"
)

// Options are how all logs of a [Set] are opened.
type Options struct {
	Stdin         io.Reader // what "-" means
	StdinTerminal bool      // somebody would have to type the log in: refused
	CodePage      evtx.CodePage
	Recover       bool
	Text          bool           // a text is a log too: see package eventtext
	Texts         []Text         // with Text: read before the sources
	Identities    []age.Identity // keys for what is encrypted

	Channels Channels  // of this computer; nil where there are none
	Defaults []Default // what is read of them without any source
}

// Set holds the logs of several sources in the order in which they are to be read.
type Set struct {
	Logs   []*Log
	Failed []*Error // sources without a readable log; the others are in Logs
	Absent []string // channels that are read without any source, and do not exist here

	Archives []Archive // zip archives among the sources; readable until Close

	options Options
	files   []os.FileInfo // archives and the like, for Holds
	kept    store
	closers []func() error
}

// Archive is a zip archive that logs are read from, decrypted if need be.
type Archive struct {
	Name string // as the person named it
	At   io.ReaderAt
	Size int64
}

// Find looks for the logs of the sources: files, folders (all .evtx files
// below them), zip archives (likewise) and "-" for standard input.
// "channel:NAME" is a live channel; without any source, those of the Defaults
// are taken that exist. [Set.Export] reads them before they can be opened.
// The caller closes the Set when it is done with all logs.
func Find(sources []string, o Options) *Set {
	s := &Set{options: o}
	if len(sources)+len(o.Texts) == 0 && o.Channels != nil {
		s.addDefaults()
	}
	for _, t := range o.Texts {
		s.addText(t)
	}
	for _, source := range sources {
		s.add(source)
	}
	return s
}

// Size is the sum of all logs, -1 if it is not known.
func (s *Set) Size() int64 {
	var sum int64
	for _, l := range s.Logs {
		if l.Size < 0 {
			return -1
		}
		sum += l.Size
	}
	return sum
}

// Holds says whether the file is one of those that the logs are read from.
func (s *Set) Holds(file os.FileInfo) bool {
	if s == nil {
		return false
	}
	for _, own := range s.files {
		if os.SameFile(own, file) {
			return true
		}
	}
	return slices.ContainsFunc(s.Logs, func(l *Log) bool {
		own, err := os.Stat(l.path)
		return l.path != "" && err == nil && os.SameFile(own, file)
	})
}

// Close closes the archives and removes what was kept of streams.
func (s *Set) Close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c())
	}
	s.closers = nil
	return errors.Join(errs...)
}

func (s *Set) add(source string) {
	if source == "-" {
		s.addStdin()
		return
	}
	if name, ok := cutChannel(source); ok {
		s.addChannel(source, name)
		return
	}
	info, err := os.Stat(source)
	if err != nil {
		// The Windows command prompt leaves patterns to the program.
		if names, _ := filepath.Glob(source); strings.ContainsAny(source, "*?[") && len(names) > 0 {
			for _, name := range names {
				s.add(name)
			}
			return
		}
		s.fail(sourceError(source, err))
		return
	}
	switch {
	case info.IsDir():
		s.addFolder(source)
	case info.Mode().IsRegular():
		s.addFile(source, info)
	default:
		s.Logs = append(s.Logs, s.fileLog(source, info))
	}
}

func (s *Set) fail(err *Error) { s.Failed = append(s.Failed, err) }

func (s *Set) addFile(name string, info os.FileInfo) {
	f, err := os.Open(name)
	if err != nil {
		s.fail(sourceError(name, err))
		return
	}
	s.files = append(s.files, info)
	start := make([]byte, 4)
	n, err := f.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		f.Close()
		s.fail(sourceError(name, err))
		return
	}
	switch {
	case sealed.Encrypted(f):
		s.closers = append(s.closers, f.Close)
		s.AddReader(name, f, info.Size())
		return
	case isZip(start[:n]) || n > 0 && hasExt(name, ".zip"):
		s.closers = append(s.closers, f.Close)
		s.addZip(name, f, info.Size())
		return
	}
	f.Close()
	s.Logs = append(s.Logs, s.fileLog(name, info))
}

// addFolder takes all .evtx files below the folder, by name.
func (s *Set) addFolder(folder string) {
	found := s.walk(folder)
	if found.evtx > 0 || found.failed > 0 {
		return
	}
	e := &Error{Source: folder, Err: errors.New("no .evtx files in this folder")}
	switch {
	case found.zip > 0:
		e.Hint = "there are .zip files in it: name them themselves"
	case found.evt > 0:
		e.Hint = "its .evt files are of the old format; on Windows, convert them: wevtutil export-log OLD.evt NEW.evtx /lf:true"
	default:
		e.Hint = `Windows keeps its logs in C:\Windows\System32\winevt\Logs`
	}
	s.fail(e)
}

// census counts what a folder holds.
type census struct{ evtx, zip, evt, failed int }

func (s *Set) walk(folder string) census {
	var c census
	entries, err := os.ReadDir(folder) // in name order
	if err != nil {
		s.fail(sourceError(folder, err))
		c.failed++
	}
	for _, entry := range entries {
		name := filepath.Join(folder, entry.Name())
		switch {
		case entry.IsDir():
			sub := s.walk(name)
			c.evtx, c.zip, c.evt, c.failed = c.evtx+sub.evtx, c.zip+sub.zip, c.evt+sub.evt, c.failed+sub.failed
		case hasExt(name, ".evtx"):
			info, err := os.Stat(name) // follows a symbolic link, but only to a file: no circles
			if err != nil {
				s.fail(sourceError(name, err))
				c.failed++
			} else if info.Mode().IsRegular() {
				s.Logs = append(s.Logs, s.fileLog(name, info))
				c.evtx++
			}
		case hasExt(name, ".zip"):
			c.zip++
		case hasExt(name, ".evt"):
			c.evt++
		}
	}
	return c
}

func hasExt(name, ext string) bool { return strings.EqualFold(filepath.Ext(name), ext) }
