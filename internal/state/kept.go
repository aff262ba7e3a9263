package state

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/gwlogs/gwlogs/internal/wholefile"
)

// maxKept is how much is read of a file that Keep wrote.
const maxKept = 4 << 20

// Keep keeps something small under a name, in place of what was kept there.
func (f Folder) Keep(name string, value []byte) error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return err
	}
	file, err := wholefile.Create(f.Path(name), 0o600, nil)
	if err != nil {
		return err
	}
	defer file.Discard()
	if _, err := file.Write(value); err != nil {
		return err
	}
	return file.Commit()
}

// Kept returns what is kept under a name; nothing if nothing is.
func (f Folder) Kept(name string) ([]byte, error) {
	file, err := os.Open(f.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxKept))
}
