package cli

import (
	"strings"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/winevent"
	"github.com/gwlogs/gwlogs/matcher"
)

// gatewayChannels are what is read without any source.
func gatewayChannels() []eventlog.Default {
	var all []eventlog.Default
	for _, name := range matcher.CanonicalChannels() {
		all = append(all, eventlog.Default{Name: name})
	}
	return all
}

// ownEvents are those that gwlogs archive --log-event writes.
func ownEvents() eventlog.Default {
	return eventlog.Default{Name: winevent.Log, Provider: winevent.Source}
}

// noteEvent writes the report ID to the Windows event log if that was asked
// for. The bundle is there by then: what goes wrong is no reason to fail.
func (r *archiving) noteEvent(reportID string) {
	if !r.o.logEvent {
		return
	}
	if err := logReportID(reportID); err != nil {
		r.s.console.note("the report ID is not in the Windows event log: %v", err)
		if hint := hintFor(err); hint != "" {
			r.s.console.hint("%s", hint)
		}
	}
}

// isGateway says whether a channel is one of the gateway's.
func isGateway(channel string) bool {
	for _, d := range gatewayChannels() {
		if strings.EqualFold(d.Name, channel) {
			return true
		}
	}
	return false
}
