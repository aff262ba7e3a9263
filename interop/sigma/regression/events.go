package main

import (
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
)

// matches counts which rules match in a log, and its events.
func matches(set *sigma.Set, name string) (map[string]int, int, error) {
	r, err := evtx.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	e := &events{matcher: set.Matcher()}
	found := make(map[string]int)
	n := 0
	for rec, err := range r.Records() {
		if err != nil {
			continue
		}
		n++
		for _, rule := range e.match(rec) {
			found[rule.ID]++
		}
	}
	return found, n, nil
}

// events gives records to a matcher, with the names that Sigma rules use.
type events struct {
	matcher *sigma.Matcher
	data    []evtx.Data
	text    []byte
	ends    []int
}

func (e *events) match(rec *evtx.Record) []*sigma.Rule {
	channel, id := rec.Channel(), rec.EventID()
	if !e.matcher.Begin(channel, rec.Provider(), id) {
		return nil
	}
	e.text, e.ends = e.text[:0], e.ends[:0]
	e.data = append(rec.AppendData(e.data[:0]),
		evtx.Data{Name: "Computer", Value: rec.Value(evtx.FieldComputer)},
		evtx.Data{Name: "Level", Value: rec.Value(evtx.FieldLevel)},
		evtx.Data{Name: "Task", Value: rec.Value(evtx.FieldTask)},
		evtx.Data{Name: "Keywords", Value: rec.Value(evtx.FieldKeywords)},
	)
	for _, d := range e.data {
		e.text = d.Value.AppendText(e.text)
		e.ends = append(e.ends, len(e.text))
	}
	from := 0
	for i, d := range e.data {
		value := e.text[from:e.ends[i]:e.ends[i]]
		from = e.ends[i]
		e.matcher.Add(d.Name, value)
		if other := sysmonName(channel, id, d.Name); other != "" {
			e.matcher.Add(other, value)
		}
	}
	return e.matcher.Match()
}

// sysmonName is what the rules of a category call a field of the Security log:
// they are written for Sysmon. Rules write the names of Defender's without spaces.
func sysmonName(channel string, id uint16, field string) string {
	if strings.Contains(field, " ") {
		return strings.ReplaceAll(field, " ", "")
	}
	if channel != "Security" {
		return ""
	}
	switch id {
	case 4688:
		switch field {
		case "NewProcessName":
			return "Image"
		case "ParentProcessName":
			return "ParentImage"
		case "SubjectUserName":
			return "User"
		}
	case 4657:
		switch field {
		case "ObjectName":
			return "TargetObject"
		case "NewValue":
			return "Details"
		case "ProcessName":
			return "Image"
		}
	case 5156:
		switch field {
		case "Application":
			return "Image"
		case "DestAddress":
			return "DestinationIp"
		case "DestPort":
			return "DestinationPort"
		}
	}
	return ""
}
