package cli

import (
	"errors"
	"io"
	"os"

	"github.com/gwlogs/gwlogs/internal/fileerror"
)

// openBundleFile opens the file of a bundle. Its errors do not name it.
func openBundleFile(name string) (f *os.File, size int64, err error) {
	if f, err = os.Open(name); err != nil {
		return nil, 0, &hintedError{fileerror.Reason(err), "check the spelling; a name with spaces needs quotation marks"}
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is no file")
	}
	if err != nil {
		f.Close()
		return nil, 0, fileerror.Reason(err)
	}
	return f, info.Size(), nil
}

// readFile reads the text of a file, at most limit bytes of it.
func readFile(name string, limit int64) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit))
	return string(data), err
}

// errNamed puts the name of a file before an error.
func errNamed(name string, err error) error { return &namedError{name, err} }

type namedError struct {
	name string
	err  error
}

func (e *namedError) Error() string { return e.name + ": " + e.err.Error() }
func (e *namedError) Unwrap() error { return e.err }
