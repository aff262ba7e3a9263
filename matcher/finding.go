package matcher

import (
	"time"
)

// Findings are what a diagnosis came to.
type Findings struct {
	Findings  []Finding // worst first
	Endpoints []Endpoint
	ReportIDs []ReportID
	Unmatched []Group // errors that no signature explains, by shape
}

// A Finding is a known problem that was found.
type Finding struct {
	Signature   *Signature
	Count       int
	First, Last time.Time
	Captures    []Captured
	Evidence    []Evidence // the last of them, in the order of the logs

	// Explained are other problems found in the same logs that tell why.
	Explained []*Signature
}

// Captured is what was pulled out of a finding's events, without repetition.
type Captured struct {
	Name   string
	Values []string
}

// Evidence is an event that shows a problem.
type Evidence struct {
	Source   string
	Channel  string
	Computer string
	RecordID uint64
	EventID  uint16
	Level    uint8
	Time     time.Time
	Message  string // the event's text, cut to maxMessage bytes
	Cause    string // the innermost message in it, on one line
}

// maxMessage is how much of an event's text evidence keeps, in bytes: more
// than Windows lets a classic event have in one string (31,839 characters),
// unless all of them are foreign.
const maxMessage = 64 << 10

// An Endpoint is an address that the gateway was not allowed to reach.
type Endpoint struct {
	Address     string // IPv6 without brackets
	Port        int
	Count       int // events
	First, Last time.Time
}

// A ReportID is the trace of logs that were sent to support.
type ReportID struct {
	ID       string
	Time     time.Time
	Computer string
	Channel  string
	RecordID uint64
	Source   string
	Sent     string // when and where a bundle was sent, in words; empty for one in a log
}
