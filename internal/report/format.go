package report

import (
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// Format is a way to write events.
type Format string

// The formats. JSON is an array, JSONLines the same objects, one a line. EVTX
// is no text and has no Renderer: an evtx.Writer makes it.
const (
	Table     Format = "table"
	Text      Format = "text"
	CSV       Format = "csv"
	JSON      Format = "json"
	JSONLines Format = "jsonl"
	XML       Format = "xml"
	EVTX      Format = "evtx"
)

// Formats lists the formats that are text in the order in which they are shown.
func Formats() []Format { return []Format{Table, Text, CSV, JSON, JSONLines, XML} }

// ParseFormat finds a format by its name, in any case.
func ParseFormat(name string) (Format, bool) {
	for _, f := range append(Formats(), EVTX) {
		if strings.EqualFold(name, string(f)) {
			return f, true
		}
	}
	return "", false
}

// ForPeople says whether the format is made for reading, not for programs.
func (f Format) ForPeople() bool { return f == Table || f == Text }

// Style is what a format has to know about the place it is written to.
type Style struct {
	Terminal  bool // nothing that a terminal would act on may get out
	Width     int  // columns of the terminal; tables are cut to it
	Color     bool
	Recovered bool // say of each event whether it was recovered from unused space
}

// A Renderer appends one event to dst. If it fails, dst comes back as it was.
// It is for one goroutine at a time.
type Renderer interface {
	Append(dst []byte, rec *evtx.Record) ([]byte, error)
}

// NewRenderer returns the renderer of a format.
func NewRenderer(f Format, s Style) Renderer {
	var r Renderer
	escape := appendVisible
	switch f {
	case Table:
		return newTableRenderer(s)
	case Text:
		return &textRenderer{style: s}
	case CSV:
		r = &csvRenderer{recovered: s.Recovered}
	case XML:
		r, escape = xmlRenderer{}, appendXMLReference
	case JSON:
		r, escape = jsonRenderer{}, appendJSONEscape
	default:
		r, escape = jsonLinesRenderer{}, appendJSONEscape
	}
	if s.Terminal {
		return &terminalRenderer{inner: r, escape: escape}
	}
	return r
}
