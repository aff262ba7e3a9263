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
	start := look(at)
	if isZip(start) {
		s.addZip(name, at, size)
		return
	}
	log := NewLog(name, at, size)
	log.set, log.pack = s, isPacked(start)
	if log.pack {
		log.Size = -1
	}
	s.Logs = append(s.Logs, log)
}

// magicSize is how many of its first bytes it takes to know what something is.
const magicSize = 8

// look gives the first bytes.
func look(r io.ReaderAt) []byte {
	start := make([]byte, magicSize)
	n, _ := r.ReadAt(start, 0)
	return start[:n]
}

func isZip(start []byte) bool {
	return bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte("PK\x05\x06"))
}
