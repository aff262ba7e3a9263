package report

import (
	"time"

	"github.com/gwlogs/gwlogs/matcher"
)

// A Page is what the report page shows: a single file of HTML for a browser,
// which loads nothing and runs nothing but its own script.
type Page struct {
	Diagnosis *Diagnosis // with its language
	ReportID  string     // of the bundle; empty outside of one

	Timeline Timeline
	Groups   []PageGroup // errors and warnings by what they say, the most frequent first
	More     int         // events of groups that were left out

	Redaction    *PageRedaction // nil outside of a bundle
	NotRead      []PageNotRead  // sources that could not be read
	NotInspected []string       // what redaction could not look into
}

// A PageGroup is events that say the same but for names and numbers, and the
// last of them in full.
type PageGroup struct {
	matcher.Group
	Problem string // title of the known problem it belongs to; empty for none
	Message string // text of the example, with its lines
	XML     string // the example, whole
}

// PageRedaction says what was taken out of the logs.
type PageRedaction struct {
	Mode  string // secrets, identities or none
	Rules []PageRule
}

// PageRule counts what one rule took out.
type PageRule struct {
	Rule  string
	Count int
}

// PageNotRead is a source that could not be read.
type PageNotRead struct{ Source, Error string }

// A Timeline counts events over time.
type Timeline struct {
	From, To time.Time
	Step     time.Duration // of a bucket
	Buckets  []TimelineBucket
}

// TimelineBucket is the time from From + i×Step on, i being its index.
type TimelineBucket struct {
	Errors   int // critical ones too
	Warnings int
	Other    int // 0 in all three: nothing was logged, a gap
}
