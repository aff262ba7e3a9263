//go:build !linux

package eventlog

import "os"

// openOrdinary opens a file that is an ordinary one.
func openOrdinary(name string) (*os.File, error) { return os.Open(name) }
