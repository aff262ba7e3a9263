//go:build !windows

package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What is no ordinary file, a device or a named pipe, is written to, not replaced.
func TestOutputToPipe(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(name, os.O_RDWR, 0) // both ends: nothing waits for anybody
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if got := runWith(t, nil, "report-id", "-o", name, testLog("gateway-en.evtx")); got.code != 0 || got.out != "" {
		t.Errorf("%+v", got)
	}
	info, err := os.Lstat(name)
	if err != nil || info.Mode().Type() != fs.ModeNamedPipe {
		t.Fatalf("the pipe is now %v, %v", info.Mode(), err)
	}
	buf := make([]byte, 4096)
	n, err := pipe.Read(buf)
	if err != nil || !strings.HasPrefix(string(buf[:n]), "TIME (UTC)") {
		t.Errorf("came out: %q, %v", buf[:n], err)
	}
}

// A link stays a link, and the file keeps its mode.
func TestOutputThroughLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if got := runWith(t, nil, "report-id", "-o", link, testLog("gateway-en.evtx")); got.code != 0 {
		t.Errorf("%+v", got)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is gone: %v", err)
	}
	if info, err := os.Stat(file); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("beside it: %v, %v", entries, err)
	}
}
