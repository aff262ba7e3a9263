//go:build unix

package wholefile

import (
	"errors"
	"os"
	"syscall"
)

// hold locks the file as long as it is open; a kill ends that. It reports
// whether the file is still there: between its making and the lock, removeUnheld may
// have come. Some file systems have no locks: there, nothing is ever removed.
func hold(f *os.File) bool {
	for errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_EX), syscall.EINTR) {
	}
	return isAt(f, f.Name())
}

// isAt reports whether the open file is the one of that name.
func isAt(f *os.File, name string) bool {
	own, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(name)
	return err == nil && os.SameFile(own, there)
}

// removeUnheld removes a file of this user that nobody holds.
func removeUnheld(name string) {
	// For writing: without that, a lock over NFS is refused.
	f, err := os.OpenFile(name, os.O_WRONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || !isOwn(info) {
		return
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil && isAt(f, name) {
		os.Remove(name)
	}
}

func isOwn(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// appear gives a file that is complete its name. It is held until it has it.
func appear(f *os.File, name string) error {
	err := os.Rename(f.Name(), name)
	if err != nil {
		return err
	}
	f.Close() // what there was to fail has failed in Sync
	return nil
}

// isFull reports whether there is no room, or may not be more.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
