package report

import (
	"io"
	"strconv"

	"github.com/gwlogs/gwlogs/internal/tables"
	"github.com/gwlogs/gwlogs/matcher"
)

// ReportIDs writes report IDs as they are found.
type ReportIDs struct {
	rows  *rows
	style Style
}

// NewReportIDs begins a document of report IDs, in one of RowFormats.
func NewReportIDs(w io.Writer, f Format, s Style) (*ReportIDs, error) {
	r, err := newRows(w, f, s, []column{
		timeColumn(s, ""),
		{title: "REPORT ID", least: 36, best: 36},
		{title: "COMPUTER", least: 10, best: 32, spare: 1},
		{title: "CHANNEL", least: 10, best: 24, spare: 2},
		{title: "RECORD", least: 8, best: 8, spare: 3},
	}, []string{"report_id", "time", "computer", "channel", "record_id", "source"}, tables.ReportIDs())
	return &ReportIDs{r, s}, err
}

// Add writes one report ID.
func (r *ReportIDs) Add(id matcher.ReportID) error {
	record := strconv.FormatUint(id.RecordID, 10)
	one := &row{
		cells:  []string{r.style.short(id.Time), id.ID, id.Computer, id.Channel, record},
		values: []string{id.ID, r.style.full(id.Time), id.Computer, id.Channel, record, id.Source},
		object: newJSONReportID(id),
		value:  &id,
		lines: [][2]string{
			{"report ID", id.ID},
			{"time", string(appendTime(nil, id.Time, blockTime, r.style.zone()))},
			{"computer", id.Computer},
			{"channel", id.Channel},
			{"record", record},
			{"source", id.Source},
		},
	}
	if id.Sent != "" {
		one.lines = append(one.lines, [2]string{"sent", id.Sent})
	}
	if id.Channel == "" && id.RecordID == 0 { // of a bundle, not of an event
		one.cells[3], one.cells[4] = id.Source, ""
		if id.Sent != "" {
			one.cells[3] += ", sent " + id.Sent
		}
	}
	return r.rows.add(one)
}

// Close ends the document.
func (r *ReportIDs) Close() error { return r.rows.doc.Close() }
