// Package winevent writes the event of gwlogs in the Windows event log: event
// 25 of the source gwlogs in the log Application, with a report ID. It is the
// number that the gateway uses for the same, in a log that is not the
// gateway's: the vendor's own log is left as it is.
package winevent

import "errors"

// What identifies the event.
const (
	Source  = "gwlogs"
	Log     = "Application"
	EventID = 25 // of a report ID
)

// What can be wrong with the event source or the event.
var (
	ErrNotInstalled = errors.New("the event source " + Source + " is not installed")
	ErrDenied       = errors.New("access denied")
)

// ReportIDText is the text of the event. It names the report ID such that
// gwlogs report-id finds it.
func ReportIDText(reportID string) string {
	return "gwlogs has made a bundle for support. Report ID: " + reportID
}
