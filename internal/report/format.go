package report

import (
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/tables"
)

// Format is a way to write events.
type Format string

// The formats. JSON is an array, JSONLines the same objects, one a line; Rows
// is a table as JSON lines, and Parquet the same table, see package tables. EVTX
// is no text and has no Renderer: an evtx.Writer makes it.
const (
	Table      Format = "table"
	Text       Format = "text"
	CSV        Format = "csv"
	TSV        Format = "tsv"
	JSON       Format = "json"
	JSONLines  Format = "jsonl"
	XML        Format = "xml"
	Rows       Format = "rows"
	Parquet    Format = "parquet"
	Timesketch Format = "timesketch"
	EVTX       Format = "evtx"
)

// textFormats are all formats that a Renderer makes, in the order in which they
// are shown: they are text, but for those that say binary. A new one is a file
// with the function that makes it, and a line here.
func textFormats() []textFormat {
	return append([]textFormat{
		tableFormat(),
		blockFormat(),
		csvFormat(),
		tsvFormat(),
		jsonFormat(),
		jsonLinesFormat(),
		xmlFormat(),
		rowsFormat(),
		timesketchFormat(),
	}, heavyFormats()...)
}

// A textFormat says how events, and rows of other things, become text.
type textFormat struct {
	format    Format
	forPeople bool // made for reading, not for programs

	// binary is what makes a document of pieces that are no text: rows of a table.
	// There is no frame then, and nothing is written to a terminal.
	binary func(io.Writer, tables.Schema) pieces

	// events makes the renderer of an event; frame is what stands around and
	// between the pieces that it makes.
	events func(Style) Renderer
	frame  func(header) frame

	// columns says that Style.Fields chooses what it shows of an event.
	columns bool

	// row appends a row of things that are no events, in pieces like those of
	// events. It is nil if the format has no such rows, or has them as those of a
	// table, in that form.
	row  func(dst []byte, l *layout, r *row) ([]byte, error)
	form *tables.Form

	// escape makes visible what a terminal would act on, in the format's own
	// way; nil if events and row see to that themselves.
	escape func(dst []byte, r rune) []byte
}

// A header names the columns: titles for people, and keys for programs.
type header struct {
	layout *layout
	keys   []string
	mark   string // before CSV
}

// find returns the format of that name.
func find(f Format) (textFormat, error) {
	for _, t := range textFormats() {
		if t.format == f {
			return t, nil
		}
	}
	return textFormat{}, fmt.Errorf("no format is called %q", string(f))
}

// Binary says whether the format is no text, and needs a file.
func (f Format) Binary() bool {
	t, err := find(f)
	return f == EVTX || err == nil && t.binary != nil
}

// Formats lists the formats that have a Renderer in the order in which they are shown.
func Formats() []Format {
	var all []Format
	for _, t := range textFormats() {
		all = append(all, t.format)
	}
	return all
}

// RowFormats lists the formats for rows of things that are no events.
func RowFormats() []Format {
	var all []Format
	for _, t := range textFormats() {
		if t.row != nil || t.form != nil {
			all = append(all, t.format)
		}
	}
	return all
}

// ParseFormat finds a format by its name, in any case.
func ParseFormat(name string) (Format, bool) {
	for _, f := range append(Formats(), EVTX) {
		if strings.EqualFold(name, string(f)) {
			return f, true
		}
	}
	return "", false
}

// HasColumns says whether Style.Fields chooses what it shows of an event.
func (f Format) HasColumns() bool {
	t, err := find(f)
	return err == nil && t.columns
}

// ForPeople says whether the format is made for reading, not for programs.
func (f Format) ForPeople() bool {
	t, err := find(f)
	return err == nil && t.forPeople
}

// Style is what a format has to know about the place it is written to.
type Style struct {
	Terminal  bool // nothing that a terminal would act on may get out
	Width     int  // columns of the terminal; tables are cut to it
	Color     bool
	Recovered bool // say of each event whether it was recovered from unused space

	Zone *time.Location // of times for people; nil for UTC

	Fields []string // columns of a table of events, see Fields; empty for the usual ones
	BOM    bool     // a mark at the begin of CSV by which Excel knows UTF-8

	watch *fieldWatch // of a document; nil if nobody wants to know
}

// mark comes before CSV.
func (s *Style) mark() string {
	if s.BOM {
		return "\ufeff"
	}
	return ""
}

// A Renderer appends one event to dst. If it fails, dst comes back as it was.
// It is for one goroutine at a time.
type Renderer interface {
	Append(dst []byte, rec *evtx.Record) ([]byte, error)
}

// A Sourced is a Renderer that also says where an event was read.
type Sourced interface {
	Renderer
	From(tables.Origin) // of the events that follow
}

// Events is a document of events.
type Events struct {
	pieces
	format textFormat
	style  Style
}

// pieces become a document.
type pieces interface {
	Add(piece []byte) error // may change it
	Close() error
}

// NewEvents begins a document of events in a format that has a Renderer. The
// error is of one that has none.
func NewEvents(w io.Writer, f Format, s Style) (*Events, error) {
	t, err := find(f)
	if err != nil {
		return nil, err
	}
	if t.columns && len(s.Fields) > 0 {
		s.watch = &fieldWatch{make([]atomic.Bool, len(s.Fields))}
	}
	if t.binary != nil {
		return &Events{t.binary(w, tables.Events()), t, s}, nil
	}
	return &Events{&Document{w: w, frame: t.frame(eventHeader(s))}, t, s}, nil
}

// Sourced reports whether the Renderer is a [Sourced], and shows where an event was read.
func (e *Events) Sourced() bool {
	if e.format.columns {
		return e.style.wantsOrigin()
	}
	_, ok := e.format.events(e.style).(Sourced)
	return ok
}

// Unseen lists the named values among Style.Fields that no event had, as they are in Fields.
func (e *Events) Unseen() []string {
	var names []string
	for i, name := range e.style.Fields {
		if _, named := dataField(name); named && e.style.watch != nil && !e.style.watch.seen[i].Load() {
			names = append(names, name)
		}
	}
	return names
}

// Renderer returns what makes the pieces of the document, for one goroutine.
func (e *Events) Renderer() Renderer {
	r := e.format.events(e.style)
	if e.style.Terminal && e.format.escape != nil {
		return &terminalRenderer{inner: r, escape: e.format.escape}
	}
	return r
}
