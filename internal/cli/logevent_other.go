//go:build !windows

package cli

import "errors"

// logReportID notes a report ID in the Windows event log, which is not here.
func logReportID(string) error { return errors.New("there is no Windows event log here") }

func checkLogEvent() error {
	return usage("leave it out: the journal, which gwlogs report-id shows, remembers the report ID too",
		"--log-event: there is no Windows event log here")
}
