package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/state"
	"github.com/gwlogs/gwlogs/matcher"
)

// runJournal shows the report IDs of the bundles that this user has made.
func runJournal(ios *IOStreams, o *options) error {
	if err := checkBinary(ios, o); err != nil {
		return err
	}
	console := &console{w: ios.Err, quiet: o.quiet}
	folder, err := ios.State()
	if err != nil {
		return err
	}
	reference := ios.Now()
	ids, err := journalOf(folder, o.since.Resolve(reference), o.until.Resolve(reference))
	if err != nil {
		return &hintedError{fmt.Errorf("the journal of report IDs cannot be read: %w", err),
			"gwlogs report-id BUNDLE shows the report ID of a bundle"}
	}
	out, err := openOutput(o.output, ios, nil)
	if err != nil {
		return err
	}
	defer out.discard()
	doc, err := report.NewReportIDs(out, o.format, out.style(ios, o))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := doc.Add(id); err != nil {
			return err
		}
	}
	if err := doc.Close(); err != nil {
		return err
	}
	if len(ids) == 0 {
		console.note("no bundle was made here yet")
		console.hint("gwlogs archive FILE.evtx makes one; gwlogs report-id FILE.evtx looks for report IDs in a log")
	}
	return out.commit()
}

// journalOf are the report IDs in the journal, of bundles that were made or sent
// in a time (zero for no limit), with where they were sent.
func journalOf(folder state.Folder, since, until time.Time) ([]matcher.ReportID, error) {
	bundles, err := folder.Bundles()
	if err != nil {
		return nil, err
	}
	receipts, err := folder.Receipts()
	if err != nil {
		return nil, err
	}
	var ids []matcher.ReportID
	add := func(id matcher.ReportID) {
		if (since.IsZero() || !id.Time.Before(since)) && (until.IsZero() || !id.Time.After(until)) {
			ids = append(ids, id)
		}
	}
	made := make(map[string]bool)
	for _, b := range bundles {
		made[b.ReportID] = true
		add(matcher.ReportID{ID: b.ReportID, Time: b.Time, Computer: b.Computer, Source: b.File, Sent: sentText(receipts, b.ReportID)})
	}
	for _, r := range receipts {
		if !made[r.ReportID] { // on another machine, or by another user
			made[r.ReportID] = true
			add(matcher.ReportID{ID: r.ReportID, Time: r.Time, Source: r.File, Sent: sentText(receipts, r.ReportID)})
		}
	}
	return ids, nil
}

// sentText says when and where a bundle was sent the last time.
func sentText(receipts []state.Receipt, reportID string) string {
	for _, r := range slices.Backward(receipts) {
		if r.ReportID == reportID {
			return shownTime(r.Time) + " to " + r.To
		}
	}
	return ""
}

// journalIDs are the report IDs of this user's bundles, beside those of the
// live channels; none if sources were named.
func journalIDs(s *session) []matcher.ReportID {
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
