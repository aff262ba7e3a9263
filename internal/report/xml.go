package report

import "github.com/gwlogs/gwlogs/evtx"

// What Event Viewer writes around events that it saves as XML.
const (
	xmlHead = `<?xml version="1.0" encoding="utf-8" standalone="yes"?>` + "\n<Events>\n"
	xmlFoot = "</Events>\n"
)

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
