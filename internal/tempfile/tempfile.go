// Package tempfile gives files without a name, for what need not outlive the
// process: not even a kill leaves anything behind.
package tempfile

import (
	"os"
)

// New returns an empty file, for this user alone, in the folder for temporary
// files. It is gone when it is closed, or when the process ends.
func New() (*os.File, error) {
	return create(os.TempDir())
}
