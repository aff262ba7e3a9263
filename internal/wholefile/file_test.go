//go:build !windows

package wholefile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// A file is there when it is complete, and not before.
func TestWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name := filepath.Join(folder, "a.txt")
	if err := os.WriteFile(name, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	f, err := Create(name, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "new")
	if got, err := os.ReadFile(name); string(got) != "old" {
		t.Errorf("before: %q, %v", got, err)
	}
	f.Discard()
	if got := names(t, folder); !slices.Equal(got, []string{"a.txt"}) {
		t.Errorf("discarded: %q is left", got)
	}
	if f, err = Create(name, 0o600, nil); err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "new")
	f.Rename("b.txt")
	if err := f.Commit(); err != nil || f.Name() != filepath.Join(folder, "b.txt") {
		t.Errorf("%s: %v", f.Name(), err)
	}
	f.Discard() // does nothing
	info, err := os.Stat(f.Name())
	if got, _ := os.ReadFile(f.Name()); err != nil || string(got) != "new" || info.Mode().Perm() != 0o640 {
		t.Errorf("after: %q, %v, %v", got, info, err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "log.evtx")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		is   error
		text string
	}{
		{folder, ErrFolder, folder + ": is a folder"},
		{file, ErrInput, file + ": is one of the files to be read"},
		{filepath.Join(folder, "no", "x"), nil, filepath.Join(folder, "no", "x") + ": there is no such folder"},
	} {
		_, err := Create(tt.name, 0o600, func(fs.FileInfo) bool { return true })
		if err == nil || tt.is != nil && !errors.Is(err, tt.is) || err.Error() != tt.text {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	f, err := Create("/dev/full", 0o600, nil)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	_, err = f.Write([]byte("x"))
	var own *Error
	if !errors.As(err, &own) || !own.Full() {
		t.Errorf("a full disk: %v", err)
	}
}

// TestTidyingTouchesNothingElse: neither what is being written, nor what only looks like ours.
func TestTidyingTouchesNothingElse(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	const stem = ".gwlogs-ABCDEFGHIJKLMNOPQRSTUVWXY" // and a letter
	file := func(name string) string { return filepath.Join(folder, name) }
	for _, name := range []string{stem + "2.tmp", stem + "A.tmp", stem + "A.tmp.zip", stem + ".tmp", stem + "a.tmp",
		".b.zip." + stem + "A.tmp"} {
		if err := os.WriteFile(file(name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink(stem+".tmp", file(stem+"L.tmp")), os.Mkdir(file(stem+"D.tmp"), 0o700),
		syscall.Mkfifo(file(stem+"P.tmp"), 0o600)); err != nil {
		t.Fatal(err)
	}
	gone := []string{stem + "2.tmp", stem + "A.tmp"}
	if os.Geteuid() == 0 { // otherwise nothing can be of somebody else
		if err := os.WriteFile(file(stem+"O.tmp"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(file(stem+"O.tmp"), 1, 1); err != nil {
			t.Fatal(err)
		}
	}
	held, err := createTemporary(folder, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	want := slices.DeleteFunc(append(names(t, folder), "b.zip"), func(name string) bool { return slices.Contains(gone, name) })
	slices.Sort(want)
	f, err := Create(file("b.zip"), 0o600, nil)
	if err == nil {
		err = f.Commit()
	}
	if err != nil {
		t.Error(err)
	}
	if got := names(t, folder); !slices.Equal(got, want) {
		t.Errorf("left %q, want %q", got, want)
	}
	if _, err := io.WriteString(held, "still there"); err != nil {
		t.Error(err)
	}
}
