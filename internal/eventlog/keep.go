package eventlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/tempfile"
)

// keep copies a log that can be read once, or in its order alone, to a
// temporary file, so that it can be opened again and read in any order. A log
// that cannot be kept cannot be opened any more: a part of it is gone.
func (l *Log) keep(ctx context.Context) {
	at, err := l.copy(ctx)
	l.once, l.pack = false, false
	l.from = func(context.Context) (*content, error) {
		if err != nil {
			return nil, err
		}
		return &content{at: at, size: at.Size(), close: func() error { return nil }}, nil
	}
	if l.Size = -1; err == nil {
		l.Size = at.Size()
	}
}

// Settle puts a log that lies in memory, as those of a [Follower] do, into the temporary file: somebody is to keep many of them.
func (l *Log) Settle(ctx context.Context) {
	if l.set.kept.open(l.set) == nil {
		l.keep(ctx)
	}
}

func (l *Log) copy(ctx context.Context) (*io.SectionReader, error) {
	c, err := l.open(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := l.set.kept.open(l.set); err != nil {
		return nil, keepError(l, err)
	}
	in := c.stream
	if c.at != nil {
		in = io.NewSectionReader(c.at, 0, c.size)
	}
	at, err := l.set.kept.add(in)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var failed *keepFailure
	if errors.As(err, &failed) {
		return nil, keepError(l, failed.err)
	}
	return at, err
}

func keepError(l *Log, err error) *Error {
	return &Error{
		Source: l.Name,
		Err:    fmt.Errorf("cannot be kept in %s to be read twice: %w", os.TempDir(), fileerror.Reason(err)),
		Hint:   "save it as a file and give that, or use dates for --since and --until",
	}
}

// store is the temporary file of a Set, one log behind the other. It has no
// name: not even a kill leaves it behind.
type store struct {
	file tempfile.File // nil until it is needed
	size int64
}

// keepFailure is an error of the temporary file, not of what is read.
type keepFailure struct{ err error }

func (e *keepFailure) Error() string { return e.err.Error() }

func (k *store) open(s *Set) (err error) {
	if k.file == nil {
		if k.file, err = tempfile.Make(); err == nil {
			s.closers = append(s.closers, k.file.Close)
		}
	}
	return err
}

// add copies all of r. Event logs are largely zeros, which take no room on the disk.
func (k *store) add(r io.Reader) (*io.SectionReader, error) {
	const page = 4096
	begin, buf := k.size, make([]byte, 16*page)
	for {
		n, err := fill(r, buf)
		for b := buf[:n]; len(b) > 0; b = b[min(len(b), page):] {
			p := b[:min(len(b), page)]
			if len(bytes.Trim(p, "\x00")) > 0 {
				if _, err := k.file.WriteAt(p, k.size); err != nil {
					return nil, &keepFailure{err}
				}
			}
			k.size += int64(len(p))
		}
		switch err {
		case nil:
			continue
		case io.EOF:
			if err := k.file.Truncate(k.size); err != nil {
				return nil, &keepFailure{err}
			}
			return io.NewSectionReader(k.file, begin, k.size-begin), nil
		}
		return nil, err
	}
}

// fill reads until buf is full, and hands on the error that r ends with as it is.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	return n, err
}
