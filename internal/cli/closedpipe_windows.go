package cli

import (
	"errors"
	"io"

	"golang.org/x/sys/windows"
)

// isClosedPipe says whether a write failed because the reader has gone. The
// number depends on how far it has gone, and on whose Windows it is.
func isClosedPipe(err error) bool {
	for _, gone := range []error{windows.ERROR_BROKEN_PIPE, windows.ERROR_NO_DATA, windows.ERROR_PIPE_NOT_CONNECTED, io.ErrClosedPipe} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}
