package tempfile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// create makes a file that never has a name; not every file system can.
func create(folder string) (*os.File, error) {
	f, err := os.OpenFile(folder, os.O_RDWR|unix.O_TMPFILE, 0o600)
	if err == nil {
		return f, nil
	}
	f, err = os.CreateTemp(folder, "gwlogs-*.tmp") // mode 0600
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
