//go:build !js

package report

import "github.com/gwlogs/gwlogs/internal/check"

// A Page is what the report page shows: a single file of HTML for a browser,
// which loads nothing and runs nothing but its own script.
type Page struct {
	Diagnosis *Diagnosis // with its language, and Detail
	ReportID  string     // of the bundle; empty outside of one

	Check *check.Report // what was tried on the machine of the gateway; nil if nothing was

	Redaction    *PageRedaction // nil outside of a bundle
	NotRead      []PageNotRead  // sources that could not be read
	NotInspected []string       // what redaction could not look into
}

// PageRedaction says what was taken out of the logs.
type PageRedaction struct {
	Mode  string // secrets, identities or none
	Rules []PageRule

	Suspects []PageRule // what was left, and looks like a secret
}

// PageRule counts what one rule took out.
type PageRule struct {
	Rule  string
	Count int
	Where []string // the files of the bundle
}

// PageNotRead is a source that could not be read.
type PageNotRead struct{ Source, Error string }
