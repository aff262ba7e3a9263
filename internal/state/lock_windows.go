package state

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock waits until the file is this process's alone; closing it ends that, and
// so does a kill.
func lock(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, new(windows.Overlapped{OffsetHigh: 1 << 30}))
}
