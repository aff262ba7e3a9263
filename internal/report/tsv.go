package report

import "bytes"

// tsvFormat has a tab between values and a line feed behind each event, and
// neither in a value, as text/tab-separated-values of IANA wants it: they are
// written \t, \n and \r there, and a backslash \\, as databases read and write
// it (COPY of PostgreSQL, LOAD DATA of MySQL).
func tsvFormat() textFormat {
	d := &delimited{between: "\t", end: "\n", value: appendTSV}
	f := d.format(TSV)
	f.escape = appendTabbed
	return f
}

func appendTSV(dst, value []byte) []byte {
	if !bytes.ContainsAny(value, "\t\n\r\\") {
		return append(dst, value...)
	}
	for _, b := range value {
		switch b {
		case '\t':
			dst = append(dst, `\t`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\\':
			dst = append(dst, `\\`...)
		default:
			dst = append(dst, b)
		}
	}
	return dst
}

// appendTabbed is appendVisible for text whose tabs are the format's own.
func appendTabbed(dst []byte, r rune) []byte {
	if r == '\t' {
		return append(dst, '\t')
	}
	return appendVisible(dst, r)
}
