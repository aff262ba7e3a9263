// Package state keeps what gwlogs remembers for a user between two runs: the
// journal of report IDs, and the key and map of redaction. All of it is for
// this user alone (mode 0600), and safe against two processes and a kill.
package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Folder is where the files are.
type Folder struct{ path string }

// Open returns the user's folder, which is made when something is written:
// %LOCALAPPDATA%\gwlogs on Windows, $XDG_STATE_HOME/gwlogs or
// ~/.local/state/gwlogs elsewhere.
func Open() (Folder, error) {
	base, below := os.Getenv("XDG_STATE_HOME"), "."
	if runtime.GOOS == "windows" {
		base = os.Getenv("LOCALAPPDATA")
	}
	if base == "" || !filepath.IsAbs(base) {
		home, err := os.UserHomeDir()
		if err != nil {
			return Folder{}, fmt.Errorf("no folder to remember things in: %w", err)
		}
		base, below = home, filepath.Join(".local", "state")
		if runtime.GOOS == "windows" {
			below = filepath.Join("AppData", "Local")
		}
	}
	return Folder{filepath.Join(base, below, "gwlogs")}, nil
}

// In is a folder of the caller's choice, which is made when something is written.
func In(path string) Folder { return Folder{path} }

// Path is the path of a file in the folder.
func (f Folder) Path(name string) string { return filepath.Join(f.path, name) }

// locked opens a file, which nobody else then does until it is closed.
func (f Folder) locked(name string) (*os.File, error) {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(f.Path(name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// appendLines adds lines at the end of a locked file and makes them last. What
// a killed process left of a line is ended first.
func appendLines(file *os.File, lines []byte) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	end := info.Size()
	if end > 0 {
		last := make([]byte, 1)
		if _, err := file.ReadAt(last, end-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			lines = append([]byte{'\n'}, lines...)
		}
	}
	if _, err := file.WriteAt(lines, end); err != nil {
		return errors.Join(err, file.Truncate(end))
	}
	return file.Sync()
}
