package eventlog

import (
	"errors"
	"io/fs"
)

// Error says why a source, or a log in it, cannot be read.
type Error struct {
	Source string // as the person named it
	Err    error
	Hint   string // what to do about it, empty if we do not know
}

// Error is "source: why".
func (e *Error) Error() string { return e.Source + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// sourceError says in plain words what the operating system said about a file.
func sourceError(source string, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	e := &Error{Source: source, Err: err}
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Err = plainError{"no such file or folder", err}
		e.Hint = "check the spelling; a name with spaces needs quotation marks"
	case errors.Is(err, fs.ErrPermission):
		e.Err = plainError{"permission denied", err}
		e.Hint = "run as an administrator, or copy the file to a folder of your own"
	case errors.As(err, &path):
		e.Err = path.Err // the path is in Source already
	}
	return e
}

// plainError words an error anew and keeps it for errors.Is.
type plainError struct {
	text string
	err  error
}

func (e plainError) Error() string { return e.text }
func (e plainError) Unwrap() error { return e.err }
