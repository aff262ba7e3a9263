package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// consoleColors has the console of standard output understand colours, if it
// can: those of before Windows 10 show the escape sequences instead. restore
// puts it back as it was, as it outlives the process.
func consoleColors(f *os.File) (ok bool, restore func()) {
	handle := windows.Handle(f.Fd())
	var before uint32
	if windows.GetConsoleMode(handle, &before) != nil {
		return true, func() {} // no console: whether it is a terminal is asked elsewhere
	}
	wanted := before | windows.ENABLE_PROCESSED_OUTPUT | windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	if wanted == before {
		return true, func() {}
	}
	if windows.SetConsoleMode(handle, wanted) != nil {
		return false, func() {}
	}
	return true, func() { _ = windows.SetConsoleMode(handle, before) }
}
