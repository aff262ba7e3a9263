package sigma

import (
	"iter"
	"slices"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// Most events are sentences that the log has a thousand times, with other
// numbers in them. What is here lets a caller keep what the rules said of one:
// as long as they have looked for texts alone, and none of these texts can
// stand where the two differ, they say the same of the other.

// Texts returns the texts, folded, that decide about the matches of all rules
// as far as Matcher.ByTexts speaks of them: what stands in an event's values
// beside these is nothing to the rules. ok is false where rules look at every
// value, or at values as they are other than those of Begin.
func (s *Set) Texts() (texts iter.Seq[string], ok bool) {
	if s.keywords[AsIs] || s.keywords[Normalized] {
		return nil, false
	}
	for name := range s.fields[AsIs] {
		if !isSystem(name) && s.fields[AsIs][name] < s.detected {
			return nil, false
		}
	}
	return func(yield func(string) bool) {
		for i := range s.literals.texts {
			if !yield(s.literals.texts[i].text) {
				return
			}
		}
		for _, t := range s.tests {
			if !t.byTexts || isSystem(t.source.Field) {
				continue
			}
			for text := range textsOf(t.source) {
				if !yield(foldString(text)) {
					return
				}
			}
		}
	}, true
}

// textsOf are the texts in the patterns of a test, and those of its expressions.
func textsOf(e *ast.Test) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range e.Values {
			v := &e.Values[i]
			if e.Op == ast.OpRegexp {
				for _, text := range v.Regexp.Texts() {
					if !yield(text) {
						return
					}
				}
			}
			for _, p := range v.Patterns {
				for _, piece := range p {
					if piece.Wildcard == 0 && !yield(piece.Literal) {
						return
					}
				}
			}
		}
	}
}

// asksForTexts reports whether the answer of a test depends on nothing but
// which texts stand in the values of a field, in what order, and whether at
// their start or end; of the fields of Begin, on these. Of a regular expression
// that is so where its texts show that it cannot match, see ast.Regexp.Start.
func asksForTexts(e *ast.Test) bool {
	if isSystem(e.Field) {
		return e.Op != ast.OpFieldRef
	}
	switch e.Op {
	case ast.OpContains, ast.OpStartsWith, ast.OpEndsWith, ast.OpEqual:
	case ast.OpRegexp:
		return e.Part == ast.TimeWhole && !slices.ContainsFunc(e.Values, func(v ast.Value) bool { return v.Kind == ast.Null || v.Regexp == nil })
	default:
		return false
	}
	return e.Part == ast.TimeWhole && !slices.ContainsFunc(e.Values, func(v ast.Value) bool {
		return v.Kind == ast.Null || isNumber(e, &v) || hasPlaceholder(&v) || slices.ContainsFunc(v.Patterns, func(p ast.Pattern) bool {
			return slices.ContainsFunc(p, func(piece ast.Piece) bool { return piece.Wildcard == '?' })
		})
	})
}

// ByTexts reports whether what Match has returned was decided by the values of
// Begin and by Set.Texts alone. Who knows by that what matches the next event
// need not Add its values: Hits wants those that sequences look at, and no Match.
func (m *Matcher) ByTexts() bool { return m.byTexts }

// Serves reports whether a correlation looks at the matches of a rule: if none
// does, Hits has nothing to say of them.
func (s *Set) Serves(r *Rule) bool { return len(s.serves[r]) > 0 }
