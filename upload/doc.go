// Package upload takes a support bundle to where support looks for it, and gets
// it back from there. A destination is a container or a blob of Azure, any URL
// that takes one PUT, or a folder: [ParseTarget] understands how one is named,
// and [Open] returns it.
//
// A bundle arrives whole or not at all. An upload in blocks that was interrupted
// goes on where it stopped, in another process as well (see Options.StateDir): the
// id of a block is made of the bundle's checksum and the block's offset, so that a
// block can only ever hold the bytes that belong there.
//
// The other side is not trusted: lists, answers and bundles that come back have
// bounds of size, number and time; a bundle is never longer than it was listed.
//
// No text that leaves this package has a secret in it: not the signature of a
// URL, and not the password of a proxy. Errors are [*Error], which say what to do,
// or what ended the context.
package upload

import (
	"context"
	"io"
	"sync/atomic"
	"time"
)

// A Destination is where bundles go. Its errors are *Error, or those of the
// context: its Err, or the cause of its deadline if it has one of its own.
type Destination interface {
	// Send puts the bundle there as BLOB or REPORTID/NAME, and returns what is
	// there now. Bytes that are there already are not sent again, where the
	// destination can tell. progress may be nil.
	Send(ctx context.Context, b *Bundle, progress *Progress) (*Sent, error)
	// List returns the bundles that are there, the oldest first; for a report
	// ID, in whatever case, those of it alone.
	List(ctx context.Context, reportID string) ([]Stored, error)
	// Fetch writes the content of a bundle that List has returned, from offset
	// 0 on, and returns its size: the one that was listed, if that is known.
	// Checking the sum is for the caller. progress may be nil.
	Fetch(ctx context.Context, s *Stored, w io.WriterAt, progress *Progress) (int64, error)
}

// A Bundle is what is sent.
type Bundle struct {
	ReportID string      // a UUID, without braces
	Name     string      // of the file, without a folder
	Size     int64       // bytes, up to MaxSize
	SHA256   string      // of Data, lower-case hex
	Data     io.ReaderAt // is read more than once, and by several goroutines
	From, To *time.Time  // the window; nil for unknown
	Tool     string      // what made it, with its version: gwlogs 1.0.0
}

// MaxSize is how many bytes a bundle may have.
const MaxSize = 64 << 30

// Blob is the name of the bundle below its destination.
func (b *Bundle) Blob() string { return b.ReportID + "/" + b.Name }

// Stored is a bundle at its destination. What the destination does not know is empty.
type Stored struct {
	Blob     string     `json:"blob"` // name below the destination
	ReportID string     `json:"report_id"`
	Time     time.Time  `json:"time"`  // when it arrived
	Size     int64      `json:"bytes"` // -1 for unknown
	SHA256   string     `json:"sha256"`
	From     *time.Time `json:"from"`
	To       *time.Time `json:"to"`
	Tool     string     `json:"tool"`
	ETag     string     `json:"etag"`
}

// Sent is a bundle that has arrived.
type Sent struct {
	Stored
	Already bool  // it had been there before
	Resumed int64 // bytes that an earlier run had sent
}

// Progress is how far a transfer is. It may be read at any time.
type Progress struct {
	Done    atomic.Int64 // bytes that are there
	Resumed atomic.Int64 // of them, from an earlier run
}
