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
	spool := new(spool)
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
	if err != nil {
		return nil, errors.Join(err, spool.close())
	}
	out.content = spool.content()
	return out, nil
}

// numbered reports whether the log's events are known by their numbers: those of a text that has none are counted by us.
func (l *Log) numbered() bool { return !l.counted }

// A spool is memory first, and a file without a name when it grows.
type spool struct {
	memory bytes.Buffer
	file   tempfile.File
	size   int64
}

func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil && s.memory.Len()+len(p) > inMemory {
		f, err := tempfile.Make()
		if err != nil {
			return 0, err
		}
		s.file = f
		if _, err := s.memory.WriteTo(f); err != nil {
			return 0, err
		}
	}
	s.size += int64(len(p))
	if s.file != nil {
		return s.file.Write(p)
	}
	return s.memory.Write(p)
}

func (s *spool) close() error {
	if s.file != nil {
		return s.file.Close()
	}
	return nil
}

func (s *spool) content() *content {
	c := &content{at: bytes.NewReader(s.memory.Bytes()), size: s.size, close: s.close}
	if s.file != nil {
		c.at = s.file
	}
	return c
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
