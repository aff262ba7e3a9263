package eventtext

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// parseCSV reads rows with a head that names at least two fields of an event, one of them its id, provider, time or level. The
// message is in the column of that name; Event Viewer writes it behind the last column that has a name.
func parseCSV(text []byte, out *events) bool {
	if rest, ok := bytes.CutPrefix(text, []byte("#TYPE")); ok { // of Export-Csv in PowerShell 5
		_, text, _ = bytes.Cut(rest, []byte("\n"))
	}
	if bytes.HasPrefix(text, []byte("sep=")) {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	head, _, _ := bytes.Cut(text, []byte("\n"))
	comma, columns := delimiter(string(head))
	if columns == nil {
		return false
	}
	rows := rowsOf(text, comma)
	if _, err := rows.Read(); err != nil {
		return false
	}
	c := cells{newTimes(column(text, comma, slices.Index(columns, fieldTime)), isEnglish(string(head)))}
	found := false
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return found
		}
		if err != nil && len(row) == 0 {
			continue
		}
		e := &evtx.Event{}
		for i, value := range row {
			switch {
			case i >= len(columns):
				c.set(e, fieldMessage, value)
			case columns[i] == fieldData && strings.HasPrefix(strings.TrimSpace(value), "<"):
				for _, p := range parameters(value) {
					c.set(e, fieldData, p)
				}
			default:
				c.set(e, columns[i], value)
			}
		}
		if len(e.Strings) == 0 && e.Provider == "" {
			continue
		}
		found = true
		if !out.add(e) {
			return true
		}
	}
}

func rowsOf(text []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = comma, true, -1, true
	return r
}

// delimiter finds what separates the columns of a head, and what they hold; nil if it is none.
func delimiter(head string) (rune, []field) {
	if len(head) > 4096 {
		return 0, nil
	}
	for _, comma := range []rune{',', ';', '\t'} {
		r := rowsOf([]byte(head), comma)
		names, err := r.Read()
		if err != nil || len(names) < 2 {
			continue
		}
		var columns []field
		known := map[field]bool{}
		for _, name := range names {
			f := fieldOf(name)
			columns = append(columns, f)
			known[f] = true
		}
		delete(known, noField)
		if len(known) >= 2 && (known[fieldID] || known[fieldProvider] || known[fieldTime] &&
			(known[fieldMessage] || known[fieldLevel] || known[fieldLevelName])) {
			return comma, columns
		}
	}
	return 0, nil
}

// column is a sample of a column's values.
func column(text []byte, comma rune, index int) []string {
	var values []string
	rows := rowsOf(text, comma)
	for range 200 {
		row, err := rows.Read()
		if err == io.EOF || index < 0 {
			return values
		}
		if index < len(row) {
			values = append(values, row[index])
		}
	}
	return values
}

func isEnglish(head string) bool {
	head = strings.ToLower(head)
	return strings.Contains(head, "event id") || strings.Contains(head, "message") || strings.Contains(head, "level,")
}
