//go:build gencatalogue

package matcher

// preparedFiles is empty in the program that makes it.
var preparedFiles = [...]preparedFile{}
