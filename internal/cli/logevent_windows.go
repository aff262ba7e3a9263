package cli

import (
	"errors"

	"github.com/gwlogs/gwlogs/internal/winevent"
)

// logReportID notes a report ID in the Windows event log, as event 25 of gwlogs.
func logReportID(reportID string) error {
	return eventSourceError(winevent.WriteReportID(reportID))
}

func checkLogEvent() error { return nil }

// eventSourceError adds to an error what to do about it.
func eventSourceError(err error) error {
	switch {
	case errors.Is(err, winevent.ErrNotInstalled):
		return &hintedError{err, "an administrator installs it once for all: gwlogs eventsource install"}
	case errors.Is(err, winevent.ErrDenied):
		return &hintedError{err, "open the command prompt with Run as administrator"}
	}
	return err
}
