package report

import (
	"bytes"
	"encoding/json"

	"github.com/gwlogs/gwlogs/evtx"
)

// jsonLinesFormat is one object a line.
func jsonLinesFormat() textFormat {
	return textFormat{
		format: JSONLines,
		events: func(Style) Renderer { return jsonLinesRenderer{} },
		frame:  func(header) frame { return frame{} },
		row: func(dst []byte, _ *layout, r *row) ([]byte, error) {
			dst, err := appendMarshalled(dst, r.object)
			return append(dst, '\n'), err
		},
		escape: appendJSONEscape,
	}
}

// jsonFormat is an array of the same objects.
func jsonFormat() textFormat {
	return textFormat{
		format: JSON,
		events: func(Style) Renderer { return jsonRenderer{} },
		frame:  func(header) frame { return frame{array: true, foot: "\n]\n", empty: "[]\n"} },
		row: func(dst []byte, _ *layout, r *row) ([]byte, error) {
			return appendMarshalled(append(dst, ',', '\n'), r.object)
		},
		escape: appendJSONEscape,
	}
}

// jsonLinesRenderer writes one object a line.
type jsonLinesRenderer struct{}

func (jsonLinesRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	start := len(dst)
	dst, err := appendObject(dst, rec)
	if err != nil {
		return dst[:start], err
	}
	return append(dst, '\n'), nil
}

// jsonRenderer writes each object with the separator before it; the Document
// turns the first comma into the array's bracket.
type jsonRenderer struct{}

func (jsonRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	start := len(dst)
	dst, err := appendObject(append(dst, ',', '\n'), rec)
	if err != nil {
		return dst[:start], err
	}
	return dst, nil
}

// appendObject appends {"Event":{…}}; a recovered event says so in a key of its own.
func appendObject(dst []byte, rec *evtx.Record) ([]byte, error) {
	dst, err := rec.AppendJSON(dst)
	if err == nil && rec.Recovered() && dst[len(dst)-1] == '}' {
		dst = append(dst[:len(dst)-1], `,"Recovered":true}`...)
	}
	return dst, err
}

// appendMarshalled appends a value on one line.
func appendMarshalled(dst []byte, v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...), err
}
