package eventlog

import (
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// inflaters unpack the entries of zip archives, in three quarters of the time
// of package compress/flate. One takes 40 KiB, and folders of thousands of
// bundles have as many entries: they are used again.
var inflaters sync.Pool // of *inflater, closed

// An inflater goes back when it is closed.
type inflater struct {
	r      io.ReadCloser // a flate.Resetter
	closed bool
}

// inflate is a zip.Decompressor.
func inflate(r io.Reader) io.ReadCloser {
	if f, ok := inflaters.Get().(*inflater); ok {
		if f.r.(flate.Resetter).Reset(r, nil) == nil {
			return &inflater{r: f.r}
		}
	}
	return &inflater{r: flate.NewReader(r)}
}

func (f *inflater) Read(p []byte) (int, error) {
	if f.closed {
		return 0, io.ErrClosedPipe
	}
	return f.r.Read(p)
}

func (f *inflater) Close() error {
	if f.closed {
		return nil
	}
	f.closed = true
	err := f.r.Close()
	inflaters.Put(&inflater{r: f.r})
	return err
}
