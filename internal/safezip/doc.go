// Package safezip reads zip archives that strangers made. It knows what is
// wrong with an archive before any content is read, and gives content that is
// exactly what the archive's directory declares, or an error.
//
// It reads the directory itself. The standard library's archive/zip has no
// bound for it, does not say where an entry begins, and takes the first of
// several readings of an ambiguous archive; here each further reading is a
// Problem.
//
// Memory is that of the directory, which is bounded, and never grows with the
// content. No input makes the package panic.
package safezip

// Limits of what is opened. An archive beyond the first two is refused by
// Open; what is beyond the others is a Problem.
const (
	MaxEntries   = 10_000
	MaxDirectory = 16 << 20 // bytes of the central directory
	MaxName      = 255      // bytes of an entry's name
	MaxTotal     = 64 << 30 // bytes of all content
	MaxRatio     = 1100     // of content to compressed data; deflate reaches 1032
)
