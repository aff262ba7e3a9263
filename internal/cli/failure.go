package cli

import (
	"errors"
	"fmt"

	"github.com/gwlogs/gwlogs/eventlog"
)

// usageError is a command line that makes no sense: exit code 2.
type usageError struct {
	text string
	hint string // the right form
}

func (e *usageError) Error() string { return e.text }

func usage(hint, format string, args ...any) error {
	return &usageError{text: fmt.Sprintf(format, args...), hint: hint}
}

// writeError is output that could not be written.
type writeError struct {
	name string
	err  error
}

func (e *writeError) Error() string { return e.name + ": " + e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

// hintFor is what to do about an error, empty if we do not know.
func hintFor(err error) string {
	var wrongUse *usageError
	var source *eventlog.Error
	switch {
	case errors.As(err, &wrongUse):
		return wrongUse.hint
	case errors.As(err, &source):
		return source.Hint
	}
	return ""
}
