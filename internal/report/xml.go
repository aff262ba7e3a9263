package report

import "github.com/gwlogs/gwlogs/evtx"

// xmlFormat is what Event Viewer writes when it saves events as XML.
func xmlFormat() textFormat {
	return textFormat{
		format: XML,
		events: func(Style) Renderer { return xmlRenderer{} },
		frame: func(header) frame {
			return frame{head: `<?xml version="1.0" encoding="utf-8" standalone="yes"?>` + "\n<Events>\n", always: true, foot: "</Events>\n"}
		},
		escape: appendXMLReference,
	}
}

// xmlRenderer writes one event a line; a comment marks a recovered one.
type xmlRenderer struct{}

func (xmlRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	start := len(dst)
	dst, err := rec.AppendXML(dst)
	if err != nil {
		return dst[:start], err
	}
	if rec.Recovered() {
		dst = append(dst, "<!-- recovered -->"...)
	}
	return append(dst, '\n'), nil
}
