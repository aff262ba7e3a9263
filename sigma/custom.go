package sigma

import "go.yaml.in/yaml/v3"

// custom is the fields of a rule that the specification does not know.
type custom map[string]*yaml.Node

// Custom decodes a field that the specification does not know into v, as
// package yaml does, and reports whether the rule has it. The error is an
// *Error with the place.
func (r *Rule) Custom(field string, v any) (bool, error) { panic("to come") }

// CustomFields returns the names of such fields, sorted.
func (r *Rule) CustomFields() []string { panic("to come") }
