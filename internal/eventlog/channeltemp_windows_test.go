package eventlog

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

// The folder is for this user and the system, whatever its own folder allows.
func TestPrivateFolder(t *testing.T) {
	folder, err := privateFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := windows.GetNamedSecurityInfo(folder, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	got := descriptor.String()
	if strings.Count(got, "(") != 2 || !strings.Contains(got, ";;;SY)") || !strings.Contains(got, ";;;"+user.User.Sid.String()+")") {
		t.Errorf("permissions %s", got)
	}
	if err := makePrivate(folder + "\x00"); err == nil {
		t.Error("a name with a zero")
	}
	if err := makePrivate(folder); err == nil {
		t.Error("made twice")
	}
}

func TestOpenPassing(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.evtx")
	if err := os.WriteFile(name, []byte("events"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := openPassing(name)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 6)
	if _, err := f.ReadAt(buf, 0); err != nil || string(buf) != "events" {
		t.Errorf("%q, %v", buf, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("is still there: %v", err)
	}
}

func TestProcessLives(t *testing.T) {
	if !processLives(os.Getpid()) {
		t.Error("this process does not live")
	}
	cmd := exec.Command("cmd", "/c", "exit")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if processLives(cmd.Process.Pid) {
		t.Error("a process that ended lives")
	}
}
