package report

import (
	"bytes"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/evtx"
)

// textRenderer writes a block of lines an event, nothing cut.
type textRenderer struct {
	style   Style
	message []byte
	joined  []byte
	value   []byte
	data    []evtx.Data
}

func (t *textRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	const textTime = "2006-01-02 15:04:05.0000000 UTC"
	field := func(name string, column int, color string) {
		t.value = appendColumn(t.value[:0], column, rec, textTime)
		dst = append(dst, name...)
		dst = append(dst, color...)
		dst, _ = appendLine(dst, t.value, 0)
		if color != "" {
			dst = append(dst, colorOff...)
		}
		dst = append(dst, '\n')
	}
	color := ""
	if t.style.Color {
		color = levelColor(rec.Level())
	}
	field("time:      ", timeColumn, "")
	field("level:     ", levelColumn, color)
	field("id:        ", idColumn, "")
	field("provider:  ", providerColumn, "")
	field("channel:   ", channelColumn, "")
	field("computer:  ", computerColumn, "")
	field("record:    ", recordColumn, "")
	if t.style.Recovered {
		field("recovered: ", recoveredColumn, "")
	}
	return append(t.appendBody(dst, rec), '\n'), nil
}

// appendBody appends the message, and the values by name where they have
// names. A message that consists of just these values is not shown twice.
func (t *textRenderer) appendBody(dst []byte, rec *evtx.Record) []byte {
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
