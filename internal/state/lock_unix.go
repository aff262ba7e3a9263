//go:build unix

package state

import (
	"errors"
	"os"
	"syscall"
)

// lock waits until the file is this process's alone; closing it ends that, and
// so does a kill.
func lock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
