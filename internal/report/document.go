package report

import "io"

// Document puts rendered pieces together: what comes before the first, between two, and after the last.
type Document struct {
	w       io.Writer
	head    string
	always  bool // the head comes even if nothing follows
	foot    string
	empty   string // the whole document if nothing is in it
	array   bool
	started bool
}

// NewEvents begins a document of events.
func NewEvents(w io.Writer, f Format, s Style) *Document {
	return newDocument(w, f, eventLayout(s), csvHeader(s.Recovered))
}

func newDocument(w io.Writer, f Format, l *layout, csvHead string) *Document {
	d := &Document{w: w}
	switch f {
	case Table:
		d.head = l.header()
	case CSV:
		d.head, d.always = csvHead, true
	case XML:
		d.head, d.always, d.foot = xmlHead, true, xmlFoot
	case JSON:
		d.array, d.foot, d.empty = true, "\n]\n", "[]\n"
	}
	return d
}

// Add writes a piece: what one or more calls of the format's Renderer appended. It may change it.
func (d *Document) Add(piece []byte) error {
	if len(piece) == 0 {
		return nil
	}
	if !d.started {
		if err := d.start(); err != nil {
			return err
		}
		if d.array {
			piece[0] = '['
		}
	}
	_, err := d.w.Write(piece)
	return err
}

// Close ends the document. It does not close the writer.
func (d *Document) Close() error {
	if !d.started {
		if !d.always {
			return d.write(d.empty)
		}
		if err := d.start(); err != nil {
			return err
		}
	}
	return d.write(d.foot)
}

func (d *Document) start() error {
	d.started = true
	return d.write(d.head)
}

func (d *Document) write(s string) error {
	if s == "" {
		return nil
	}
	_, err := io.WriteString(d.w, s)
	return err
}
