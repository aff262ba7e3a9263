package eventlog

import (
	"errors"
	"io"
	"io/fs"
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

	Shard Shard // the part of the files that is read

	ArchivesOnly bool // archives are noted and not looked into

	Channels Channels  // of this computer; nil where there are none
	Defaults []Default // what is read of them without any source
}

// Set holds the logs of several sources in the order in which they are to be read.
type Set struct {
	Logs   []*Log
	Failed []*Error // sources without a readable log; the others are in Logs
	Spared int      // files that are of another Shard
	Absent []string // channels that are read without any source, and do not exist here

	Archives []Archive // zip archives among the sources; readable until Close

	options Options
	files   []os.FileInfo // archives and the like, for Holds
	pool    filePool
	readers evtx.Pool
	kept    store
	nested  int64 // bytes of archives inside of archives in it
	closers []func() error
}

// Archive is a zip archive that logs are read from, decrypted if need be.
type Archive struct {
	Name string // as the person named it
	At   io.ReaderAt
	Size int64

	below int
	found bool // in a folder: nobody has named it
}

// Found reports whether the archive was found in a folder, and nobody has named it.
func (a *Archive) Found() bool { return a.found }

// Entry is what an entry of the archive is called in results, see [Log.Source].
func (a *Archive) Entry(name string) string { return filepath.ToSlash((a.Name + "/" + name)[a.below:]) }

// ArchiveOf is the archive that a log of the set is in, the innermost one; nil if it is in none.
func (s *Set) ArchiveOf(l *Log) *Archive {
	if l.archive == 0 {
		return nil
	}
	return &s.Archives[l.archive-1]
}

// Find looks for the logs of the sources: files, folders (all logs below them,
// by their first bytes, and all archives), zip archives (likewise, to a depth),
// files that gzip or zstd compressed, and "-" for one of them on standard input.
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
	for _, c := range append(s.closers, s.pool.close) {
		errs = append(errs, c())
	}
	s.closers = nil
	return errors.Join(errs...)
}

func (s *Set) add(source string) {
	logs, archives := len(s.Logs), len(s.Archives)
	defer func() { s.cutTyped(source, logs, archives) }()
	if source == "-" {
		source = stdinName
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
			logs, archives = len(s.Logs), len(s.Archives)
			return
		}
		s.fail(sourceError(source, err))
		return
	}
	switch {
	case info.IsDir():
		s.addFolder(source)
		for _, l := range s.Logs[logs:] {
			l.found = true
		}
		for i := range s.Archives[archives:] {
			s.Archives[archives+i].found = true
		}
	case s.spare(source, source):
	case info.Mode().IsRegular():
		s.addFile(source, info)
	default:
		s.Logs = append(s.Logs, s.fileLog(source, info))
	}
}

// cutTyped tells what a source brought, logs and archives from these indexes on, that it was typed like this.
func (s *Set) cutTyped(source string, logs, archives int) {
	for _, l := range s.Logs[logs:] {
		l.below = typed(source, l.Name)
	}
	for i := range s.Archives[archives:] {
		a := &s.Archives[archives+i]
		a.below = typed(source, a.Name+"/")
	}
}

// typed is how much of a name goes back to the source that was typed, and is no part of a result.
func typed(source, name string) int {
	if _, live := cutChannel(source); live {
		return 0
	}
	if name == source {
		return len(source) - len(filepath.Base(source))
	}
	for _, folder := range []string{source, filepath.Clean(source)} { // as it is joined with what is in it
		if rest, ok := strings.CutPrefix(name, folder); ok {
			return len(name) - len(strings.TrimLeftFunc(rest, func(c rune) bool { return c == '/' || c == filepath.Separator }))
		}
	}
	return 0 // below "."
}

func (s *Set) fail(err *Error) { s.Failed = append(s.Failed, err) }

func (s *Set) addFile(name string, info os.FileInfo) {
	f, err := openOrdinary(name)
	if err != nil {
		s.fail(sourceError(name, err))
		return
	}
	start := make([]byte, 8)
	n, err := f.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		f.Close()
		s.fail(sourceError(name, err))
		return
	}
	switch start = start[:n]; {
	case sealed.Encrypted(f), isZip(start):
		f.Close()
		s.files = append(s.files, info)
		s.AddReader(name, s.pool.file(name), info.Size())
		return
	case n > 0 && hasExt(name, ".zip"): // the message says what is wrong with it
		f.Close()
		s.files = append(s.files, info)
		s.addZip(name, s.pool.file(name), info.Size())
		return
	}
	f.Close()
	l := s.fileLog(name, info)
	if l.pack = isPacked(start); l.pack {
		l.Size = -1
	}
	s.Logs = append(s.Logs, l)
}

// addFolder takes all logs below the folder and all archives with logs in them, by name.
func (s *Set) addFolder(folder string) {
	before := len(s.Logs) + len(s.Failed) + s.Spared
	old := s.walk(folder, folder)
	if len(s.Logs)+len(s.Failed)+s.Spared > before || s.options.ArchivesOnly {
		return
	}
	e := &Error{Source: folder, Err: errors.New("no event log in this folder"),
		Hint: `Windows keeps its logs in C:\Windows\System32\winevt\Logs`}
	if old {
		e.Hint = "its .evt files are of the old format; on Windows, convert them: wevtutil export-log OLD.evt NEW.evtx /lf:true"
	}
	s.fail(e)
}

// walk takes the logs of a folder below a source. It reports whether there are some of the old format.
func (s *Set) walk(source, folder string) (old bool) {
	entries, err := os.ReadDir(folder) // in name order
	if err != nil {
		s.fail(sourceError(folder, err))
	}
	for _, entry := range entries {
		name := filepath.Join(folder, entry.Name())
		if entry.IsDir() {
			old = s.walk(source, name) || old
			continue
		}
		if s.spare(source, name) {
			continue
		}
		info, err := entry.Info()
		if err == nil && info.Mode()&os.ModeSymlink != 0 {
			info, err = os.Stat(name) // follows it, but only to a file: no circles
		}
		switch {
		case err != nil && hasExt(name, ".evtx"):
			s.fail(sourceError(name, err))
		case err != nil || !info.Mode().IsRegular():
		case hasExt(name, ".evtx"):
			s.Logs = append(s.Logs, s.fileLog(name, info))
		default:
			s.addFound(name, info)
			old = old || hasExt(name, ".evt")
		}
	}
	return old
}

// addFound takes a file of a folder if there is a log in it. Any other is none of ours.
func (s *Set) addFound(name string, info os.FileInfo) {
	f, err := openOrdinary(name)
	if err != nil {
		if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrNotExist) {
			s.fail(sourceError(name, err))
		}
		return
	}
	defer f.Close()
	start := look(f)
	switch {
	case isEventLog(start):
		s.Logs = append(s.Logs, s.fileLog(name, info))
	case isPacked(start):
		if l := s.fileLog(name, info); holdsLog(f, info.Size()) {
			l.Size, l.pack = -1, true
			s.Logs = append(s.Logs, l)
		}
	case isZip(start):
		if s.addZipLogs(name, s.pool.file(name), info.Size(), maxNesting) {
			s.files = append(s.files, info)
		}
	case sealed.Encrypted(f):
		s.files = append(s.files, info)
		s.AddReader(name, s.pool.file(name), info.Size())
	}
}

func hasExt(name, ext string) bool { return strings.EqualFold(filepath.Ext(name), ext) }
