//go:build !linux

package cli

// hideArgument does nothing: the command line cannot be changed here, and the
// help names ways to give a URL without it.
func hideArgument(string) {}
