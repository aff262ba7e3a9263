package eventtext

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// parseJSON reads JSON values one after the other: events of Get-WinEvent, Log Analytics and gwlogs, and what activities and
// pipelines say. Every object that has a message is an event, however deep it lies, and also where it lies as text in a string.
// What is cut off is read as far as it goes; the rest is for those who read plain text.
func parseJSON(text []byte, out *events) bool {
	start := bytes.TrimSpace(text)
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(start))
	d.UseNumber()
	var all []any
	for {
		var v any
		err := d.Decode(&v)
		if err == io.EOF {
			break
		}
		if err != nil {
			return false // nothing was handed out yet: the text is read as it is
		}
		all = append(all, v)
	}
	w := jsonWalk{out: out, cells: cells{newTimes(nil, true)}}
	for _, v := range all {
		w.value(v, maxDepth)
	}
	if !w.found { // JSON that says nothing we know by name: its strings do
		var b strings.Builder
		for _, v := range all {
			appendStrings(&b, v, maxDepth)
		}
		out.text(b.String(), 0)
	}
	return true
}

// jsonWalk looks for events in JSON.
type jsonWalk struct {
	out   *events
	cells cells
	found bool
	said  map[string]bool // messages that were handed out: an outer object repeats those of an inner one
}

// value looks at a value and what is in it; it reports whether a message was in it.
func (w *jsonWalk) value(v any, depth int) bool {
	if depth == 0 {
		return false
	}
	any_ := false
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			any_ = w.value(item, depth-1) || any_
		}
	case map[string]any:
		return w.object(v, depth)
	case string:
		if inner, ok := nested(v); ok {
			return w.value(inner, depth-1)
		}
	}
	return any_
}

// nested is the JSON that a string holds.
func nested(text string) (any, bool) {
	text = strings.TrimSpace(text)
	if len(text) < 2 || text[0] != '{' && text[0] != '[' {
		return nil, false
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err == nil
}

func (w *jsonWalk) object(o map[string]any, depth int) bool {
	if e, ok := w.native(o); ok {
		w.hand(e)
		return true
	}
	if w.table(o) {
		return true
	}
	if e, ok := w.event(o); ok {
		w.hand(e)
		return true
	}
	message := message(o)
	inner, isJSON := nested(message)
	found := false
	if isJSON {
		found = w.value(inner, depth-1)
	}
	if message != "" && !isJSON {
		found = w.failure(o, message) || found
	}
	for _, key := range sortedKeys(o) {
		if isJSON && isMessageKey(key) {
			continue
		}
		found = w.value(o[key], depth-1) || found
	}
	return found
}

// failure hands out the message of an activity, with its code, type and target.
func (w *jsonWalk) failure(o map[string]any, message string) bool {
	code := first(o, "errorCode", "code", "ErrorCode", "Code", "status", "statusCode")
	if !w.failed(o, message, code) {
		return false
	}
	text := clean(message)
	if w.said[text] {
		return true
	}
	if w.said == nil {
		w.said = make(map[string]bool)
	}
	if len(w.said) < maxValues {
		w.said[text] = true
	}
	strs := []string{text}
	if code != "" && !strings.Contains(text, code) {
		strs[0] = "ErrorCode=" + code + ": " + text
	}
	at := w.cells.times.parse(first(o, "activityRunEnd", "runEnd", "end", "timestamp", "time", "activityRunStart", "start"))
	w.hand(&evtx.Event{Level: 2, TimeCreated: at, Strings: strs, Computer: first(o, "nodeName", "gatewayName")})
	return true
}

// failed reports whether an object's message is that of an error; success has empty ones, and settings have texts called message.
func (w *jsonWalk) failed(o map[string]any, message, code string) bool {
	for _, key := range []string{"failureType", "error", "errors", "errorCode", "code", "ErrorCode", "Code", "target",
		"errorMessage", "exception"} {
		if _, ok := o[key]; ok {
			return true
		}
	}
	return len(strings.Fields(message)) > 1 || code != ""
}

func (w *jsonWalk) hand(e *evtx.Event) {
	w.found = true
	w.out.add(e)
}

var messageKeys = []string{"message", "Message", "errorMessage", "ErrorMessage", "error_message", "error", "errorDetails",
	"details", "detail", "exceptionMessage", "statusMessage"}

func isMessageKey(key string) bool {
	for _, k := range messageKeys {
		if k == key {
			return true
		}
	}
	return false
}

// message is what an object says.
func message(o map[string]any) string { return first(o, messageKeys...) }

// first is the first of the keys that has a text or a number.
func first(o map[string]any, keys ...string) string {
	for _, key := range keys {
		switch v := o[key].(type) {
		case string:
			if strings.TrimSpace(v) != "" {
				return v
			}
		case json.Number:
			return v.String()
		}
	}
	return ""
}

// event reads an object with the fields of an event, as Get-WinEvent and Log Analytics have them.
func (w *jsonWalk) event(o map[string]any) (*evtx.Event, bool) {
	e := &evtx.Event{}
	known := map[field]bool{}
	for _, key := range sortedKeys(o) {
		f := fieldOf(key)
		if f == noField {
			continue
		}
		value, ok := o[key].(string)
		switch v := o[key].(type) {
		case json.Number:
			value, ok = v.String(), true
		case map[string]any: // a date of PowerShell: {"value": "/Date(…)/", "DateTime": …}
			value = first(v, "value", "DateTime")
			ok = f == fieldTime
		}
		if !ok || value == "" {
			continue
		}
		if f == fieldData && strings.HasPrefix(strings.TrimSpace(value), "<") {
			value = strings.Join(parameters(value), "\n")
		}
		known[f] = true
		w.cells.set(e, f, value)
	}
	return e, known[fieldMessage] && (known[fieldProvider] || known[fieldChannel]) && (known[fieldID] || known[fieldTime])
}

// table reads what the query API of Log Analytics gives: {"columns": [{"name": …}], "rows": [[…]]}.
func (w *jsonWalk) table(o map[string]any) bool {
	columns, _ := o["columns"].([]any)
	rows, _ := o["rows"].([]any)
	if len(columns) == 0 || rows == nil {
		return false
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		if c, ok := c.(map[string]any); ok {
			names[i] = first(c, "name", "ColumnName")
		}
	}
	found := false
	for _, row := range rows {
		values, _ := row.([]any)
		object := make(map[string]any, len(names))
		for i := range min(len(values), len(names)) {
			object[names[i]] = values[i]
		}
		found = w.object(object, 8) || found
	}
	return found
}

// native reads an event in the shape of evtx_dump and of gwlogs events: {"Event": {"System": …, "EventData": …}}.
func (w *jsonWalk) native(o map[string]any) (*evtx.Event, bool) {
	event, _ := o["Event"].(map[string]any)
	system, _ := event["System"].(map[string]any)
	if system == nil {
		return nil, false
	}
	e := &evtx.Event{Channel: first(system, "Channel"), Computer: first(system, "Computer")}
	attribute := func(element, name string) string {
		in, _ := system[element].(map[string]any)
		attributes, _ := in["#attributes"].(map[string]any)
		return first(attributes, name)
	}
	e.Provider = attribute("Provider", "Name")
	e.TimeCreated = w.cells.times.parse(attribute("TimeCreated", "SystemTime"))
	id := first(system, "EventID")
	if in, ok := system["EventID"].(map[string]any); ok {
		id = first(in, "#text")
	}
	w.cells.set(e, fieldID, id)
	w.cells.set(e, fieldLevel, first(system, "Level"))
	w.cells.set(e, fieldRecord, first(system, "EventRecordID"))
	for _, part := range []string{"EventData", "UserData"} {
		addNamed(e, "Data", event[part], 8)
	}
	return e, true
}

// addNamed adds the values of EventData with their names.
func addNamed(e *evtx.Event, name string, v any, depth int) {
	if depth == 0 || len(e.Data) >= maxValues {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			under := key
			if key == "#text" {
				under = name
			}
			if key != "#attributes" {
				addNamed(e, under, v[key], depth-1)
			}
		}
	case []any:
		for _, item := range v {
			addNamed(e, name, item, depth-1)
		}
	case string:
		e.Data = append(e.Data, evtx.Data{Name: name, Value: evtx.StringValue(v)})
	case json.Number:
		e.Data = append(e.Data, evtx.Data{Name: name, Value: evtx.StringValue(v.String())})
	case bool:
		e.Data = append(e.Data, evtx.Data{Name: name, Value: evtx.StringValue(strconv.FormatBool(v))})
	}
}

// appendStrings puts all strings of a value under each other.
func appendStrings(b *strings.Builder, v any, depth int) {
	if depth == 0 || b.Len() > 1<<20 {
		return
	}
	switch v := v.(type) {
	case string:
		b.WriteString(v)
		b.WriteByte('\n')
	case []any:
		for _, item := range v {
			appendStrings(b, item, depth-1)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			b.WriteString(key)
			b.WriteString(": ")
			appendStrings(b, v[key], depth-1)
		}
	case json.Number:
		b.WriteString(v.String())
		b.WriteByte('\n')
	}
}
