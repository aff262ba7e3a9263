package evtx

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotEventLog is wrapped by the error of Open, NewReader and NewStreamReader
// when the input holds neither a file header nor a chunk of an event log.
var ErrNotEventLog = errors.New("not a Windows event log (.evtx)")

// ErrNotSeekable is returned by a Scanner that is to go backward through a
// stream.
var ErrNotSeekable = errors.New("a stream cannot be read backward")

// Damage is a kind of damage, for programs that decide on it. There may be more
// of them one day.
type Damage uint8

const (
	DamageOther      Damage = iota
	DamageFileHeader        // the file header: the chunks are read all the same
	DamageTruncated         // the file ends before it should
	DamageNoChunk           // bytes that are no chunk where one should be: nothing of it can be read
	DamageChunk             // what a chunk says of itself is impossible: it is read without that
	DamageChecksum          // a chunk's checksum is wrong: its records are read one by one
	DamageRecord            // a record that cannot be read; at least one is lost
	DamageTorn              // a record that was being written when the machine stopped: it is no event
	DamageName              // a name that many records share is damaged: see Reason for what became of it
	DamageAbsent            // a chunk has fewer records than it counts
	DamageStructure         // what Check finds besides: nothing is lost by it, but a Writer leaves no log so
)

// String returns the kind in one or two words.
func (d Damage) String() string {
	switch d {
	case DamageFileHeader:
		return "file header"
	case DamageTruncated:
		return "truncated"
	case DamageNoChunk:
		return "no chunk"
	case DamageChunk:
		return "chunk"
	case DamageChecksum:
		return "checksum"
	case DamageRecord:
		return "record"
	case DamageTorn:
		return "torn record"
	case DamageName:
		return "name"
	case DamageAbsent:
		return "absent records"
	case DamageStructure:
		return "structure"
	}
	return "other"
}

// A FormatError says what is wrong with a log and where. Reading goes on
// behind it: it is delivered in the sequence of records.
type FormatError struct {
	Offset   int64  // of the damage, in bytes from the start of the file
	Chunk    int    // index of the 64 KiB slot, from 0; -1 for the file header
	RecordID uint64 // identifier in the record's header; 0 if no record is concerned
	Kind     Damage
	Reason   string // for people: lower case, no full stop
}

// Error names chunk, offset and record: "chunk 3 at 0x31000: record 4711: reason".
func (e *FormatError) Error() string {
	var b strings.Builder
	if e.Chunk < 0 {
		fmt.Fprintf(&b, "file header at 0x%x: ", e.Offset)
	} else {
		fmt.Fprintf(&b, "chunk %d at 0x%x: ", e.Chunk, e.Offset)
	}
	if e.RecordID != 0 {
		fmt.Fprintf(&b, "record %d: ", e.RecordID)
	}
	b.WriteString(e.Reason)
	return b.String()
}
