package eventlog

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventtext"
)

// Log is one event log of a source, not open yet.
type Log struct {
	Name string // for people: the path, or the archive's path and the name in it
	Size int64  // in bytes, as far as it is known; -1 otherwise

	below   int // bytes of Name that Source leaves out
	archive int // the number of its archive in the Set, counted from 1; 0 if it is in none

	set   *Set
	path  string // of its file, if from is nil
	from  opener
	once  bool             // a stream: it can be opened once, see keep
	pack  bool             // it may be compressed, see unpacked
	live  *live            // of a channel
	text  bool             // it was made of a text, see textContent
	found bool             // in a folder: nobody has named it
	only  []evtx.Selection // of a log that is none of those that were asked for itself: one of these wants its events
	image bool             // it is no log, but may hold records of one, which are to be recovered

	// Of a log that is followed, see Follower.
	accept func(*evtx.Record) bool                   // whether an event counts
	place  func(*evtx.FormatError) *evtx.FormatError // where damage is; nil for what is not told
	ended  func(*Reading)

	timeless bool // no event of it has a time
	counted  bool // it was made of a text that does not number its events
}

// opener gives the bytes of a log: ReaderAt if they can be read in any order, Reader otherwise.
type opener func(ctx context.Context) (*content, error)

type content struct {
	at     io.ReaderAt
	size   int64
	stream io.Reader
	close  func() error
}

// Source is what a log is called in results: its path below what was typed, with slashes. That is the name of a file alone, the
// path in a folder, the entry of an archive: results do not depend on where the files lie.
func (l *Log) Source() string { return filepath.ToSlash(l.Name[l.below:]) }

// NewLog is a log of the caller's own, in size bytes.
func NewLog(name string, at io.ReaderAt, size int64) *Log {
	return &Log{Name: name, Size: size, set: new(Set), from: func(context.Context) (*content, error) {
		return &content{at: at, size: size, close: func() error { return nil }}, nil
	}}
}

// NewStream is a log of the caller's own that is read once, from its beginning to its end.
func NewStream(name string, r io.Reader) *Log {
	return &Log{Name: name, Size: -1, set: new(Set), once: true, from: func(context.Context) (*content, error) {
		return &content{stream: r, close: func() error { return nil }}, nil
	}}
}

// start opens the log. The caller calls closeLog when done with the reader.
// An input that is no event log gives an [*Error] that says what it is instead.
func (l *Log) start(ctx context.Context) (r *evtx.Reader, closeLog func() error, err error) {
	c, err := l.open(ctx)
	if err != nil {
		return nil, nil, sourceError(l.Name, err)
	}
	if r, err = l.reader(c); err != nil {
		c.close()
		return nil, nil, err
	}
	return r, c.close, nil
}

// reader is the Reader of what was opened.
func (l *Log) reader(c *content) (*evtx.Reader, error) {
	if c.at != nil && !l.set.options.Text { // nearly always: what it begins with is looked at only if it is no log
		if r, err := l.readerAgain(c); err == nil {
			return r, nil
		}
	}
	start, err := c.start()
	if err != nil {
		return nil, l.explain(err, start)
	}
	if l.set.options.Text && !isEventLog(start) && eventtext.IsText(start) {
		text, err := textContent(c)
		if err != nil {
			return nil, l.textError(err)
		}
		*c, l.text, l.timeless, l.counted = *text.content, true, !text.timed, !text.numbered
	}
	r, err := l.readerAgain(c)
	if errors.Is(err, evtx.ErrNotEventLog) && l.set.options.Recover && c.at != nil && isRaw(l.Name, start) {
		l.image = true
		r, err = l.readerAgain(c)
	}
	if err != nil {
		return nil, l.explain(err, start)
	}
	return r, nil
}

// readerAgain is reader for a log that is known to be one.
func (l *Log) readerAgain(c *content) (r *evtx.Reader, err error) {
	switch {
	case l.image:
		r = evtx.NewImageReader(c.at, c.size)
	case c.at != nil:
		r, err = evtx.NewReader(c.at, c.size)
	default:
		r, err = evtx.NewStreamReader(c.stream)
	}
	if err != nil {
		return nil, err
	}
	r.CodePage, r.Recover, r.Pool = l.set.options.CodePage, l.set.options.Recover, &l.set.readers
	return r, nil
}

// Fail is the [*Error] for an error that came while the log was read.
func (l *Log) Fail(err error) *Error {
	e := sourceError(l.Name, err)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		e = &Error{Source: l.Name, Err: plainError{"ends too early", err}, Hint: "the file is incomplete: copy it again"}
	}
	return e
}

// explain replaces "not an event log" by what the input is, judged by its first bytes.
func (l *Log) explain(err error, start []byte) *Error {
	nothing := len(start) == 0 && err == io.EOF
	if !nothing && !errors.Is(err, evtx.ErrNotEventLog) {
		return l.Fail(err)
	}
	what, hint := describe(l.Name, start)
	if what == notALog && l.set.options.Text {
		what, hint = "is neither a Windows event log (.evtx) nor a text", takesTexts
	}
	return &Error{Source: l.Name, Err: plainError{what, err}, Hint: hint}
}

// start looks at the first bytes without consuming them; io.EOF if there are none.
func (c *content) start() ([]byte, error) {
	buf := make([]byte, 512)
	var n int
	var err error
	if c.at != nil {
		n, err = c.at.ReadAt(buf[:min(int64(len(buf)), c.size)], 0)
	} else {
		n, err = io.ReadFull(c.stream, buf)
		c.stream = io.MultiReader(bytes.NewReader(buf[:n]), c.stream)
	}
	switch {
	case n > 0 && (err == io.EOF || err == io.ErrUnexpectedEOF):
		err = nil
	case n == 0 && err == nil:
		err = io.EOF
	}
	return buf[:n], err
}

// fileLog is a log in a file. Something that is no ordinary file, such as a named pipe, is a stream.
func (s *Set) fileLog(name string, info os.FileInfo) *Log {
	l := &Log{Name: name, Size: info.Size(), set: s, path: name}
	if !info.Mode().IsRegular() {
		l.Size, l.once = -1, true
	}
	return l
}

// open gives the bytes of the log.
func (l *Log) open(ctx context.Context) (*content, error) {
	c, err := l.raw(ctx)
	if err != nil || !l.pack {
		return c, err
	}
	return unpacked(c)
}

// raw gives the bytes as they lie there.
func (l *Log) raw(ctx context.Context) (*content, error) {
	if l.from != nil {
		return l.from(ctx)
	}
	f, err := openFile(ctx, l.path, l.once)
	if err != nil {
		return nil, err
	}
	if l.once {
		return &content{stream: newContextReader(ctx, f), close: f.Close}, nil
	}
	info, err := f.Stat() // a live log may have grown
	if err != nil {
		f.Close()
		return nil, err
	}
	return &content{at: f, size: info.Size(), close: f.Close}, nil
}

// openFile opens a file. With a pipe that may last until somebody writes to it, and cannot be ended: ctx ends the waiting for it.
func openFile(ctx context.Context, name string, pipe bool) (*os.File, error) {
	if !pipe {
		return openOrdinary(name)
	}
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.Open(name)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		return o.file, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
