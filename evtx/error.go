package evtx

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotEventLog is wrapped by the error of Open, NewReader and NewStreamReader
// when the input holds neither a file header nor a chunk of an event log.
var ErrNotEventLog = errors.New("not a Windows event log (.evtx)")

// A FormatError says what is wrong with a log and where. Reading goes on
// behind it: it is delivered in the sequence of records.
type FormatError struct {
	Offset   int64  // of the damage, in bytes from the start of the file
	Chunk    int    // index of the 64 KiB slot, from 0; -1 for the file header
	RecordID uint64 // identifier in the record's header; 0 if no record is concerned
	Reason   string // lower case, no full stop
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
