package winevent

import (
	"testing"

	"github.com/gwlogs/gwlogs/matcher"
)

// What we write has to be found by gwlogs report-id, in a log that is not the gateway's.
func TestReportIDIsFound(t *testing.T) {
	const id = "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4"
	if got := matcher.NewReportIDFinder().Find(Log, Source, ReportIDText(id)); got != id {
		t.Errorf("found %q", got)
	}
	if EventID != matcher.ReportIDEvent {
		t.Errorf("event %d, the gateway's is %d", EventID, matcher.ReportIDEvent)
	}
}
