package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartial     = 3
	exitFound       = 4
	exitUnexplained = 5
	exitInterrupted = 130
)

// exitCodes is the table for people.
func exitCodes() string {
	var b strings.Builder
	for _, line := range []struct {
		code    int
		meaning string
	}{
		{exitDone, "done"},
		{exitFailed, "failed: nothing useful came out"},
		{exitUsage, "wrong use: the message shows the right form"},
		{exitPartial, "done in part: a log is damaged, or could not be read"},
		{exitFound, "known problems were found (with --exit-code alone)"},
		{exitUnexplained, "no known problem, but errors that nothing explains (with --exit-code alone)"},
		{exitInterrupted, "interrupted (Ctrl-C)"},
	} {
		fmt.Fprintf(&b, "  %3d  %s\n", line.code, line.meaning)
	}
	return b.String()
}

// Ends of a run about which everything has been said already.
var (
	errNothing     = errors.New("nothing could be read")
	errPartial     = errors.New("not everything could be read")
	errFound       = errors.New("known problems were found")
	errUnexplained = errors.New("there are errors that nothing explains")
	errClosedPipe  = errors.New("nobody reads the output any more")
)

// exitCode decides on the code for the error that a command ended with, and
// whether the error is still to be shown.
func exitCode(ctx context.Context, err error) (code int, show bool) {
	var usage *usageError
	switch {
	case err == nil, errors.Is(err, errClosedPipe):
		return exitDone, false
	case errors.As(err, &usage):
		return exitUsage, true
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return exitInterrupted, false
	case errors.Is(err, errFound):
		return exitFound, false
	case errors.Is(err, errUnexplained):
		return exitUnexplained, false
	case errors.Is(err, errPartial):
		return exitPartial, false
	case errors.Is(err, errNothing), errors.Is(err, errWrong):
		return exitFailed, false
	}
	return exitFailed, true
}
