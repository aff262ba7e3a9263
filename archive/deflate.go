package archive

import (
	"bytes"
	"io"
	"runtime"
	"sync"

	"github.com/klauspost/compress/flate"
)

// A deflater compresses what is written to it on all cores. It cuts the data
// into blocks, each compressed on its own and ended so that the next can
// follow: together they are one deflate stream (RFC 1951, 3.2.4), the same
// whatever the number of cores.
type deflater struct {
	out   io.Writer
	block *deflateBlock
	queue chan *deflateBlock // in the order of the data
	done  chan error
	spare sync.Pool // of blocks
	coder sync.Pool // of *flate.Writer
}

type deflateBlock struct {
	in    []byte
	out   bytes.Buffer
	last  bool
	ready chan struct{}
	err   error
}

const (
	deflateLevel     = 6
	deflateBlockSize = 1 << 20 // loses 1 in 300 to what one stream would give
)

// newDeflater begins a stream to out.
func newDeflater(out io.Writer) *deflater {
	d := &deflater{
		out:   out,
		queue: make(chan *deflateBlock, runtime.GOMAXPROCS(0)-1), // another is at its end
		done:  make(chan error, 1),
	}
	go d.write()
	return d
}

// Write takes data. Errors of the output come from Close.
func (d *deflater) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		if d.block == nil {
			d.block = d.fresh()
		}
		n := min(len(p), deflateBlockSize-len(d.block.in))
		d.block.in = append(d.block.in, p[:n]...)
		p = p[n:]
		if len(d.block.in) == deflateBlockSize {
			d.flush(false)
		}
	}
	return written, nil
}

// Close ends the stream.
func (d *deflater) Close() error {
	if d.block == nil {
		d.block = d.fresh()
	}
	d.flush(true)
	close(d.queue)
	return <-d.done
}

func (d *deflater) fresh() *deflateBlock {
	b, ok := d.spare.Get().(*deflateBlock)
	if !ok {
		b = &deflateBlock{in: make([]byte, 0, deflateBlockSize)}
	}
	b.in, b.ready = b.in[:0], make(chan struct{})
	b.out.Reset()
	return b
}

func (d *deflater) flush(last bool) {
	b := d.block
	d.block, b.last = nil, last
	d.queue <- b // waits while all cores are busy
	go func() {
		defer close(b.ready)
		w, ok := d.coder.Get().(*flate.Writer)
		if !ok {
			w, b.err = flate.NewWriter(nil, deflateLevel)
		}
		if b.err == nil {
			b.err = b.compress(w)
			d.coder.Put(w)
		}
	}()
}

func (b *deflateBlock) compress(w *flate.Writer) error {
	w.Reset(&b.out)
	if _, err := w.Write(b.in); err != nil {
		return err
	}
	if b.last {
		return w.Close()
	}
	return w.Flush() // ends at a byte, with an empty stored block
}

// write writes the blocks as they become ready, in order.
func (d *deflater) write() {
	var failed error
	for b := range d.queue {
		<-b.ready
		if failed == nil {
			failed = b.err
		}
		if failed == nil {
			_, failed = d.out.Write(b.out.Bytes())
		}
		d.spare.Put(b)
	}
	d.done <- failed
}

// deflateBlockOf compresses data that another stream follows.
func deflateBlockOf(data []byte) ([]byte, error) {
	b := &deflateBlock{in: data}
	w, err := flate.NewWriter(nil, deflateLevel)
	if err == nil {
		err = b.compress(w)
	}
	return b.out.Bytes(), err
}

// deflateAll compresses data whole.
func deflateAll(data []byte) ([]byte, error) {
	var out bytes.Buffer
	d := newDeflater(&out)
	d.Write(data)
	err := d.Close()
	return out.Bytes(), err
}
