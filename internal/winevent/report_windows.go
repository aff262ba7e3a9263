package winevent

import (
	"golang.org/x/sys/windows"
)

// WriteReportID writes event 25 with a report ID. Without the event source it
// writes nothing: Windows would take the event, and show it without its text.
func WriteReportID(reportID string) error {
	installed, err := Installed()
	if err != nil {
		return err
	}
	if !installed {
		return ErrNotInstalled
	}
	source, err := windows.UTF16PtrFromString(Source)
	if err != nil {
		return err
	}
	text, err := windows.UTF16PtrFromString(ReportIDText(reportID))
	if err != nil {
		return err
	}
	h, err := windows.RegisterEventSource(nil, source)
	if err != nil {
		return plain(err)
	}
	defer windows.DeregisterEventSource(h)
	return plain(windows.ReportEvent(h, windows.EVENTLOG_INFORMATION_TYPE, 0, EventID, 0, 1, 0, &text, nil))
}
