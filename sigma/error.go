package sigma

import (
	"fmt"
	"strings"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// An Error is something wrong with a rule, and where.
type Error struct {
	File   string
	Pos    ast.Pos
	Reason string
	Line   string // the line of the file, if it is known
}

// Error says it in one line: file:line:column: reason.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Pos.Line, e.Pos.Column, e.Reason)
}

// Excerpt returns the line of the file with a mark below the place, two lines
// without a newline at the end; empty if the line is not known.
func (e *Error) Excerpt() string {
	if e.Line == "" {
		return ""
	}
	mark := []rune(e.Line)
	mark = mark[:min(max(0, e.Pos.Column-1), len(mark))]
	for i, r := range mark {
		if r != '\t' {
			mark[i] = ' '
		}
	}
	return strings.TrimRight(e.Line, " ") + "\n" + string(mark) + "^"
}
