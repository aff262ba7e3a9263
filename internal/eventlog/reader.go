package eventlog

import (
	"bytes"
	"errors"
	"io"

	"github.com/gwlogs/gwlogs/internal/sealed"
)

// AddReader adds a log or a zip archive of logs that is no file by itself, encrypted or not. It stays the caller's.
func (s *Set) AddReader(name string, r io.ReaderAt, size int64) {
	at, size, err := sealed.Open(r, size, s.options.Identities)
	if err != nil {
		e := &Error{Source: name, Err: err}
		if locked := (*sealed.Error)(nil); errors.As(err, &locked) {
			e.Hint = locked.Hint
		}
		s.fail(e)
		return
	}
	start := make([]byte, 4)
	if n, _ := at.ReadAt(start, 0); isZip(start[:n]) {
		s.addZip(name, at, size)
		return
	}
	log := NewLog(name, at, size)
	log.set = s
	s.Logs = append(s.Logs, log)
}

func isZip(start []byte) bool {
	return bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte("PK\x05\x06"))
}
