//go:build !windows

package cli

// systemLocale is the locale of the user where the environment does not name one.
func systemLocale() string { return "" }
