package eventlog

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"github.com/gwlogs/gwlogs/internal/sealed"
)

const stdinName = "standard input"

func (s *Set) addStdin() {
	if s.options.StdinTerminal {
		s.fail(&Error{
			Source: stdinName,
			Err:    errors.New("is the keyboard, not an event log"),
			Hint:   "give a log to read: gwlogs events - < FILE.evtx",
		})
		return
	}
	if at := regular(s.options.Stdin); at != nil { // "gwlogs events - < FILE": as good as the file itself
		if info, err := s.options.Stdin.(*os.File).Stat(); err == nil {
			s.files = append(s.files, info)
		}
		s.AddReader(stdinName, at, at.Size())
		return
	}
	s.Logs = append(s.Logs, &Log{
		Name: stdinName, Size: -1, set: s, once: true, pack: true,
		from: func(ctx context.Context) (*content, error) {
			return &content{stream: newContextReader(ctx, s.options.Stdin), close: func() error { return nil }}, nil
		},
	})
}

// lookAtStreams looks into standard input: the logs of a zip archive or a bundle take its place, if it is such a thing. It is kept
// in a temporary file meanwhile. Named pipes stay closed until they are read. The error is that of ctx.
func (s *Set) lookAtStreams(ctx context.Context, failed func(*Error)) error {
	bad := len(s.Failed)
	for i := 0; i < len(s.Logs); i++ {
		if l := s.Logs[i]; l.once && l.path == "" {
			if err := s.lookAtStream(ctx, i); err != nil {
				return err
			}
		}
	}
	for _, err := range s.Failed[bad:] {
		failed(err)
	}
	return nil
}

func (s *Set) lookAtStream(ctx context.Context, i int) error {
	l := s.Logs[i]
	c, err := l.raw(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || c.stream == nil {
		return nil // who reads it says what is wrong with it
	}
	start, _ := c.start()
	l.from = func(context.Context) (*content, error) { return c, nil } // with what was looked at
	l.pack = isPacked(start)
	if ctx.Err() != nil || !isZip(start) && !sealed.Encrypted(bytes.NewReader(start)) {
		return ctx.Err()
	}
	l.keep(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	behind, archives := s.Logs[i+1:], len(s.Archives)
	s.Logs = s.Logs[:i:i]
	if kept, err := l.raw(ctx); err != nil {
		s.fail(l.Fail(err))
	} else {
		s.AddReader(l.Name, kept.at, kept.size)
	}
	s.cutTyped(l.Name, i, archives)
	s.Logs = append(s.Logs, behind...)
	return nil
}

// regular is the rest of r if r is an ordinary file.
func regular(r io.Reader) *io.SectionReader {
	f, ok := r.(*os.File)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	offset, err := f.Seek(0, io.SeekCurrent)
	if err != nil || offset > info.Size() {
		return nil
	}
	return io.NewSectionReader(f, offset, info.Size()-offset)
}

// contextReader ends a Read when the context ends: reading from a pipe cannot
// be interrupted in another way, and Ctrl-C must not wait for the other side.
type contextReader struct {
	ctx     context.Context
	results chan readResult
	next    chan []byte
	rest    []byte // read, not yet handed out
	buf     []byte
	err     error
}

type readResult struct {
	n   int
	err error
}

// newContextReader starts the goroutine that reads. It ends with the reader's
// first error or with ctx, at the latest when the Read it hangs in returns.
func newContextReader(ctx context.Context, r io.Reader) io.Reader {
	c := &contextReader{
		ctx:     ctx,
		results: make(chan readResult, 1),
		next:    make(chan []byte),
		buf:     make([]byte, 128<<10),
	}
	go func() {
		for {
			select {
			case buf := <-c.next:
				n, err := r.Read(buf)
				c.results <- readResult{n, err}
				if err != nil {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

func (c *contextReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(c.rest) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *contextReader) fill() error {
	select {
	case c.next <- c.buf:
	case <-c.ctx.Done():
		c.err = c.ctx.Err()
		return c.err
	}
	select {
	case got := <-c.results:
		c.rest, c.err = c.buf[:got.n], got.err
		return nil
	case <-c.ctx.Done(): // the goroutine may still write into buf: never hand it out again
		c.err = c.ctx.Err()
		return c.err
	}
}
