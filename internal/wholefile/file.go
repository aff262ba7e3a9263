// Package wholefile writes files that appear under their names when they are complete, or not at all: a full disk, an error, a
// signal or a kill leaves what was there before.
package wholefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// A File is on its way. What cannot be replaced, such as a device or a named pipe, is written to as it is.
type File struct {
	file    *os.File
	name    string // as it was asked for, for messages
	final   string // the name it gets
	inPlace bool
}

// Create begins the file called name, which gets the mode (before umask), or that of the file it replaces. It is
// refused for a folder (ErrFolder), and where input, if there is one, says that the file is read meanwhile (ErrInput).
// All errors of this package are an *Error.
func Create(name string, mode fs.FileMode, input func(fs.FileInfo) bool) (*File, error) {
	f := &File{name: name, final: name}
	if target, err := filepath.EvalSymlinks(name); err == nil {
		f.final = target // replace what a link leads to, not the link
	}
	info, err := os.Stat(f.final)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, f.explain(err)
	case info.IsDir():
		return nil, f.explain(ErrFolder)
	case input != nil && input(info):
		return nil, f.explain(ErrInput)
	case !info.Mode().IsRegular():
		f.inPlace = true
		if f.file, err = os.OpenFile(f.final, os.O_WRONLY, 0); err != nil {
			return nil, f.explain(err)
		}
		return f, nil
	default:
		mode = info.Mode().Perm()
	}
	removeAbandoned(filepath.Dir(f.final))
	if f.file, err = createTemporary(filepath.Dir(f.final), mode); err != nil {
		return nil, f.explain(err)
	}
	return f, nil
}

// Name is the name that the file gets.
func (f *File) Name() string { return f.final }

// Rename lets the file appear under another name in the same folder.
func (f *File) Rename(base string) {
	f.final = filepath.Join(filepath.Dir(f.final), base)
	f.name = f.final
}

// Write writes straight through.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	return n, f.explain(err)
}

// WriteAt writes to another place.
func (f *File) WriteAt(p []byte, offset int64) (int, error) {
	n, err := f.file.WriteAt(p, offset)
	return n, f.explain(err)
}

// ReadAt reads what was written, unless that was in place.
func (f *File) ReadAt(p []byte, offset int64) (int, error) { return f.file.ReadAt(p, offset) }

// Seek goes to another place, unless the file is written in place.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	if f.inPlace {
		return 0, errors.ErrUnsupported
	}
	at, err := f.file.Seek(offset, whence)
	return at, f.explain(err)
}

// Commit makes the file appear. When it returns nil, the file lasts.
func (f *File) Commit() error {
	if f.inPlace {
		err := f.file.Close()
		f.file = nil
		return f.explain(err)
	}
	err := f.file.Sync()
	if err == nil {
		err = appear(f.file, f.final)
	}
	if err != nil {
		f.Discard()
		return f.explain(err)
	}
	syncFolder(filepath.Dir(f.final))
	f.file = nil
	return nil
}

// Move gives a file that is complete, and on the disk, its name in the same folder. When it returns nil, the name lasts.
func Move(part, final string) error {
	if err := os.Rename(part, final); err != nil {
		return err
	}
	syncFolder(filepath.Dir(final))
	return nil
}

// Discard leaves nothing behind. After Commit it does nothing.
func (f *File) Discard() {
	if f == nil || f.file == nil {
		return
	}
	f.file.Close()
	if !f.inPlace {
		os.Remove(f.file.Name())
	}
	f.file = nil
}

// syncFolder makes the new name last. Not every system can do that; the file itself is safe.
func syncFolder(folder string) {
	if d, err := os.Open(folder); err == nil {
		d.Sync()
		d.Close()
	}
}

// Reasons not to write a file.
var (
	ErrFolder = errors.New("is a folder")
	ErrInput  = errors.New("is one of the files to be read")
)

// An Error says why a file cannot be written: without the temporary name, which nobody knows.
type Error struct {
	Name string // as it was asked for
	Err  error
}

func (e *Error) Error() string { return e.Name + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Full reports whether there is no room, or may not be more.
func (e *Error) Full() bool { return isFull(e.Err) }

// Refused reports whether this user may not write there, or nobody may.
func (e *Error) Refused() bool {
	return errors.Is(e.Err, fs.ErrPermission) || errors.Is(e.Err, syscall.EROFS)
}

func (f *File) explain(err error) error {
	if err == nil {
		return nil
	}
	return Explain(f.name, err)
}

// Explain is the *Error for an error of writing to what is called name.
func Explain(name string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = errors.New("there is no such folder")
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &Error{name, err}
}
