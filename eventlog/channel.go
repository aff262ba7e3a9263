package eventlog

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// cutChannel takes NAME from "channel:NAME".
func cutChannel(source string) (name string, ok bool) {
	const prefix = "channel:"
	if len(source) < len(prefix) || !strings.EqualFold(source[:len(prefix)], prefix) {
		return "", false
	}
	return source[len(prefix):], true
}

// channelError says that live channels cannot be read yet, and how to get at the events all the same.
func channelError(source, name string) *Error {
	e := &Error{
		Source: source,
		Err:    errors.New("live channels are not in this version"),
		Hint:   fmt.Sprintf("save the channel as a file and give that: wevtutil export-log %q events.evtx", name),
	}
	if runtime.GOOS != "windows" {
		e.Err = errors.New("live channels exist on Windows alone")
		e.Hint = "there, " + e.Hint
	}
	return e
}
