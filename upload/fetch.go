package upload

import (
	"context"
	"errors"
	"io"
)

// enoughForAnew is how many new bytes have to come before an interruption for
// the next attempt to be the first again.
const enoughForAnew = 256 << 10

// fetch copies what open returns, from its offset on, until size bytes are
// there, or all if size is -1. open may begin earlier than it was asked to.
func (c *client) fetch(ctx context.Context, size int64, w io.WriterAt, p *Progress,
	open func(ctx context.Context, offset int64) (body io.ReadCloser, at int64, err error)) (int64, error) {
	offset, furthest, whole := int64(0), int64(0), false
	for !whole {
		err := c.try(ctx, func(ctx context.Context) error {
			body, at, err := open(ctx, offset)
			if err != nil {
				return err
			}
			defer body.Close()
			n, err := io.Copy(&countedWriter{io.NewOffsetWriter(w, at), p, at}, body)
			offset = at + n
			switch {
			case err == nil && (size < 0 || offset >= size):
				whole = true
			case err == nil:
				err = io.ErrUnexpectedEOF
			}
			if err != nil && offset >= furthest+enoughForAnew && !isLocal(err) && ctx.Err() == nil {
				furthest = offset
				return nil
			}
			return err
		})
		if err != nil {
			return offset, err
		}
	}
	return offset, nil
}

// countedWriter says how far it is. Its errors are of this machine.
type countedWriter struct {
	w  io.Writer
	p  *Progress
	at int64
}

func (c *countedWriter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.at += int64(n)
	c.p.Done.Store(c.at)
	return n, localError("the file here cannot be written", err)
}

// countedReader says how far it is.
type countedReader struct {
	r io.Reader
	p *Progress
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.p.Done.Add(int64(n))
	return n, err
}

func isLocal(err error) bool {
	var e *Error
	return errors.As(err, &e) && !e.again
}
