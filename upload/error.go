package upload

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// An Error is why a bundle did not get through: a line without a secret, in
// lower case, and what to do about it.
type Error struct {
	Text string
	Hint string

	again   bool          // the same request may do better later
	contact bool          // nobody was reached: once something got through, it is worth another try
	after   time.Duration // the service wants to be left alone for so long
	status  int           // of HTTP, if it was an answer
	code    string        // of the service
	cause   error
}

func (e *Error) Error() string { return e.Text }

// Unwrap gives the cause for errors.Is; its text may have a secret and is never shown.
func (e *Error) Unwrap() error { return e.cause }

func newError(hint, format string, args ...any) *Error {
	return &Error{Text: fmt.Sprintf(format, args...), Hint: hint}
}

// isCode reports whether the service gave one of the codes as its reason.
func isCode(err error, codes ...string) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.code == c {
			return true
		}
	}
	return false
}

// isStatus reports whether the answer had one of the numbers.
func isStatus(err error, numbers ...int) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, n := range numbers {
		if e.status == n {
			return true
		}
	}
	return false
}

// ended returns what ended the context, if it is over: nothing else matters then.
func ended(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	if cause := context.Cause(ctx); errors.Is(cause, ErrTimeout) {
		return cause
	}
	return ctx.Err()
}

// ErrTimeout is the cause of a context that --timeout has ended.
var ErrTimeout = errors.New("it took longer than was allowed")

// errStalled is a connection on which nothing moved for too long.
var errStalled = errors.New("nothing moved any more")

// statusError is an answer that is no success.
type statusError struct {
	status int
	header http.Header
	code   string // of the service, when it gives one
	detail string
	proxy  bool // the answer is the proxy's
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d %s", e.status, e.code) }
