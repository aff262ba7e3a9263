package evtx

import "time"

// A Record is one event. It is valid until the sequence that gave it goes on;
// what its methods return in memory of the Record (Value, Data) likewise.
type Record struct {
	d          *decoder
	headerID   uint64
	written    uint64
	off        int // in the chunk
	size       int
	recovered  bool
	incomplete bool

	// Where the event's fields and data are: in the template and vals, or,
	// of a bound record, in its tree.
	fields *fieldRefs
	data   []dataRef
	vals   []value
	tree   *tree // of a bound record
}

// HeaderID returns the identifier in the record's header (section "Event
// record"). Saving a log on Windows counts these anew from 1; the event's own
// is EventRecordID.
func (r *Record) HeaderID() uint64 { return r.headerID }

// Written returns the time in the record's header, in UTC. It is not that of
// the event (TimeCreated) and is zero FILETIME, 1601-01-01, in many saved logs.
func (r *Record) Written() time.Time { return fileTime(r.written) }

// Chunk returns the index of the 64 KiB slot that holds the record, from 0.
func (r *Record) Chunk() int { return r.d.chunk.index }

// Offset returns where in the file the record starts, in bytes.
func (r *Record) Offset() int64 { return r.d.chunk.offset(r.off) }

// Size returns the record's size in bytes, header and trailer included.
func (r *Record) Size() int { return r.size }

// Recovered reports whether the record was found in the unused space of its
// chunk: it is no longer, or never was, part of this log.
func (r *Record) Recovered() bool { return r.recovered }

// Incomplete reports whether the template of a recovered record could not be
// found: fields of System that are part of it are absent, and what the event
// says has no names.
func (r *Record) Incomplete() bool { return r.incomplete }

// Value returns a field of System. An absent one is of TypeNull; one that the
// template holds as text, of TypeString.
func (r *Record) Value(f Field) Value { return r.d.renderer.resolve(&r.fields[f], r.vals) }

// number returns an integer field, 0 if it is absent or no number. Selection
// lives on it, hence the short way to the common types.
func (r *Record) number(f Field) uint64 {
	if ref := &r.fields[f]; ref.kind == refHole {
		v := r.vals[ref.hole]
		switch v.typ() {
		case TypeUint8, TypeUint16, TypeUint32, TypeUint64:
			return rawUint(r.d.chunk.buf[v.off():v.end()])
		}
	}
	n, _ := r.Value(f).Uint()
	return n
}

// string returns a text field in UTF-8, as a rule without allocating.
func (r *Record) string(f Field) string {
	ref := &r.fields[f]
	if ref.kind == refText {
		return ref.str
	}
	switch v := r.Value(f); v.Type {
	case TypeNull:
		return ""
	case TypeString:
		return r.d.names.interned.intern(trimString(v.Raw))
	default:
		return v.String()
	}
}

// Provider returns the name of the event's provider ("source" in Event Viewer).
func (r *Record) Provider() string { return r.string(FieldProviderName) }

// Channel returns the name of the log that the event was written to.
func (r *Record) Channel() string { return r.string(FieldChannel) }

// Computer returns the name of the computer that wrote the event.
func (r *Record) Computer() string { return r.string(FieldComputer) }

// EventID returns the event's identifier, without qualifiers.
func (r *Record) EventID() uint16 { return uint16(r.number(FieldEventID)) }

// Qualifiers returns the upper half of a classic event's identifier.
func (r *Record) Qualifiers() uint16 { return uint16(r.number(FieldQualifiers)) }

// Version returns the version of the event's definition.
func (r *Record) Version() uint8 { return uint8(r.number(FieldVersion)) }

// Level returns the event's level.
func (r *Record) Level() Level { return Level(r.number(FieldLevel)) }

// Task returns the event's task ("category" of a classic event).
func (r *Record) Task() uint16 { return uint16(r.number(FieldTask)) }

// Opcode returns the event's opcode.
func (r *Record) Opcode() uint8 { return uint8(r.number(FieldOpcode)) }

// Keywords returns the event's keywords, a bit mask.
func (r *Record) Keywords() Keywords { return Keywords(r.number(FieldKeywords)) }

// ProviderGUID returns the provider's GUID; the zero GUID if the event does not say.
func (r *Record) ProviderGUID() GUID { return r.guid(FieldProviderGUID) }

// ActivityID returns the activity that the event is part of; the zero GUID if
// there is none. Events of one activity have the same.
func (r *Record) ActivityID() GUID { return r.guid(FieldActivityID) }

// RelatedActivityID returns the activity that control was handed to or came
// from; the zero GUID if there is none.
func (r *Record) RelatedActivityID() GUID { return r.guid(FieldRelatedActivityID) }

// UserID returns the security identifier of the user in whose name the event was
// written, as text (S-1-5-18); empty if the event does not say.
func (r *Record) UserID() string { return r.string(FieldUserID) }

func (r *Record) guid(f Field) GUID {
	g, _ := r.Value(f).GUID()
	return g
}

// EventRecordID returns the number of the event in the log it was written to.
func (r *Record) EventRecordID() uint64 { return r.number(FieldEventRecordID) }

// ProcessID returns the identifier of the process that wrote the event.
func (r *Record) ProcessID() uint32 { return uint32(r.number(FieldProcessID)) }

// ThreadID returns the identifier of the thread that wrote the event.
func (r *Record) ThreadID() uint32 { return uint32(r.number(FieldThreadID)) }

// TimeCreated returns when the event was written, in UTC and exact to 100 ns;
// the zero Time if the event does not say.
func (r *Record) TimeCreated() time.Time {
	t, _ := r.Value(FieldTimeCreated).Time()
	return t
}

// ticks returns TimeCreated as a FILETIME.
func (r *Record) ticks() (uint64, bool) {
	if ref := &r.fields[FieldTimeCreated]; ref.kind == refHole {
		if v := r.vals[ref.hole]; v.typ() == TypeFileTime && v.size() == 8 {
			return u64(r.d.chunk.buf[:], v.off()), true
		}
	}
	t, ok := r.Value(FieldTimeCreated).Time()
	return toFileTime(t), ok
}

// values makes Values of windows into the chunk.
type values struct {
	buf      *[chunkSize]byte
	codePage CodePage
}

// resolve returns the value behind a ref.
func (vs *values) resolve(r *ref, vals []value) Value {
	switch r.kind {
	case refHole:
		return vs.value(vals[r.hole])
	case refText:
		return Value{TypeString, r.text, nil}
	case refValue:
		return vs.value(r.val)
	}
	return Value{}
}

// value returns the Value in a window of the chunk. A typed value with
// nothing in it is NULL, unless it is a text.
func (vs *values) value(v value) Value {
	t := v.typ()
	if t == TypeNull || v.size() == 0 && !isText(t) && t&TypeArray == 0 {
		return Value{}
	}
	return Value{t, vs.buf[v.off():v.end()], vs.codePage}
}
