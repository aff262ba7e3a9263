package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/internal/tables"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// EndpointFormats lists the formats of a list of addresses.
func EndpointFormats() []Format { return RowFormats() }

// WriteEndpoints writes addresses for the people who run the firewall, in one
// of EndpointFormats.
func WriteEndpoints(out io.Writer, f Format, s Style, lang string, all []matcher.Endpoint) error {
	w, zone := words.In(lang), s.zoneName()
	width := max(len(tableTime), len([]rune(w.Say("diagnosis.column-first", "zone", zone))))
	r, err := newRows(out, f, s, []column{
		{title: w.Say("diagnosis.column-address"), least: 15, best: 24},
		{title: w.Say("diagnosis.column-port"), least: 5, best: 5, right: true},
		{title: w.Say("diagnosis.column-times"), least: 5, best: 5, right: true, spare: 1},
		{title: w.Say("diagnosis.column-first", "zone", zone), least: width, best: width, spare: 3},
		{title: w.Say("diagnosis.column-last", "zone", zone), least: width, best: width},
		{title: w.Say("diagnosis.column-computers"), least: 10, best: 24, spare: 2},
		{title: w.Say("diagnosis.column-problem"), least: 20, best: 60, spare: 4},
	}, []string{"address", "port", "count", "first", "last", "computers", "problems"}, tables.Endpoints())
	if err != nil {
		return err
	}
	for i := range all {
		if err := r.add(endpointRow(w, s, &all[i])); err != nil {
			return err
		}
	}
	return r.doc.Close()
}

// portText is the port of an address; nothing if it is not known.
func portText(e *matcher.Endpoint) string {
	if e.Port == 0 {
		return ""
	}
	return strconv.Itoa(e.Port)
}

func endpointRow(w *words.Words, s Style, e *matcher.Endpoint) *row {
	var titles, names []string
	for _, known := range e.Signatures {
		titles, names = append(titles, known.In(w.Lang()).Title), append(names, known.Name)
	}
	port, computers := portText(e), strings.Join(e.Computers, " ")
	one := &row{
		cells: []string{
			e.Address, port, words.Thousands(e.Count), s.short(e.First), s.short(e.Last), strings.Join(e.Computers,
				", "), strings.Join(titles, "; "),
		},
		values: []string{
			e.Address, port, strconv.Itoa(e.Count), s.full(e.First), s.full(e.Last),
			computers, strings.Join(names, " "),
		},
		object: newJSONEndpoint(e),
		value:  e,
	}
	for i, name := range []string{"address", "port", "count", "first", "last", "computers", "problems"} {
		one.lines = append(one.lines, [2]string{name, one.cells[i]})
	}
	return one
}
