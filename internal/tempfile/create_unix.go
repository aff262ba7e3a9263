//go:build unix && !linux

package tempfile

import (
	"errors"
	"os"
)

func create(folder string) (*os.File, error) { return named(folder) }

// named makes a file and takes its name away.
func named(folder string) (*os.File, error) {
	f, err := os.CreateTemp(folder, "gwlogs-*.tmp") // mode 0600
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
