package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/sealed"
	"github.com/gwlogs/gwlogs/internal/wholefile"
	"github.com/gwlogs/gwlogs/sigma"
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

// signatureError words an error of a signature file.
func signatureError(err error) error {
	var rule *sigma.Error
	if errors.As(err, &rule) {
		return &ruleError{rule}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("--signatures: %s: %w", path.Path, path.Err)
	}
	return err
}

// ruleError is something wrong with a signature, shown with its line.
type ruleError struct{ rule *sigma.Error }

func (e *ruleError) Error() string { return e.rule.Error() }

// hintedError is an error and what to do about it.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

// hintFor is what to do about an error, empty if we do not know.
func hintFor(err error) string {
	var wrongUse *usageError
	var source *eventlog.Error
	var rule *ruleError
	var hinted *hintedError
	var temp *archive.TempError
	var output *wholefile.Error
	var locked *sealed.Error
	switch {
	case errors.As(err, &wrongUse):
		return wrongUse.hint
	case errors.As(err, &rule):
		return "gwlogs signatures lint FILE shows all that is wrong with a file of signatures"
	case errors.As(err, &source):
		return source.Hint
	case errors.As(err, &hinted):
		return hinted.hint
	case errors.As(err, &output) && output.Full():
		return "make room there, or name a file on another disk: -o FILE"
	case errors.As(err, &output) && output.Refused():
		return "name a place that you may write to: -o FILE"
	case errors.As(err, &locked):
		return locked.Hint
	case errors.As(err, &temp):
		return "make room there, or name another folder for temporary files in the environment variable " + tempVariable()
	}
	return ""
}

// stateError is a failure of the files in the user's folder.
func stateError(what string, err error) error {
	hint := "make room there, or name another folder in the environment variable XDG_STATE_HOME"
	if runtime.GOOS == "windows" {
		hint = "make room there, or name another folder in the environment variable LOCALAPPDATA"
	}
	return &hintedError{fmt.Errorf("%s: %w", what, err), hint}
}

// tempVariable is the environment variable that os.TempDir goes by.
func tempVariable() string {
	if runtime.GOOS == "windows" {
		return "TMP"
	}
	return "TMPDIR"
}
