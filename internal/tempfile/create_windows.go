package tempfile

import (
	"crypto/rand"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// create makes a file that the system removes when its last handle is closed.
func create(folder string) (*os.File, error) {
	name := filepath.Join(folder, "gwlogs-"+rand.Text()[:12]+".tmp")
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL|windows.FILE_FLAG_DELETE_ON_CLOSE, 0o600)
}
