package report

import (
	"bytes"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// csvRenderer writes RFC 4180. Values are data and stay as they are, also one
// that a spreadsheet would take for a formula: whoever opens the file in one
// must import the columns as text.
type csvRenderer struct {
	recovered bool
	value     []byte
}

func csvHeader(recovered bool) string {
	names := []string{"time", "level", "id", "provider", "channel", "computer", "record"}
	if recovered {
		names = append(names, "recovered")
	}
	return strings.Join(append(names, "message"), ",") + "\r\n"
}

func (c *csvRenderer) Append(dst []byte, rec *evtx.Record) ([]byte, error) {
	for i := timeColumn; i <= messageColumn; i++ {
		if i == recoveredColumn && !c.recovered {
			continue
		}
		c.value = appendColumn(c.value[:0], i, rec, fullTime)
		dst = appendCSV(dst, c.value)
		if i != messageColumn {
			dst = append(dst, ',')
		}
	}
	return append(dst, '\r', '\n'), nil
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
