//go:build !windows

package cli

import (
	"errors"
	"io"
	"syscall"
)

// isClosedPipe says whether a write failed because the reader has gone.
func isClosedPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}
