package wholefile

import (
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// An output that is not complete is a temporary file in the folder where it is
// to appear. Whoever writes it holds it: what nobody holds was left by a kill.

// createTemporary makes such a file, and holds it until it is closed.
func createTemporary(folder string, mode fs.FileMode) (*os.File, error) {
	for {
		f, err := os.OpenFile(filepath.Join(folder, ".gwlogs-"+rand.Text()+".tmp"), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if err != nil {
			return nil, err
		}
		if hold(f) {
			return f, nil
		}
		f.Close() // somebody removed it before it was held
	}
}

// IsTemporary reports whether a file of that name may be one that is not complete.
func IsTemporary(name string) bool {
	return regexp.MustCompile(`^\.gwlogs-[A-Z2-7]{26}\.tmp$`).MatchString(name)
}

// removeAbandoned removes what killed runs of this user have left in a folder.
// Where that is not possible, it stays.
func removeAbandoned(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.Type().IsRegular() && IsTemporary(e.Name()) {
			removeUnheld(filepath.Join(folder, e.Name()))
		}
	}
}
