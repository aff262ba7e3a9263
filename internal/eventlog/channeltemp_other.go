//go:build !windows

package eventlog

import (
	"errors"
	"os"
	"syscall"
)

func makePrivate(name string) error { return os.Mkdir(name, 0o700) }

// openPassing opens a file that is gone when it is closed.
func openPassing(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return f, os.Remove(name)
}

func processLives(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
