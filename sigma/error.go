package sigma

import "fmt"

// An Error is something wrong with a rule, and where.
type Error struct {
	File   string
	Pos    Pos
	Reason string
	Line   string // the line of the file, if it is known
}

// Error says it in one line: file:line:column: reason.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Pos.Line, e.Pos.Column, e.Reason)
}

// Excerpt returns the line of the file with a mark below the place, two lines
// without a newline at the end; empty if the line is not known.
func (e *Error) Excerpt() string { panic("to come") }
