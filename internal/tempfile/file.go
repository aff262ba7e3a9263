package tempfile

import "io"

// A File is what it takes to keep something that need not outlive the process.
type File interface {
	io.WriteSeeker
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
}
