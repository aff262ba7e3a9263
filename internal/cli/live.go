package cli

import (
	"fmt"
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

// journalIDs are the report IDs of this user's bundles, beside those of the
// live channels; none if sources were named.
func (s *session) journalIDs() []matcher.ReportID {
	if s.options.defaults == nil {
		return nil
	}
	folder, err := s.ios.State()
	if err != nil {
		return nil
	}
	ids, err := journalOf(folder, s.selection.Since, s.selection.Until)
	if err != nil {
		s.fail(fmt.Errorf("the journal of report IDs cannot be read: %w", err))
	}
	return ids
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

// sayRetention tells why a live channel does not reach back as far as was asked for.
func (s *session) sayRetention() {
	since := s.selection.Since
	for _, log := range s.logs.Logs {
		c := log.Live()
		if c == nil || !c.Configured {
			continue
		}
		late := !since.IsZero() && c.Oldest.After(since)
		switch {
		case c.Full && c.Retention == eventlog.KeepOld:
			s.console.note("%s: the log is full, and Windows drops new events until it is cleared", log.Name)
			s.console.hint(`have old events overwritten: wevtutil set-log "%s" /retention:false`, c.Name)
		case late && c.Retention == eventlog.ArchiveFull:
			s.console.note("%s: begins at %s (UTC): older events are in files beside %s", log.Name, shownTime(c.Oldest), c.File)
			s.console.hint("give those too, as administrator: Archive-*.evtx in that folder")
		case late && c.OldestID > 1:
			s.console.note("%s: begins at %s (UTC): it holds %s at most, and old events are overwritten", log.Name, shownTime(c.Oldest), bytesText(float64(c.MaxBytes)))
			s.console.hint(`let it grow, as administrator: wevtutil set-log "%s" /maxsize:%d`, c.Name, max(20<<20, 4*c.MaxBytes))
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
