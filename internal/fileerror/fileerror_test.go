package fileerror

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"testing"
)

func TestReason(t *testing.T) {
	_, missing := os.Open("no such file")
	for want, err := range map[string]error{
		"no such file":         missing,
		"the disk died":        &fs.PathError{Op: "read", Path: "/secret/place", Err: errors.New("the disk died")},
		"EOF":                  io.EOF,
		syscall.EACCES.Error(): fmt.Errorf("x: %w", &fs.PathError{Op: "open", Path: "/secret", Err: syscall.EACCES}),
	} {
		if got := Reason(err); got.Error() != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
	if Reason(io.EOF) != io.EOF {
		t.Error("another error changed")
	}
}
