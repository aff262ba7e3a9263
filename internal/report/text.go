package report

import (
	"bytes"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/evtx"
)

// blockFormat is a block of lines an event, nothing cut.
func blockFormat() textFormat {
	return textFormat{
		format: Text, forPeople: true,
		events: func(s Style) Renderer { return newBlockRenderer(s) },
		frame:  func(header) frame { return frame{} },
		row: func(dst []byte, _ *layout, r *row) ([]byte, error) {
			for _, line := range r.lines {
				dst = appendLabel(dst, line[0])
				dst, _ = appendLine(dst, []byte(line[1]), 0)
				dst = append(dst, '\n')
			}
			return append(dst, '\n'), nil
		},
	}
}

const labelWidth = 11

// appendLabel appends the name that a line begins with.
func appendLabel(dst []byte, name string) []byte {
	dst = append(append(dst, name...), ':')
	return appendSpaces(dst, max(1, labelWidth-1-len(name)))
}

type blockRenderer struct {
	columns []eventColumn
	more    []eventColumn // that are shown if there is anything in them
	color   bool
	message []byte
	joined  []byte
	value   []byte
	data    []evtx.Data
}

func newBlockRenderer(s Style) *blockRenderer {
	columns := usualColumns(s)
	return &blockRenderer{columns: columns[:len(columns)-1], more: systemColumns(), color: s.Color} // the message has lines of its own
}

func (t *blockRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	for i := range t.columns {
		c := &t.columns[i]
		color := ""
		if t.color && c.key == "level" {
			color = levelColor(rec.Level())
		}
		t.value = c.append(t.value[:0], rec, blockTime)
		dst = append(appendLabel(dst, c.key), color...)
		dst, _ = appendLine(dst, t.value, 0)
		if color != "" {
			dst = append(dst, colorOff...)
		}
		dst = append(dst, '\n')
	}
	return append(t.appendBody(t.appendMore(dst, rec), rec), '\n'), nil
}

// appendMore appends the other fields of System that the event has. The 0 that
// most events have in some tells nobody anything.
func (t *blockRenderer) appendMore(dst []byte, rec *evtx.Record) []byte {
	for i := range t.more {
		c := &t.more[i]
		if t.value = c.append(t.value[:0], rec, blockTime); len(t.value) == 0 || string(t.value) == "0" || string(t.value) == "0x0" {
			continue
		}
		dst = appendLabel(dst, c.key)
		dst, _ = appendLine(dst, t.value, 0)
		dst = append(dst, '\n')
	}
	return dst
}

// appendBody appends the message, and the values by name where they have
// names. A message that consists of just these values is not shown twice.
func (t *blockRenderer) appendBody(dst []byte, rec *evtx.Record) []byte {
	t.message = rec.AppendMessage(t.message[:0])
	t.data = rec.AppendData(t.data[:0])
	named := false
	t.joined = t.joined[:0]
	for i, d := range t.data {
		named = named || d.Name != ""
		if i > 0 {
			t.joined = append(t.joined, '\n')
		}
		t.joined = d.Value.AppendText(t.joined)
	}
	if !named || !bytes.Equal(t.message, t.joined) {
		dst = append(dst, "message:\n"...)
		dst = appendIndented(dst, t.message)
	}
	if !named {
		return dst
	}
	dst = append(dst, "data:\n"...)
	for _, d := range t.data {
		t.value = append(append(t.value[:0], d.Name...), ": "...)
		t.value = d.Value.AppendText(t.value)
		dst = appendIndented(dst, t.value)
	}
	return dst
}

// appendIndented appends text with its lines, the ends of which may be LF, CR LF or CR.
func appendIndented(dst, text []byte) []byte {
	const indent = "    "
	text = bytes.TrimRight(text, "\r\n")
	dst = append(dst, indent...)
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == '\r' && len(text) > 1 && text[1] == '\n':
		case r == '\n' || r == '\r':
			dst = append(append(dst, '\n'), indent...)
		case r == '\t' || !unsafe(r):
			dst = utf8.AppendRune(dst, r)
		default:
			dst = appendVisible(dst, r)
		}
		text = text[n:]
	}
	return append(dst, '\n')
}
