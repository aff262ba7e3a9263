package eventlog

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Exports lie in a folder of their process: gwlogs-live-PID-RANDOM.
const folderPrefix = "gwlogs-live-"

func exportName(n int) string { return fmt.Sprintf("channel-%d.evtx", n) }

// privateFolder makes a folder that this user alone may look into.
func privateFolder(in string) (string, error) {
	in, err := filepath.Abs(in) // EvtExportLog takes absolute paths alone
	if err != nil {
		return "", err
	}
	name := filepath.Join(in, fmt.Sprintf("%s%d-%s", folderPrefix, os.Getpid(), rand.Text()[:12]))
	return name, makePrivate(name)
}

// removeFolder removes a folder and the exports in it, and nothing else that
// somebody may have put there.
func removeFolder(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, "channel-*.evtx"))
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, os.Remove(folder))...)
}

// removeStale removes the folders of processes that are no more.
func removeStale(in string) {
	entries, err := os.ReadDir(in)
	if err != nil {
		return
	}
	for _, entry := range entries {
		rest, ours := strings.CutPrefix(entry.Name(), folderPrefix)
		digits, _, _ := strings.Cut(rest, "-")
		pid, err := strconv.Atoi(digits)
		if !ours || err != nil || processLives(pid) {
			continue
		}
		// A link could lead to somebody else's logs.
		if name := filepath.Join(in, entry.Name()); entry.Type() == os.ModeDir {
			_ = removeFolder(name) // of another user, perhaps
		}
	}
}
