package wholefile

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// hold has nothing to do: nobody can remove a file that is open.
func hold(*os.File) bool { return true }

// abandonedAfter is how long a file stays that may have been closed to be renamed.
const abandonedAfter = time.Minute

// removeUnheld removes a file that nobody has open.
func removeUnheld(name string) {
	if info, err := os.Lstat(name); err == nil && time.Since(info.ModTime()) > abandonedAfter {
		os.Remove(name)
	}
}

// appear gives a file that is complete its name, which it cannot get while it is open.
func appear(f *os.File, name string) error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// isFull reports whether there is no room, or may not be more.
func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED) || errors.Is(err, windows.ERROR_FILE_TOO_LARGE)
}
