package winevent

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// The event source in the registry. EventCreate.exe, a part of Windows, has
// texts for events 1 to 1000 that say what they are given.
const (
	registryPath = `SYSTEM\CurrentControlSet\Services\EventLog\` + Log + `\` + Source
	messageFile  = `%SystemRoot%\System32\EventCreate.exe`
	types        = 7 // errors, warnings, information
)

// Installed says whether the event source is there and complete.
func Installed() (bool, error) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, registryPath, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, plain(err)
	}
	defer key.Close()
	file, _, err := key.GetStringValue("EventMessageFile")
	if errors.Is(err, registry.ErrNotExist) {
		return false, nil
	}
	return file != "", plain(err)
}

// Install makes the event source, and repairs one that is not complete. It
// needs an administrator.
func Install() error {
	key, _, err := registry.CreateKey(registry.LOCAL_MACHINE, registryPath, registry.SET_VALUE)
	if err != nil {
		return plain(err)
	}
	defer key.Close()
	if err := key.SetExpandStringValue("EventMessageFile", messageFile); err != nil {
		return plain(err)
	}
	return plain(key.SetDWordValue("TypesSupported", types))
}

// Remove removes the event source; ErrNotInstalled if there is none. Events
// that were written stay, without their text.
func Remove() error {
	err := registry.DeleteKey(registry.LOCAL_MACHINE, registryPath)
	if errors.Is(err, registry.ErrNotExist) {
		return ErrNotInstalled
	}
	return plain(err)
}

// plain words an error of Windows, whose own words are in the language of the machine.
func plain(err error) error {
	var code windows.Errno
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &code):
		return err
	case code == windows.ERROR_ACCESS_DENIED, code == windows.ERROR_PRIVILEGE_NOT_HELD:
		return fmt.Errorf("%w (Windows error %d)", ErrDenied, uint32(code))
	}
	return fmt.Errorf("failed (Windows error %d)", uint32(code))
}
