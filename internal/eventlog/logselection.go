package eventlog

import (
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// selection is what is selected of the log, which may be less than of others: see Only. Or more: the times of a selection are
// nothing to a text that has none, for who names it beside logs wants it looked at.
func (l *Log) selection(want *evtx.Selection) *evtx.Selection {
	if len(l.only) == 0 && (want == nil || !l.timeless) {
		return want
	}
	own := evtx.Selection{}
	if want != nil {
		own = *want
	}
	if l.timeless {
		own.Since, own.Until = time.Time{}, time.Time{}
	}
	if len(l.only) > 0 {
		own.Any = l.only
	}
	return &own
}

// Found reports whether the log was found in a folder that was typed, and was not named itself.
func (l *Log) Found() bool { return l.found }

// Only has no events of the log selected but those that one of these wants. They take the place of [evtx.Selection.Any].
func (l *Log) Only(one ...evtx.Selection) { l.only = slices.Clone(one) }

// IsPart reports whether there may be more in the log than what can be selected of it.
func (l *Log) IsPart() bool { return len(l.only) > 0 }
