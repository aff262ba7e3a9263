package eventtext

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// parseXML reads events as Event Viewer and wevtutil export them: <Events> around <Event>, or one <Event> after the other. One
// that is cut, or not well formed, does not end it: the next begins with its own mark.
func parseXML(text []byte, out *events) bool {
	start := bytes.TrimSpace(text)
	if !bytes.HasPrefix(start, []byte("<")) || !eventStart(start[:min(len(start), 4096)]) {
		return false
	}
	found := false
	for {
		i := nextEvent(text)
		if i < 0 {
			return found
		}
		text = text[i:]
		end := len(text)
		if j := bytes.Index(text, []byte("</Event>")); j >= 0 {
			end = j + len("</Event>")
		}
		e, ok := xmlEvent(text[:end])
		if !ok { // not lost: what it says may still be read
			e = &evtx.Event{Strings: []string{clean(string(text[:end]))}}
		}
		found = true
		if !out.add(e) {
			return true
		}
		text = text[end:]
	}
}

func eventStart(text []byte) bool { return nextEvent(text) >= 0 }

// nextEvent is where the next element Event begins.
func nextEvent(text []byte) int {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("<Event"))
		if i < 0 {
			return -1
		}
		at += i + len("<Event")
		if at < len(text) && (text[at] == ' ' || text[at] == '>' || text[at] == '\n') {
			return at - len("<Event")
		}
	}
}

// maxDepth bounds how deep elements lie in each other, maxValues how many values an event keeps.
const (
	maxDepth  = 64
	maxValues = 1000
)

// xmlEvent reads one element Event.
func xmlEvent(text []byte) (*evtx.Event, bool) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	e := &evtx.Event{}
	c := cells{newTimes(nil, true)}
	var path []string
	var names []string // of Data
	var values, message []string
	var chars strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			if len(path) > maxDepth {
				return nil, false
			}
			chars.Reset()
			c.attributes(e, t, &names)
		case xml.CharData:
			chars.Write(t)
		case xml.EndElement:
			if len(path) == 0 {
				return nil, false
			}
			value := chars.String()
			chars.Reset()
			switch {
			case inside(path, "System"):
				c.set(e, fieldOf(t.Name.Local), value)
			case inside(path, "RenderingInfo") && t.Name.Local == "Message":
				message = append(message, value)
			case (inside(path, "EventData") || inside(path, "UserData")) && strings.TrimSpace(value) != "" && len(values) < maxValues:
				values = append(values, value)
				for len(names) < len(values)-1 {
					names = append(names, "")
				}
				if len(names) < len(values) {
					names = append(names, t.Name.Local)
				}
			}
			path = path[:len(path)-1]
		}
	}
	return e, xmlData(e, names, values, message)
}

func inside(path []string, element string) bool { return len(path) > 2 && path[1] == element }

// attributes takes what System keeps in attributes.
func (c cells) attributes(e *evtx.Event, t xml.StartElement, names *[]string) {
	for _, a := range t.Attr {
		switch t.Name.Local + " " + a.Name.Local {
		case "Provider Name":
			e.Provider = a.Value
		case "TimeCreated SystemTime":
			e.TimeCreated = c.times.parse(a.Value)
		case "Execution ProcessID":
			n, _ := strconv.ParseUint(a.Value, 10, 32)
			e.ProcessID = uint32(n)
		case "Data Name":
			*names = append(*names, a.Value)
		}
	}
}

// xmlData fills in what the event says; false if there is nothing in it at all.
func xmlData(e *evtx.Event, names, values, message []string) bool {
	named := false
	for i := range values {
		named = named || i < len(names) && names[i] != "" && names[i] != "Data"
	}
	for i, value := range values {
		if !named {
			e.Strings = append(e.Strings, value)
			continue
		}
		e.Data = append(e.Data, evtx.Data{Name: names[i], Value: evtx.StringValue(value)})
	}
	for _, m := range message {
		switch {
		case named:
			e.Data = append(e.Data, evtx.Data{Name: "Message", Value: evtx.StringValue(m)})
		case len(e.Strings) == 0 || !strings.Contains(m, e.Strings[0]):
			e.Strings = append(e.Strings, m)
		case len(e.Strings) == 1:
			e.Strings[0] = m // the rendered text has the value in it
		}
	}
	return e.Provider != "" || len(values)+len(message) > 0
}

// parameters are the values of ParameterXml and EventData of Log Analytics: <DataItem …><Data>…</Data>, <Param>…</Param>.
func parameters(text string) []string {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	var values []string
	for len(values) < maxValues {
		token, err := d.Token()
		if err == io.EOF || err != nil {
			return values
		}
		if chars, ok := token.(xml.CharData); ok && len(bytes.TrimSpace(chars)) > 0 {
			values = append(values, string(chars))
		}
	}
	return values
}
