package upload

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"
	"time"
)

// An Error is why a bundle did not get through: a line without a secret, in
// lower case, and what to do about it.
type Error struct {
	Text string
	Hint string // empty where nothing helps that we know

	again   bool          // the same request may do better later
	contact bool          // nobody was reached: once something got through, it is worth another try
	taken   bool          // something else has the name
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

// isCode reports whether the service gave this code as its reason.
func isCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.code == code
}

// isStatus reports whether the answer had this number.
func isStatus(err error, number int) bool {
	var e *Error
	return errors.As(err, &e) && e.status == number
}

// errStalled is a connection on which nothing moved for too long.
var errStalled = errors.New("nothing moved any more")

// errTaken is for a bundle whose name something else has.
func errTaken(where string, size int64) *Error {
	return newError(takenHint, "%s: another file is there already, of %d bytes", where, size)
}

const takenHint = "a bundle that is made anew has a report ID of its own: gwlogs archive"

// taken is for a name that the answer says something has, at a destination that
// may not let us look what.
func taken(a *answer, host string) *Error {
	e := newError(takenHint, "%s: another file of that name is there already (%s)", host, a.reason())
	e.taken = true
	return e
}

// Taken reports whether an error of Send says that there is something of that
// name already, at a destination that does not let us look what it is.
func Taken(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.taken
}

// errChanged is for a bundle that is not what it was when its checksum was made.
func errChanged() *Error {
	return newError("send it again when nobody writes to it", "the bundle was changed while it was being sent: nothing has arrived")
}

// errDamaged is for a bundle whose checksum is another one at the other end.
func errDamaged(host string) *Error {
	return again("something on the way changes what goes through it: a proxy or virus scanner, or a faulty network card",
		"%s: has got something else than was sent: the checksums differ", host)
}

// errEndless is for an answer that is longer than any that makes sense.
func errEndless(host string) *Error {
	return newError("is it the URL that support gave you?", "%s: its answer does not end", host)
}

// errRead words an error of reading the bundle.
func errRead(err error) *Error {
	if err == nil || err == io.EOF || err == io.ErrUnexpectedEOF {
		return errChanged()
	}
	return &Error{Text: "the bundle cannot be read: " + err.Error(), cause: err}
}

// localError words an error of the file system; nil for none. One of ours stays as it is.
func localError(what string, err error) error {
	if err == nil {
		return nil
	}
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	var path *fs.PathError
	var link *os.LinkError
	reason := err
	switch {
	case errors.As(err, &path):
		reason = path.Err
	case errors.As(err, &link):
		reason = link.Err
	}
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		reason, hint = errors.New("there is no such folder"), "check the spelling; a network folder has to be connected"
	case errors.Is(err, fs.ErrPermission):
		hint = "ask for the right to write there"
	case isErrno(err, syscall.ENOSPC, 112), isErrno(err, syscall.EDQUOT, 39):
		hint = "make room there, or make the bundle smaller: --since 2d"
	}
	return &Error{Text: fmt.Sprintf("%s: %s", what, reason), Hint: hint, cause: err}
}

// isErrno compares with the number of Unix, or the one of Windows sockets.
func isErrno(err error, unix syscall.Errno, windows uintptr) bool {
	var n syscall.Errno
	return errors.As(err, &n) && (n == unix || runtime.GOOS == "windows" && uintptr(n) == windows)
}
