package cli

import (
	"errors"

	"github.com/gwlogs/gwlogs/internal/winevent"
)

const theEventSource = "event source " + winevent.Source + " of the log " + winevent.Log

// eventSourceActions do what the verb says, and say what was done.
func eventSourceActions() map[string]func() (string, error) {
	return map[string]func() (string, error){
		"install": installEventSource, "remove": removeEventSource, "status": eventSourceStatus,
	}
}

func installEventSource() (string, error) {
	if there, err := winevent.Installed(); err == nil && there {
		return theEventSource + ": installed already", nil
	}
	if err := winevent.Install(); err != nil {
		return "", eventSourceError(err)
	}
	return theEventSource + ": installed", nil
}

func removeEventSource() (string, error) {
	switch err := winevent.Remove(); {
	case errors.Is(err, winevent.ErrNotInstalled):
		return theEventSource + ": was not installed", nil
	case err != nil:
		return "", eventSourceError(err)
	}
	return theEventSource + ": removed", nil
}

func eventSourceStatus() (string, error) {
	there, err := winevent.Installed()
	switch {
	case err != nil:
		return "", eventSourceError(err)
	case there:
		return theEventSource + ": installed", nil
	}
	return theEventSource + ": not installed", nil
}
