package report

import "bytes"

// csvFormat is RFC 4180. Values are data and stay as they are, also one that a
// spreadsheet would take for a formula: whoever opens the file in one must
// import the columns as text.
func csvFormat() textFormat {
	d := &delimited{between: ",", end: "\r\n", value: appendCSV}
	return d.format(CSV)
}

// appendCSV appends one value, in quotation marks where it needs them.
func appendCSV(dst, value []byte) []byte {
	if !bytes.ContainsAny(value, ",\"\r\n") {
		return append(dst, value...)
	}
	dst = append(dst, '"')
	for _, b := range value {
		if b == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, b)
	}
	return append(dst, '"')
}
