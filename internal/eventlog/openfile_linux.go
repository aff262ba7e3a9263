package eventlog

import (
	"errors"
	"os"
	"syscall"
)

// openOrdinary opens a file that is an ordinary one, as [os.Open] does. That has
// the file looked after by the runtime's poller first, which an ordinary file
// cannot be, and takes it back: five of the nine system calls that reading a small
// log is made of.
func openOrdinary(name string) (*os.File, error) {
	for {
		fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return nil, &os.PathError{Op: "open", Path: name, Err: err}
		}
		return os.NewFile(uintptr(fd), name), nil
	}
}
