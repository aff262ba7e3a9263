package tables

import (
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// cells take the values of a row, each column's in turn: one call for a column, or of a list, list, its items, and end.
type cells interface {
	null()
	time(t time.Time) // null outside of the years that everybody can read
	integer(n int64)
	text(s string)
	value(v evtx.Value) // its text; null for NULL
	message(rec *evtx.Record)
	boolean(b bool)

	list()
	item(s string)
	pair(name string, v evtx.Value) // no name is null
	textPair(name, value string)
	end()
}

// The years that a time may be in: in others, programs that read tables do not know times.
const firstYear, lastYear = 1601, 9999

// readable reports whether everybody can read a time.
func readable(t time.Time) bool { return !t.IsZero() && firstYear <= t.Year() && t.Year() <= lastYear }

// textOr gives a text, null for none.
func textOr(to cells, s string) {
	if s == "" {
		to.null()
	} else {
		to.text(s)
	}
}

// texts gives a list.
func texts(to cells, all []string) {
	to.list()
	for _, s := range all {
		to.item(s)
	}
	to.end()
}
