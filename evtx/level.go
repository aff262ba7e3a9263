package evtx

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// A Level is how severe an event is (winmeta.xml of the Windows SDK). Providers
// may have levels of their own from 16 on.
type Level uint8

// The levels that all providers share.
const (
	LevelLogAlways   Level = 0 // logged whatever the level asked for; Event Viewer shows it as information
	LevelCritical    Level = 1
	LevelError       Level = 2
	LevelWarning     Level = 3
	LevelInformation Level = 4
	LevelVerbose     Level = 5
)

// String returns the level's name in Event Viewer in English, which for 0 is
// that of information; of one that has none, its number.
func (l Level) String() string {
	switch l {
	case LevelCritical:
		return "Critical"
	case LevelError:
		return "Error"
	case LevelWarning:
		return "Warning"
	case LevelLogAlways, LevelInformation:
		return "Information"
	case LevelVerbose:
		return "Verbose"
	}
	return strconv.Itoa(int(l))
}

// Keywords is a bit mask that says what an event is about. The lower 48 bits are
// the provider's own.
type Keywords uint64

// The keywords that all providers share (winmeta.xml of the Windows SDK).
const (
	KeywordResponseTime    Keywords = 0x0001_0000_0000_0000
	KeywordWDIContext      Keywords = 0x0002_0000_0000_0000
	KeywordWDIDiagnostic   Keywords = 0x0004_0000_0000_0000
	KeywordSQM             Keywords = 0x0008_0000_0000_0000
	KeywordAuditFailure    Keywords = 0x0010_0000_0000_0000
	KeywordAuditSuccess    Keywords = 0x0020_0000_0000_0000
	KeywordCorrelationHint Keywords = 0x0040_0000_0000_0000
	KeywordClassic         Keywords = 0x0080_0000_0000_0000 // of an event by the API from before Windows Vista
)

// Has reports whether all of wanted are set.
func (k Keywords) Has(wanted Keywords) bool { return k&wanted == wanted }

// Names returns the names that Event Viewer shows in English for the keywords
// that all providers share, from the lowest bit on.
func (k Keywords) Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, known := range [...]struct {
			keyword Keywords
			name    string
		}{
			{KeywordResponseTime, "Response Time"}, {KeywordWDIContext, "WDI Context"}, {KeywordWDIDiagnostic, "WDI Diag"},
			{KeywordSQM, "SQM"}, {KeywordAuditFailure, "Audit Failure"}, {KeywordAuditSuccess, "Audit Success"},
			{KeywordCorrelationHint, "Correlation Hint"}, {KeywordClassic, "Classic"},
		} {
			if k.Has(known.keyword) && !yield(known.name) {
				return
			}
		}
	}
}

// String returns the names, with commas between, and behind them in hexadecimal
// the bits that have none; "0x0" if there is nothing.
func (k Keywords) String() string {
	const shared = 0x00ff_0000_0000_0000
	parts := slices.Collect(k.Names())
	if rest := k &^ shared; rest != 0 || k == 0 {
		parts = append(parts, string(appendHex(nil, uint64(rest))))
	}
	return strings.Join(parts, ", ")
}
