package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/tables"
)

// Visible shows what a terminal would act on: text for a terminal from a source that is not ours.
func Visible(s string) string {
	return string(escapeAll(nil, []byte(s), appendVisible))
}

// VisibleLines is Visible for a text of several lines.
func VisibleLines(s string) string {
	return string(escapeLines(nil, []byte(s), appendVisible))
}

// unsafe says whether a terminal would do something else with r than show it.
func unsafe(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0x9f: // controls: C0, DEL, C1
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, // direction marks
		0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, // direction overrides and isolates
		r == 0x2028, r == 0x2029, // line and paragraph separators
		r == 0xfeff,
		0xfff9 <= r && r <= 0xfffb,
		0xe0000 <= r && r <= 0xe007f: // tags: text that cannot be seen
		return true
	}
	return false
}

// escapeAll appends src to dst, the unsafe characters escaped.
func escapeAll(dst, src []byte, escape func([]byte, rune) []byte) []byte {
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		switch {
		case r == utf8.RuneError && n == 1:
			dst = utf8.AppendRune(dst, r)
		case unsafe(r):
			dst = escape(dst, r)
		default:
			dst = append(dst, src[:n]...)
		}
		src = src[n:]
	}
	return dst
}

// appendVisible writes r as in a Go or C string: \x1b, \u202e.
func appendVisible(dst []byte, r rune) []byte {
	switch {
	case r < 0x100:
		return fmt.Appendf(dst, `\x%02x`, r)
	case r < 0x10000:
		return fmt.Appendf(dst, `\u%04x`, r)
	}
	return fmt.Appendf(dst, `\U%08x`, r)
}

// appendJSONEscape writes r so that the JSON still means the same.
func appendJSONEscape(dst []byte, r rune) []byte {
	if r < 0x10000 {
		return fmt.Appendf(dst, `\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Appendf(dst, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
}

// appendXMLReference likewise for XML.
func appendXMLReference(dst []byte, r rune) []byte { return fmt.Appendf(dst, "&#x%x;", r) }

// terminalRenderer makes a format that carries text as it is safe for a terminal.
type terminalRenderer struct {
	inner  Renderer
	escape func([]byte, rune) []byte
	buf    []byte
}

func (t *terminalRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	var err error
	if t.buf, err = t.inner.Append(t.buf[:0], rec); err != nil {
		return dst, err
	}
	return escapeLines(dst, t.buf, t.escape), nil
}

func (t *terminalRenderer) From(o tables.Origin) {
	if inner, ok := t.inner.(Sourced); ok {
		inner.From(o)
	}
}

// escapeLines keeps the line ends, which are the format's own; JSON and XML have no others.
func escapeLines(dst, src []byte, escape func([]byte, rune) []byte) []byte {
	return escapeAll(dst, src, func(dst []byte, r rune) []byte {
		if r == '\n' || r == '\r' {
			return append(dst, byte(r))
		}
		return escape(dst, r)
	})
}

// oneLine is a text on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
