package evtx

import (
	"encoding/binary"
	"strings"
	"time"
)

// An Event is an event that belongs to nobody: made in Go, or a copy of a record
// (Record.Event), for Writer.WriteEvent. A field left zero is left out where the
// event schema lets it be absent.
type Event struct {
	Provider        string
	ProviderGUID    GUID
	EventSourceName string

	EventID           uint16
	Qualifiers        uint16 // upper half of a classic event's identifier
	Version           uint8
	Level             Level
	Task              uint16
	Opcode            uint8
	Keywords          Keywords  // of classic events, Windows sets KeywordClassic
	TimeCreated       time.Time // kept to 100 ns
	EventRecordID     uint64    // 0: the number of the record in the log written
	ActivityID        GUID
	RelatedActivityID GUID
	ProcessID         uint32
	ThreadID          uint32
	Channel           string
	Computer          string
	UserID            string // a SID as text: S-1-5-18

	// What the event says: the strings of a classic event, with binary data
	// or without; or named data, in the types of their Values; or an element
	// of its own. Of several that are set, the last in this order counts.
	Strings  []string
	Binary   []byte
	Data     []Data
	UserData *Element

	source *eventSource // of a copy of a record
}

// An Element is an element of UserData.
type Element struct {
	Name       string
	Attributes []Attribute
	Text       string // in front of the children
	Children   []Element
}

// An Attribute is an attribute of an Element.
type Attribute struct{ Name, Value string }

const eventNamespace = "http://schemas.microsoft.com/win/2004/08/events/event"

// The values of an event's template, in the order that Windows uses for
// classic events.
const (
	holeLevel = iota
	holeOpcode
	holeTask
	holeEventID
	holeQualifiers
	holeKeywords
	holeTime
	holeActivity
	holeProcess
	holeThread
	holeRecordID
	holeVersion
	holeUser
	holeRelated = 18
	holeContent = 19
	eventHoles  = 20
)

// instance returns e as a template instance.
func (e *Event) instance(id uint64) (body, error) {
	vals := make([]encodedValue, eventHoles)
	set := func(hole int, t ValueType, raw []byte) { vals[hole] = encodedValue{typ: t, raw: raw} }
	le := binary.LittleEndian
	set(holeLevel, TypeUint8, []byte{byte(e.Level)})
	set(holeOpcode, TypeUint8, []byte{e.Opcode})
	set(holeTask, TypeUint16, le.AppendUint16(nil, e.Task))
	set(holeEventID, TypeUint16, le.AppendUint16(nil, e.EventID))
	set(holeQualifiers, TypeUint16, le.AppendUint16(nil, e.Qualifiers))
	set(holeKeywords, TypeHexInt64, le.AppendUint64(nil, uint64(e.Keywords)))
	set(holeTime, TypeFileTime, le.AppendUint64(nil, toFileTime(e.TimeCreated)))
	set(holeRecordID, TypeUint64, le.AppendUint64(nil, id))
	set(holeVersion, TypeUint8, []byte{e.Version})
	if e.ActivityID != (GUID{}) {
		set(holeActivity, TypeGUID, e.ActivityID[:])
	}
	if e.RelatedActivityID != (GUID{}) {
		set(holeRelated, TypeGUID, e.RelatedActivityID[:])
	}
	if e.modern() {
		set(holeProcess, TypeUint32, le.AppendUint32(nil, e.ProcessID))
		set(holeThread, TypeUint32, le.AppendUint32(nil, e.ThreadID))
	}
	if e.UserID != "" {
		sid, err := parseSID(e.UserID)
		if err != nil {
			return body{}, err
		}
		set(holeUser, TypeSID, sid)
	}
	vals[holeContent] = e.content()
	return body{in: &encodedInstance{e.template(), vals}}, nil
}

// modern reports whether the event has more than events had before Windows 10.
func (e *Event) modern() bool {
	return e.Version != 0 || e.Opcode != 0 || e.ProcessID != 0 || e.ThreadID != 0 ||
		e.ActivityID != (GUID{}) || e.RelatedActivityID != (GUID{}) || e.ProviderGUID != (GUID{})
}

// classic reports whether the event has unnamed strings, and so qualifiers.
func (e *Event) classic() bool { return e.UserData == nil && len(e.Data) == 0 }

// template builds the event's outer template: names of provider, channel and
// computer are constant text in it.
func (e *Event) template() *writtenTemplate {
	b := newTreeBuilder()
	b.element("Event", []attr{{"xmlns", b.text(eventNamespace)}}, func() {
		b.element("System", nil, func() {
			provider := []attr{{"Name", b.text(e.Provider)}}
			if e.ProviderGUID != (GUID{}) {
				provider = append(provider, attr{"Guid", b.text(string(appendGUID(nil, e.ProviderGUID[:])))})
			}
			if e.EventSourceName != "" {
				provider = append(provider, attr{"EventSourceName", b.text(e.EventSourceName)})
			}
			b.void("Provider", provider)
			var qualifiers []attr
			if e.classic() {
				qualifiers = []attr{{"Qualifiers", b.hole(holeQualifiers, TypeUint16, true)}}
			}
			b.element("EventID", qualifiers, b.hole(holeEventID, TypeUint16, true))
			if e.modern() {
				b.element("Version", nil, b.hole(holeVersion, TypeUint8, true))
			}
			b.element("Level", nil, b.hole(holeLevel, TypeUint8, true))
			b.element("Task", nil, b.hole(holeTask, TypeUint16, true))
			if e.modern() {
				b.element("Opcode", nil, b.hole(holeOpcode, TypeUint8, true))
			}
			b.element("Keywords", nil, b.hole(holeKeywords, TypeHexInt64, true))
			b.void("TimeCreated", []attr{{"SystemTime", b.hole(holeTime, TypeFileTime, true)}})
			b.element("EventRecordID", nil, b.hole(holeRecordID, TypeUint64, true))
			if e.modern() {
				b.void("Correlation", []attr{
					{"ActivityID", b.hole(holeActivity, TypeGUID, true)},
					{"RelatedActivityID", b.hole(holeRelated, TypeGUID, true)},
				})
				b.void("Execution", []attr{
					{"ProcessID", b.hole(holeProcess, TypeUint32, true)},
					{"ThreadID", b.hole(holeThread, TypeUint32, true)},
				})
			}
			b.element("Channel", nil, b.text(e.Channel))
			b.element("Computer", nil, b.text(e.Computer))
			b.void("Security", []attr{{"UserID", b.hole(holeUser, TypeSID, true)}})
		})
		b.hole(holeContent, TypeBinXML, true)()
	})
	return b.template()
}

// content returns the value that holds what the event says.
func (e *Event) content() encodedValue {
	b := newTreeBuilder()
	switch {
	case e.UserData != nil:
		b.element("UserData", nil, func() { b.copy(e.UserData) })
		t, from := b.tree()
		return encodedValue{typ: TypeBinXML, tree: t, from: from}
	case len(e.Data) > 0:
		vals := make([]encodedValue, len(e.Data))
		b.element("EventData", nil, func() {
			for i, d := range e.Data {
				vals[i] = encodedValue{typ: d.Value.Type, raw: d.Value.Raw}
				var name []attr
				if d.Name != "" {
					name = []attr{{"Name", b.text(d.Name)}}
				}
				b.element("Data", name, b.hole(i, d.Value.Type, false))
			}
		})
		return encodedValue{typ: TypeBinXML, sub: &encodedInstance{b.template(), vals}}
	}
	var vals [3]encodedValue
	if len(e.Strings) > 0 {
		vals[0].typ = TypeString | TypeArray
		for _, s := range e.Strings {
			vals[0].raw = append(encodeUTF16(vals[0].raw, strings.ReplaceAll(s, "\x00", "\ufffd")), 0, 0)
		}
	}
	vals[1] = encodedValue{typ: TypeUint32, raw: binary.LittleEndian.AppendUint32(nil, uint32(len(e.Binary)))}
	if len(e.Binary) > 0 {
		vals[2] = encodedValue{typ: TypeBinary, raw: e.Binary}
	}
	b.element("EventData", nil, func() {
		b.element("Data", nil, b.hole(0, TypeString|TypeArray, true))
		b.element("Binary", nil, b.hole(2, TypeBinary, true))
	})
	return encodedValue{typ: TypeBinXML, sub: &encodedInstance{b.template(), vals[:]}}
}
