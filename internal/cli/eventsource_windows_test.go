package cli

import (
	"errors"
	"testing"

	"github.com/gwlogs/gwlogs/internal/winevent"
)

func TestEventSourceErrorsWindows(t *testing.T) {
	own := errors.New("own")
	for err, hint := range map[error]string{
		winevent.ErrNotInstalled: "an administrator installs it once for all: gwlogs eventsource install",
		winevent.ErrDenied:       "open the command prompt with Run as administrator",
		own:                      "",
	} {
		got := eventSourceError(err)
		if !errors.Is(got, err) || hintFor(got) != hint {
			t.Errorf("%v: %v, hint %q", err, got, hintFor(got))
		}
	}
	if eventSourceError(nil) != nil || checkLogEvent() != nil {
		t.Error("an error out of nothing")
	}
}
