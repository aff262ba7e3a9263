package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/gwlogs/gwlogs/matcher"
)

// ReportIDFormats lists the formats for report IDs.
func ReportIDFormats() []Format { return []Format{Table, Text, CSV, JSON, JSONLines} }

// ReportIDs writes report IDs as they are found.
type ReportIDs struct {
	doc    *Document
	format Format
	layout *layout
	safe   bool
	buf    []byte
}

// NewReportIDs begins a document of report IDs.
func NewReportIDs(w io.Writer, f Format, s Style) *ReportIDs {
	l := newLayout([]column{
		{title: "TIME (UTC)", least: 19, best: 19},
		{title: "REPORT ID", least: 36, best: 36},
		{title: "COMPUTER", least: 10, best: 24, spare: 1},
		{title: "CHANNEL", least: 10, best: 24, spare: 2},
		{title: "RECORD", least: 8, best: 8},
	}, s)
	const csvHead = "report_id,time,computer,channel,record_id,source\r\n"
	return &ReportIDs{doc: newDocument(w, f, l, csvHead), format: f, layout: l, safe: s.Terminal}
}

// Add writes one report ID.
func (r *ReportIDs) Add(id matcher.ReportID) error {
	var err error
	switch r.format {
	case Table:
		r.buf = r.appendRow(r.buf[:0], id)
	case Text:
		r.buf = appendReportIDText(r.buf[:0], id)
	case CSV:
		r.buf = appendReportIDCSV(r.buf[:0], id)
		if r.safe {
			r.buf = escapeLines(nil, r.buf, appendVisible)
		}
	default:
		r.buf, err = r.appendJSON(r.buf[:0], id)
	}
	if err != nil {
		return err
	}
	return r.doc.Add(r.buf)
}

// Close ends the document.
func (r *ReportIDs) Close() error { return r.doc.Close() }

func (r *ReportIDs) appendRow(dst []byte, id matcher.ReportID) []byte {
	cells := []string{
		string(appendTime(nil, id.Time, tableTime)),
		id.ID, id.Computer, id.Channel, strconv.FormatUint(id.RecordID, 10),
	}
	if id.Channel == "" && id.RecordID == 0 { // of a bundle, not of an event
		cells[3], cells[4] = id.Source, ""
		if id.Sent != "" {
			cells[3] += ", sent " + id.Sent
		}
	}
	for i, text := range cells {
		dst = r.layout.cell(dst, i, []byte(text), "")
	}
	return append(dst, '\n')
}

func appendReportIDText(dst []byte, id matcher.ReportID) []byte {
	for _, line := range [][2]string{
		{"report ID: ", id.ID},
		{"time:      ", string(appendTime(nil, id.Time, tableTime+".0000000 UTC"))},
		{"computer:  ", id.Computer},
		{"channel:   ", id.Channel},
		{"record:    ", strconv.FormatUint(id.RecordID, 10)},
		{"source:    ", id.Source},
		{"sent:      ", id.Sent},
	} {
		if line[0] == "sent:      " && line[1] == "" {
			continue
		}
		dst = append(dst, line[0]...)
		dst, _ = appendLine(dst, []byte(line[1]), 0)
		dst = append(dst, '\n')
	}
	return append(dst, '\n')
}

func appendReportIDCSV(dst []byte, id matcher.ReportID) []byte {
	for i, value := range []string{
		id.ID, string(appendTime(nil, id.Time, fullTime)), id.Computer, id.Channel,
		strconv.FormatUint(id.RecordID, 10), id.Source,
	} {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendCSV(dst, []byte(value))
	}
	return append(dst, '\r', '\n')
}

func (r *ReportIDs) appendJSON(dst []byte, id matcher.ReportID) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(newJSONReportID(id))
	if err != nil {
		return dst, err
	}
	object := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if r.format == JSON {
		dst = append(dst, ',', '\n')
	}
	if r.safe {
		dst = escapeLines(dst, object, appendJSONEscape)
	} else {
		dst = append(dst, object...)
	}
	if r.format == JSONLines {
		dst = append(dst, '\n')
	}
	return dst, nil
}
