// Package fileerror says what is wrong with a file, for messages that name it already.
package fileerror

import (
	"errors"
	"io/fs"
)

// Reason is what an error of package os says about a file, without its name; other errors stay what they are.
func Reason(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("no such file")
	case errors.As(err, &path):
		return path.Err
	}
	return err
}
