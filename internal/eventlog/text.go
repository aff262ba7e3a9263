package eventlog

import (
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventtext"
	"github.com/gwlogs/gwlogs/internal/tempfile"
)

// A Text is what somebody has typed or pasted.
type Text struct{ Name, Text string }

// addText takes a text for a log.
func (s *Set) addText(t Text) {
	l := NewLog(t.Name, bytes.NewReader([]byte(t.Text)), int64(len(t.Text)))
	l.set = s
	s.Logs = append(s.Logs, l)
}

// inMemory is how large the log of a text may be to be kept in memory. Larger ones lie in a file without a name.
const inMemory = 4 << 20

// A textLog is a text that was turned into a log.
type textLog struct {
	content  *content
	timed    bool // some event has a time
	numbered bool // all of them have numbers of their own, as exports have
}

// textContent turns a text into a log, so that it takes the way that all events take. A text that was read is closed.
func textContent(c *content) (*textLog, error) {
	in := c.stream
	if c.at != nil {
		in = io.NewSectionReader(c.at, 0, c.size)
	}
	spool := newSpool()
	w := evtx.NewWriter(spool)
	out := &textLog{numbered: true}
	_, err := eventtext.Read(in, func(e *evtx.Event) error {
		out.timed = out.timed || !e.TimeCreated.IsZero()
		out.numbered = out.numbered && e.EventRecordID != 0
		return w.WriteEvent(e)
	})
	if err == nil {
		err = w.Close()
	} else {
		w.Discard()
	}
	if err == nil {
		err = c.close()
	}
	if err == nil {
		out.content, err = spool.content()
	}
	if err != nil {
		return nil, errors.Join(err, spool.close())
	}
	return out, nil
}

// numbered reports whether the log's events are known by their numbers: those of a text that has none are counted by us.
func (l *Log) numbered() bool { return !l.counted }

// A spool is memory first, and a file without a name when it grows. The log's header is written last, so that it can seek.
type spool struct {
	memory *tempfile.Memory // nil once it is a file
	file   tempfile.File
}

func newSpool() *spool {
	m := tempfile.NewMemory()
	return &spool{m, m}
}

func (s *spool) Write(p []byte) (int, error) {
	if s.memory != nil && s.memory.Size()+int64(len(p)) > inMemory {
		if err := s.move(); err != nil {
			return 0, err
		}
	}
	return s.file.Write(p)
}

// move makes it a file.
func (s *spool) move() error {
	at, err := s.memory.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	f, err := tempfile.Make()
	if err != nil {
		return err
	}
	s.file = f
	_, err = io.Copy(f, io.NewSectionReader(s.memory, 0, s.memory.Size()))
	s.memory = nil
	if err == nil {
		_, err = f.Seek(at, io.SeekStart)
	}
	return err
}

// Seek sets where Write goes on.
func (s *spool) Seek(offset int64, whence int) (int64, error) { return s.file.Seek(offset, whence) }

func (s *spool) close() error { return s.file.Close() }

func (s *spool) content() (*content, error) {
	size, err := s.file.Seek(0, io.SeekEnd)
	return &content{at: s.file, size: size, close: s.close}, err
}

// textError says what a text that cannot be read is, and what helps.
func (l *Log) textError(err error) *Error {
	e := &Error{Source: l.Name, Err: err}
	switch {
	case errors.Is(err, eventtext.ErrTooLarge):
		e.Hint = "cut out the part with the error: its last thousand lines, for example"
	case errors.Is(err, eventtext.ErrEmpty):
		e.Hint = "copy the text again, all of it"
	}
	return e
}

// textStats are the sums of a log that was made of a text: nothing is missing between its numbers, and its events may have no time.
func textStats(s evtx.Stats) evtx.Stats {
	s.LowestID, s.HighestID = 0, 0
	if s.First.Before(oldest()) {
		s.First = s.Last
	}
	if s.Last.Before(oldest()) {
		s.First, s.Last = time.Time{}, time.Time{}
	}
	return s
}

// oldest is before all events with a time: one without has the first of all FILETIMEs.
func oldest() time.Time { return time.Date(1602, 1, 1, 0, 0, 0, 0, time.UTC) }

// isEventLog reports whether the first bytes are those of an event log.
func isEventLog(start []byte) bool {
	return bytes.HasPrefix(start, []byte("ElfFile\x00")) || bytes.HasPrefix(start, []byte("ElfChnk\x00"))
}
