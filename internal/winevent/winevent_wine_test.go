//go:build windows && wine

package winevent

import (
	"errors"
	"testing"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// TestEventSource changes the registry: under wine alone.
func TestEventSource(t *testing.T) {
	_ = Remove()
	if there, err := Installed(); there || err != nil {
		t.Fatalf("installed %v, %v", there, err)
	}
	if err := Remove(); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("remove: %v", err)
	}
	if err := WriteReportID("x"); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("write: %v", err)
	}
	for range 2 { // a second time does no harm
		if err := Install(); err != nil {
			t.Fatal(err)
		}
	}
	if there, err := Installed(); !there || err != nil {
		t.Errorf("installed %v, %v", there, err)
	}
	if err := WriteReportID("06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4"); err != nil {
		t.Error(err)
	}
	if err := WriteReportID("\x00"); err == nil {
		t.Error("a text with a zero was written")
	}
	wantValues(t)
	incomplete(t)
	if err := Remove(); err != nil {
		t.Error(err)
	}
}

func wantValues(t *testing.T) {
	t.Helper()
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\EventLog\Application\gwlogs`, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	file, kind, err := key.GetStringValue("EventMessageFile")
	if err != nil || kind != registry.EXPAND_SZ || file != `%SystemRoot%\System32\EventCreate.exe` {
		t.Errorf("message file %q of type %d, %v", file, kind, err)
	}
	types, kind, err := key.GetIntegerValue("TypesSupported")
	if err != nil || kind != registry.DWORD || types != 7 {
		t.Errorf("types %d of type %d, %v", types, kind, err)
	}
}

// incomplete takes the message file away: such a source is as good as none.
func incomplete(t *testing.T) {
	t.Helper()
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, registryPath, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	if err := key.DeleteValue("EventMessageFile"); err != nil {
		t.Fatal(err)
	}
	if there, err := Installed(); there || err != nil {
		t.Errorf("incomplete: installed %v, %v", there, err)
	}
}

func TestPlain(t *testing.T) {
	if err := plain(windows.ERROR_ACCESS_DENIED); !errors.Is(err, ErrDenied) || err.Error() != "access denied (Windows error 5)" {
		t.Error(err)
	}
	if err := plain(windows.ERROR_DISK_FULL); err.Error() != "failed (Windows error 112)" {
		t.Error(err)
	}
	if own := errors.New("own"); plain(own) != own || plain(nil) != nil {
		t.Error("other errors change")
	}
}
