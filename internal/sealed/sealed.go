// Package sealed opens what age has encrypted (age-encryption.org/v1). It is decrypted as it is read: nothing of it is written anywhere.
package sealed

import (
	"errors"
	"io"
	"strings"

	"filippo.io/age"
)

// magic begins what age has encrypted.
const magic = "age-encryption.org/v1"

// ErrLocked is wrapped by the errors of Open where there is no identity, or not the right one.
var ErrLocked = errors.New("is encrypted")

// An Error says why something encrypted cannot be read, and what to do.
type Error struct {
	text, Hint string
	err        error
}

func (e *Error) Error() string { return e.text }
func (e *Error) Unwrap() error { return e.err }

// Encrypted reports whether r begins as what age has encrypted.
func Encrypted(r io.ReaderAt) bool {
	start := make([]byte, len(magic))
	n, _ := r.ReadAt(start, 0)
	return string(start[:n]) == magic
}

// Open returns what r holds in size bytes, decrypted if it is encrypted. Its errors are an *Error.
func Open(r io.ReaderAt, size int64, identities []age.Identity) (io.ReaderAt, int64, error) {
	if !Encrypted(r) {
		return r, size, nil
	}
	if len(identities) == 0 {
		return nil, 0, &Error{"is encrypted", "give the key it was encrypted to: --identity KEYFILE", ErrLocked}
	}
	at, size, err := age.DecryptReaderAt(r, size, identities...)
	var wrong *age.NoIdentityMatchError
	switch {
	case errors.As(err, &wrong):
		return nil, 0, &Error{"is encrypted to another key", "give the file of the key it was encrypted to: --identity KEYFILE", ErrLocked}
	case err != nil:
		return nil, 0, &Error{"cannot be decrypted: " + strings.TrimPrefix(err.Error(), "age: "), "copy or download it again", err}
	}
	return at, size, nil
}
