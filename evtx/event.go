package evtx

import "time"

// An Event is an event made in Go, for Writer.WriteEvent. The zero value of a
// field leaves it out where the schema lets it be absent.
type Event struct {
	Provider        string
	ProviderGUID    GUID
	EventSourceName string

	EventID       uint16
	Qualifiers    uint16 // upper half of a classic event's identifier
	Version       uint8
	Level         uint8
	Task          uint16
	Opcode        uint8
	Keywords      uint64
	TimeCreated   time.Time
	EventRecordID uint64 // 0: the Writer counts
	ActivityID    GUID
	RelatedID     GUID
	ProcessID     uint32
	ThreadID      uint32
	Channel       string
	Computer      string
	UserID        string // S-1-5-18

	// What the event says: the strings of a classic event, which may have
	// binary data besides; or named data; or elements of its own.
	Strings  []string
	Binary   []byte
	Data     []Data
	UserData *Element
}

// A GUID is the 16 bytes of a GUID as a log stores them.
type GUID [16]byte

// An Element is an element of UserData.
type Element struct {
	Name       string
	Attributes []Attribute
	Text       string // in front of the children
	Children   []Element
}

// An Attribute is an attribute of an Element.
type Attribute struct{ Name, Value string }
