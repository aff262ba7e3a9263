package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// ageMagic begins what age has encrypted.
const ageMagic = "age-encryption.org/v1"

func isAge(start []byte) bool { return strings.HasPrefix(string(start), ageMagic) }

// addEncrypted takes the logs of an encrypted archive. It is decrypted as it is
// read: nothing of it is written anywhere.
func (s *Set) addEncrypted(name string, f *os.File, size int64) {
	s.closers = append(s.closers, f.Close)
	if len(s.options.Identities) == 0 {
		s.fail(&Error{Source: name, Err: errors.New("is encrypted"), Hint: "give the key it was encrypted to: --identity KEYFILE"})
		return
	}
	at, size, err := age.DecryptReaderAt(f, size, s.options.Identities...)
	var wrong *age.NoIdentityMatchError
	switch {
	case errors.As(err, &wrong):
		s.fail(&Error{Source: name, Err: plainError{"is encrypted to another key", err}, Hint: "give the file of the key it was encrypted to: --identity KEYFILE"})
		return
	case err != nil:
		s.fail(&Error{Source: name, Err: fmt.Errorf("cannot be decrypted: %s", strings.TrimPrefix(err.Error(), "age: ")), Hint: "copy or download it again"})
		return
	}
	start := make([]byte, 4)
	if n, _ := at.ReadAt(start, 0); isZip(start[:n]) {
		s.addZip(name, at, size)
		return
	}
	s.Logs = append(s.Logs, &Log{Name: name, Size: size, set: s, from: decrypted(at, size)})
}

func decrypted(at io.ReaderAt, size int64) opener {
	return func(context.Context) (*content, error) {
		return &content{at: at, size: size, close: func() error { return nil }}, nil
	}
}
