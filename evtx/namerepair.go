package evtx

import (
	"fmt"
	"math/bits"
	"slices"
)

// One wrong bit in a name takes all records of a chunk that use it. But a name
// is stored with its hash and length, its characters are mostly ASCII, and
// most names are used by every log or by other chunks of the same one. So
// where the hash does not fit, the name is what all of that leaves, if it is
// one thing; otherwise the element keeps its place under a name that says so.

// A repair is what was done about damage that many records of a chunk share.
type repair struct {
	off  int // in the chunk
	what string

	// Of a name: what it was read as, and the bytes that it takes.
	name string
	size int
}

// maxRepairs bounds the damaged names of a chunk that are thought about.
const maxRepairs = 64

// repair decides on the name at off, whose hash does not fit.
func (t *nameTable) repair(off int) (name string, size int, ok bool) {
	for i := range t.repairs {
		if r := &t.repairs[i]; r.off == off && r.name != "" {
			return r.name, r.size, true
		}
	}
	if t.tried >= maxRepairs {
		return "", 0, false
	}
	t.tried++
	s := storedName{t.chunk.buf[:], off}
	names := s.decide(t.library)
	if len(names) == 1 {
		name = names[0]
		size = nameHeader + len(encodeUTF16(nil, name)) + 2
		t.note(repair{off, fmt.Sprintf("a name is damaged: read as %q", name), name, size})
		return name, size, true
	}
	if len(names) == 0 && !s.looksLikeName() {
		return "", 0, false
	}
	name, size = fmt.Sprintf("unreadable-0x%x", off), nameHeader+2*s.units()+2
	t.note(repair{off, fmt.Sprintf("a name is damaged, and nothing says what it was: shown as %q", name), name, size})
	return name, size, true
}

func (t *nameTable) note(r repair) {
	if !slices.ContainsFunc(t.repairs, func(known repair) bool { return known.off == r.off }) {
		t.repairs = append(t.repairs, r)
	}
}

// A storedName is a name in a chunk (section "Name").
type storedName struct {
	buf []byte
	off int
}

func (s storedName) hash() uint16 { return uint16(u16(s.buf, s.off+4)) }
func (s storedName) units() int   { return u16(s.buf, s.off+6) }

// raw returns the first n characters, if there are as many and a NUL follows.
func (s storedName) raw(n int) ([]byte, bool) {
	from := s.off + nameHeader
	to := from + 2*n
	if n == 0 || n > maxNameLength || to+2 > chunkSize || u16(s.buf, to) != 0 {
		return nil, false
	}
	return s.buf[from:to], true
}

// decide returns the name that fits to all but one of what is stored: characters,
// length, hash; if there are several, the one that is known. It returns more
// than one if that does not decide, and none if nothing fits.
func (s storedName) decide(l *library) []string {
	fit := s.candidates()
	if len(fit) == 1 {
		return fit
	}
	if len(fit) == 0 {
		fit = s.similar(wellKnownNames)
	} else if known := intersection(fit, wellKnownNames); len(known) > 0 {
		fit = known
	}
	if len(fit) == 1 || l == nil {
		return fit
	}
	names := l.knownNames()
	if len(fit) == 0 {
		return s.similar(names)
	}
	if known := intersection(fit, names); len(known) > 0 {
		return known
	}
	return fit
}

func intersection(names, known []string) []string {
	var both []string
	for _, name := range names {
		if slices.Contains(known, name) {
			both = append(both, name)
		}
	}
	return both
}

// candidates returns the names that the stored one is with one bit changed:
// in its length, its hash, or its characters. Names in ASCII are preferred.
func (s storedName) candidates() (fit []string) {
	hash := s.hash()
	for bit := 1; bit < 1<<16; bit <<= 1 {
		if raw, ok := s.raw(s.units() ^ bit); ok && isName(raw) && nameHash(raw) == hash {
			fit = append(fit, string(appendUTF8(nil, raw)))
		}
	}
	raw, ok := s.raw(s.units())
	if !ok || wrongUnits(raw) > 1 {
		return fit
	}
	if isName(raw) && bits.OnesCount16(nameHash(raw)^hash) == 1 {
		fit = append(fit, string(appendUTF8(nil, raw)))
	}
	text := slices.Clone(raw)
	for i := range text {
		for bit := range 8 {
			text[i] ^= 1 << bit
			if nameHash(text) == hash && isName(text) {
				fit = append(fit, string(appendUTF8(nil, text)))
			}
			text[i] ^= 1 << bit
		}
	}
	if ascii := slices.DeleteFunc(slices.Clone(fit), func(name string) bool { return !isASCII([]byte(name)) }); len(ascii) > 0 {
		return ascii
	}
	return fit
}

// similar returns the known names with the stored hash and length that differ
// in two characters at most.
func (s storedName) similar(known []string) (fit []string) {
	raw, ok := s.raw(s.units())
	if !ok {
		return nil
	}
	for _, name := range known {
		if len(name) > len(raw) {
			continue
		}
		text := encodeUTF16(nil, name)
		if len(text) != len(raw) || nameHash(text) != s.hash() {
			continue
		}
		wrong := 0
		for i := 0; i < len(raw); i += 2 {
			if raw[i] != text[i] || raw[i+1] != text[i+1] {
				wrong++
			}
		}
		if wrong <= 2 {
			fit = append(fit, name)
		}
	}
	return fit
}

// looksLikeName reports whether a name was stored there once: nearly all of it
// can stand in one, and a NUL follows.
func (s storedName) looksLikeName() bool {
	raw, ok := s.raw(s.units())
	return ok && len(raw) >= 4 && len(raw) <= 512 && wrongUnits(raw) <= max(1, len(raw)/16)
}

// isName reports whether all characters can stand in a name.
func isName(raw []byte) bool { return wrongUnits(raw) == 0 }

func wrongUnits(raw []byte) (wrong int) {
	for i := 0; i < len(raw); i += 2 {
		if !isNameRune(rune(raw[i])|rune(raw[i+1])<<8, i == 0) {
			wrong++
		}
	}
	return wrong
}

// wellKnownNames are those of the event schema, and of what Windows' own
// providers use often.
var wellKnownNames = []string{
	"Event", "xmlns", "System", "Provider", "Name", "Guid", "EventSourceName", "EventID", "Qualifiers", "Version", "Level", "Task",
	"Opcode", "Keywords", "TimeCreated", "SystemTime", "EventRecordID", "Correlation", "ActivityID", "RelatedActivityID", "Execution",
	"ProcessID", "ThreadID", "ProcessorID", "SessionID", "KernelTime", "UserTime", "ProcessorTime", "Channel", "Computer", "Security",
	"UserID", "EventData", "Data", "Binary", "UserData", "DebugData", "BinaryEventData", "ProcessingErrorData", "ErrorCode",
	"DataItemName", "EventPayload", "RenderingInfo", "Culture", "Message", "Keyword", "EventXML", "ComplexData", "Type",
	"SequenceNumber", "LevelName", "OpcodeName", "TaskName", "LogFileCleared", "SubjectUserSid", "SubjectUserName",
	"SubjectDomainName", "SubjectLogonId", "BackupPath", "amp", "lt", "gt", "quot", "apos", "auto-ns2", "auto-ns3", "xmlns:auto-ns2",
	"xmlns:auto-ns3", "xmlns:xsi", "xsi:type", "xml:lang", "Error", "Code", "Param1", "Param2", "Param3", "param1", "param2", "param3",
}
