package evtx

import (
	"context"
	"io"
	"iter"
	"time"
)

// Reader reads the records of one event log. Fields may be set before the first use.
type Reader struct {
	// CodePage decodes AnsiString values; nil is Windows-1252.
	CodePage CodePage
	// Recover also yields the stale records found in the unused space of chunks (Record.Recovered).
	Recover bool
}

// A CodePage appends src, decoded to UTF-8, to dst.
type CodePage func(dst, src []byte) []byte

func Open(name string) (*Reader, error)                    { panic("stub") }
func NewReader(r io.ReaderAt, size int64) (*Reader, error) { panic("stub") }
func NewStreamReader(r io.Reader) (*Reader, error)         { panic("stub") }
func (r *Reader) Close() error                             { panic("stub") }

// Size is the log's size in bytes, -1 for a stream.
func (r *Reader) Size() int64 { panic("stub") }

// Records: a *Record is valid until the next step. Errors are *FormatError, or the error of the underlying reader (which ends the sequence).
func (r *Reader) Records() iter.Seq2[*Record, error] { panic("stub") }

// Scanner: a parallel walk over a log, in order. Visit runs on worker goroutines, for each record and each error,
// in file order within a chunk; a T belongs to one goroutine at a time. Flush gets the Ts in file order, never two at once;
// it takes what Visit gathered and empties the T for reuse. When Visit answers full, the T is flushed before the next record
// (that is what bounds memory). pos is how many bytes of the log are done.
type Scanner[T any] struct {
	Threads int // 0: all cores
	New     func() T
	Visit   func(t T, rec *Record, err error) (full bool)
	Flush   func(t T, pos int64) error
}

// Run reads all of r. It ends with the first error of Flush, of the underlying reader, or ctx.
func (s Scanner[T]) Run(ctx context.Context, r *Reader) error { panic("stub") }

type Record struct{}

func (r *Record) HeaderID() uint64       { panic("stub") }
func (r *Record) Written() time.Time     { panic("stub") }
func (r *Record) Chunk() int             { panic("stub") }
func (r *Record) Offset() int64          { panic("stub") }
func (r *Record) Recovered() bool        { panic("stub") }
func (r *Record) Provider() string       { panic("stub") }
func (r *Record) Channel() string        { panic("stub") }
func (r *Record) Computer() string       { panic("stub") }
func (r *Record) EventID() uint16        { panic("stub") }
func (r *Record) Level() uint8           { panic("stub") }
func (r *Record) TimeCreated() time.Time { panic("stub") } // UTC, 100 ns; zero time if absent
func (r *Record) EventRecordID() uint64  { panic("stub") }

// Value is any other field of System: Null type if absent.
func (r *Record) Value(f Field) Value { panic("stub") }

type Field uint8

const (
	FieldProviderName Field = iota
	FieldProviderGUID
	FieldEventSourceName
	FieldEventID
	FieldQualifiers
	FieldVersion
	FieldLevel
	FieldTask
	FieldOpcode
	FieldKeywords
	FieldTimeCreated
	FieldEventRecordID
	FieldActivityID
	FieldRelatedActivityID
	FieldProcessID
	FieldThreadID
	FieldChannel
	FieldComputer
	FieldUserID
)

// Value is one value, valid as long as its Record.
type Value struct{}

func (v Value) AppendText(dst []byte) []byte { panic("stub") } // UTF-8, as Windows renders it
func (v Value) String() string               { panic("stub") }
func (v Value) IsNull() bool                 { panic("stub") }
func (v Value) Uint() (uint64, bool)         { panic("stub") }

// Data is one value of EventData, UserData or RenderingInfo: an array gives one Data an item.
type Data struct {
	Name  string // Name attribute; for UserData the element's name; "" if unnamed
	Value Value
}

func (r *Record) AppendData(dst []Data) []Data { panic("stub") }

// AppendMessage appends the event's text: the message of RenderingInfo if the log has it, otherwise the data strings joined by "\n".
func (r *Record) AppendMessage(dst []byte) []byte { panic("stub") }

// AppendJSON appends one line {"Event":{…}} without the line end.
func (r *Record) AppendJSON(dst []byte) ([]byte, error) { panic("stub") }

// AppendXML appends <Event …>…</Event> on one line.
func (r *Record) AppendXML(dst []byte) ([]byte, error) { panic("stub") }

// Selection says which events are wanted; the zero value wants all.
type Selection struct {
	Since, Until time.Time // TimeCreated, both inclusive; zero: open
	IDs          []IDRange // event ids
	Levels       []uint8   // 0 counts as 4 (information)
	Providers    []string  // exact, case-insensitive; likewise below
	Channels     []string
	Computers    []string
	Contains     []string // all must occur in the event's data, case-insensitive
}

// IDRange is From..To, both inclusive.
type IDRange struct{ From, To uint16 }

// Filter returns a compiled Selection, for one goroutine.
func (s *Selection) Filter() *Filter { panic("stub") }

type Filter struct{}

// Match decides on the binary values; nothing is rendered.
func (f *Filter) Match(rec *Record) bool { panic("stub") }
