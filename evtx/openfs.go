package evtx

import (
	"fmt"
	"io"
	"io/fs"
)

// OpenFS opens the log with that name in a file system: an embedded one, a zip
// archive, a tree of test files. The caller closes the Reader. A file that can
// be read at any place (io.ReaderAt) is read like one on disk; any other forward
// alone, once, as NewStreamReader does.
func OpenFS(fsys fs.FS, name string) (*Reader, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return ownFile(f, name)
}

// ownFile returns a Reader that closes the file.
func ownFile(f fs.File, name string) (*Reader, error) {
	r, err := newFileReader(f, name)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.closer = f
	return r, nil
}

func newFileReader(f fs.File, name string) (*Reader, error) {
	st, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case st.IsDir():
		return nil, fmt.Errorf("%s: is a directory", name)
	}
	if at, ok := f.(io.ReaderAt); ok {
		return NewReader(at, st.Size())
	}
	return NewStreamReader(f)
}
