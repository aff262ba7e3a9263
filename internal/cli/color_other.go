//go:build !windows

package cli

import "os"

// consoleColors has nothing to do: terminals understand colours.
func consoleColors(*os.File) (ok bool, restore func()) { return true, func() {} }
