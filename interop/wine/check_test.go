//go:build wine

package wine

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// onWindows runs a program of wine's.
func onWindows(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("wine", args...).CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", args, err, out)
	}
}

// TestCheckMachine: gwlogs check reads the service of the gateway, and the registry. Nothing is tried beyond the machine.
func TestCheckMachine(t *testing.T) {
	check := func() map[string]string {
		t.Helper()
		r := newCommand(t).run("check", "--only", "machine", "--format", "json")
		var got struct {
			Results []struct{ Status, Finding, Seen string }
		}
		if err := json.Unmarshal([]byte(r.out), &got); err != nil {
			t.Fatalf("%v\n%s\n%s", err, r.out, r.err)
		}
		all := make(map[string]string)
		for _, one := range got.Results {
			all[one.Finding] = one.Status + " " + one.Seen
		}
		return all
	}
	want := func(all map[string]string, finding, text string) {
		t.Helper()
		if !strings.Contains(all[finding], text) {
			t.Errorf("%s: %q lacks %q; all: %v", finding, all[finding], text, all)
		}
	}
	const tls = `HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client`
	want(check(), "service-missing", "note")
	want(check(), "memory", "ok")
	onWindows(t, "sc", "create", "DIAHostService", "binPath=", `C:\windows\system32\svchost.exe`, "start=", "auto")
	defer onWindows(t, "sc", "delete", "DIAHostService")
	onWindows(t, "reg", "add", tls, "/v", "Enabled", "/t", "REG_DWORD", "/d", "0", "/f")
	defer onWindows(t, "reg", "delete", tls, "/f")
	all := check()
	want(all, "service-stopped", "fault The service DIAHostService does not run (stopped; start automatic, account LocalSystem)")
	want(all, "tls12-off", "Enabled = 0")
	want(all, "time-zone", "ok")
}
