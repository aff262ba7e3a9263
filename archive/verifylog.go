package archive

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/safezip"
)

// log checks a log: the records against the manifest, and its bytes.
func (c *check) log(name string, r io.Reader, e *Entry) {
	slots := &slotCheck{index: -1, fail: func(format string, args ...any) { c.problem(name, format, args...) }}
	found := logSummary{window: c.verdict.Manifest.Window.Requested}
	log := eventlog.NewStream(name, io.TeeReader(r, slots))
	pass := &eventlog.Pass{
		Logs: []*eventlog.Log{log}, Threads: 1,
		Damage: func(_ *eventlog.Reading, place *evtx.FormatError) { c.problem(name, "%s", place) },
		Ended: func(in *eventlog.Reading) {
			if more := in.Damaged - in.Told; more > 0 {
				c.problem(name, "damaged places more than these: %d", more)
			}
		},
	}
	// Reading ends when ctx of Verify does.
	totals, _ := eventlog.Run(context.Background(), pass, eventlog.Consumer[struct{}]{
		New: func() struct{} { return struct{}{} },
		Visit: func(_ struct{}, rec *evtx.Record) (bool, error) {
			found.add(rec)
			return false, nil
		},
	})
	if err := totals.LastLogError; err != nil {
		if errors.Is(err, evtx.ErrNotEventLog) || errors.Is(err, io.EOF) {
			c.problem(name, "%s", err.Err)
		}
		return // summed has what else there is
	}
	slots.finish()
	c.verdict.Records += found.records
	found.compare(e, func(format string, args ...any) { c.problem(name, format, args...) })
}

// A logSummary is what the manifest says of a log.
type logSummary struct {
	window      Span
	records     int
	channel     string
	first, last time.Time
	outside     int // records outside of the window
	outsideID   uint64
	outsideTime time.Time // of the first of them
}

func (s *logSummary) add(rec *evtx.Record) {
	t := rec.TimeCreated()
	if s.records == 0 {
		s.channel = rec.Channel()
	}
	s.records++
	if w := s.window; w.From != nil && t.Before(*w.From) || w.To != nil && t.After(*w.To) {
		if s.outside == 0 {
			s.outsideID, s.outsideTime = rec.EventRecordID(), t
		}
		s.outside++
	}
	if t.IsZero() {
		return
	}
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

func (s *logSummary) compare(e *Entry, fail func(format string, args ...any)) {
	if s.records != e.Records {
		fail("has %d records, and the manifest says %d", s.records, e.Records)
	}
	if s.channel != e.Channel {
		fail("has the channel %s, and the manifest says %s", safezip.Printable(s.channel), safezip.Printable(e.Channel))
	}
	if !sameTime(s.first, e.First) {
		fail("begins at %s, and the manifest says %s", timeText(&s.first), timeText(e.First))
	}
	if !sameTime(s.last, e.Last) {
		fail("ends at %s, and the manifest says %s", timeText(&s.last), timeText(e.Last))
	}
	if s.outside > 0 {
		fail("records outside of the window: %d, the first is record %d of %s", s.outside, s.outsideID, timeText(&s.outsideTime))
	}
}

// sameTime compares a time, zero for none, with one of the manifest.
func sameTime(t time.Time, m *time.Time) bool {
	if t.IsZero() || m == nil {
		return t.IsZero() && m == nil
	}
	return t.Equal(*m)
}

func timeText(t *time.Time) string {
	if t == nil || t.IsZero() {
		return "no time"
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Sizes and offsets of a log, as in package evtx, which does not look at what
// lies outside of records.
const (
	logHeaderSize   = 4096
	chunkSize       = 65536
	chunkHeaderSize = 512
	recordMinSize   = 28
)

// A slotCheck is written a log, and finds bytes in it that no reader shows:
// our writer leaves zeros wherever there is no record.
type slotCheck struct {
	fail    func(format string, args ...any)
	buf     [chunkSize]byte
	n       int // bytes in buf
	index   int // of the chunk in buf; -1 for the file header
	counted uint16
}

func (s *slotCheck) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		size := chunkSize
		if s.index < 0 {
			size = logHeaderSize
		}
		n := copy(s.buf[s.n:size], p)
		s.n, p = s.n+n, p[n:]
		if s.n < size {
			break
		}
		if s.index < 0 {
			s.header(s.buf[:size])
		} else {
			s.chunk(&s.buf)
		}
		s.index++
		s.n = 0
	}
	return written, nil
}

// finish is called behind the last byte.
func (s *slotCheck) finish() {
	if s.n > 0 {
		s.index++
	}
	if uint16(s.index) > s.counted { // fewer are damage, which the reader reports; the count wraps
		s.fail("has room for %d chunks, and its header counts %d", s.index, s.counted)
	}
}

func (s *slotCheck) header(b []byte) {
	s.counted = binary.LittleEndian.Uint16(b[42:])
	if !zeros(b[44:120]) || !zeros(b[128:]) {
		s.fail("file header: holds data in its reserve")
	}
	if flags := binary.LittleEndian.Uint32(b[120:]); flags != 0 {
		s.fail("file header: flags are 0x%x: it was not closed, or has no checksums", flags)
	}
}

func (s *slotCheck) chunk(b *[chunkSize]byte) {
	free := int(binary.LittleEndian.Uint32(b[48:]))
	if string(b[:8]) != "ElfChnk\x00" || free < chunkHeaderSize || free > chunkSize {
		return // the reader says so, or finish does
	}
	if !zeros(b[56:120]) {
		s.fail("chunk %d: holds data in its header's reserve", s.index)
	}
	if binary.LittleEndian.Uint32(b[120:])&4 != 0 {
		s.fail("chunk %d: has no checksums", s.index)
	}
	if end := recordsEnd(b[:free]); end != free {
		s.fail("chunk %d: holds %d bytes behind its records that are none", s.index, free-end)
	}
	if !zeros(b[free:]) {
		s.fail("chunk %d: holds data in its unused space", s.index)
	}
}

// recordsEnd walks through the records of a chunk, one right behind the other.
func recordsEnd(b []byte) int {
	pos := chunkHeaderSize
	for len(b)-pos >= recordMinSize && string(b[pos:pos+4]) == "**\x00\x00" {
		size := int64(binary.LittleEndian.Uint32(b[pos+4:]))
		if size < recordMinSize || size > int64(len(b)-pos) {
			break
		}
		pos += int(size)
	}
	return pos
}

func zeros(b []byte) bool { return len(bytes.TrimLeft(b, "\x00")) == 0 }
