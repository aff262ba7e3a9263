package sigma

import (
	"errors"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// custom is the fields of a rule that the specification does not know.
type custom map[string]*yaml.Node

// Custom decodes a field that the specification does not know into v, as
// package yaml does, and reports whether the rule has it. The error is an
// *Error with the place.
func (r *Rule) Custom(field string, v any) (bool, error) {
	n := r.custom[field]
	if n == nil {
		return false, nil
	}
	if err := n.Decode(v); err != nil {
		var types *yaml.TypeError
		reason := err.Error()
		if errors.As(err, &types) && len(types.Errors) > 0 {
			reason = types.Errors[0]
		}
		return true, &Error{File: r.File, Pos: at(n), Reason: field + ": " + oneLine(reason)}
	}
	return true, nil
}

// CustomFields returns the names of such fields, sorted.
func (r *Rule) CustomFields() []string { return slices.Sorted(maps.Keys(r.custom)) }
