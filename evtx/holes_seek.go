//go:build linux || darwin || freebsd

package evtx

import (
	"errors"
	"io"
	"os"
	"runtime"
	"syscall"
)

// seekData returns the offset of the first data from off on, or the size of the
// file if nothing but a hole follows. ok is false where the file system has no
// idea of holes. The file's own position stays where it was.
func seekData(f *os.File, off, size int64) (at int64, ok bool) {
	whence := 3 // SEEK_DATA
	if runtime.GOOS == "darwin" {
		whence = 4
	}
	before, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, false
	}
	defer f.Seek(before, io.SeekStart)
	at, err = f.Seek(off, whence)
	if errors.Is(err, syscall.ENXIO) {
		return size, true
	}
	return at, err == nil
}
