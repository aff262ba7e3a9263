package report

import "github.com/gwlogs/gwlogs/evtx"

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
