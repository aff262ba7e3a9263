// Package reportid knows the form of a report ID: a UUID.
package reportid

import (
	"strings"

	"github.com/google/uuid"
)

// digits of a UUID with its hyphens
const size = 36

// Valid reports whether a text is a UUID as gwlogs writes it, with hyphens and without braces, in any case.
func Valid(text string) bool { return len(text) == size && uuid.Validate(text) == nil }

// Parse reads what a person typed or pasted, which may have braces, and returns it as gwlogs writes it: in lower case,
// without them.
func Parse(text string) (id string, ok bool) {
	bare := text
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		if bare, ok = strings.CutSuffix(inner, "}"); !ok {
			return "", false
		}
	}
	return strings.ToLower(bare), Valid(bare)
}
