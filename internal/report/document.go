package report

import "io"

// A frame is what a format has around its pieces.
type frame struct {
	head   string
	always bool // the head and the foot come even if nothing stands between them
	foot   string
	empty  string // the whole document if nothing is in it
	array  bool   // the first character of the first piece is a comma, which becomes the bracket of an array
}

// Document puts rendered pieces together: what comes before the first, between two, and after the last.
type Document struct {
	frame
	w       io.Writer
	started bool
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
