//go:build !js

package tempfile

// Make is New where there are files; a browser has none, and there it is memory.
func Make() (File, error) { return New() }
