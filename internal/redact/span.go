package redact

import (
	"cmp"
	"slices"
)

// A span is a part of a text that goes.
type span struct {
	from, to int
	start    int // of the whole match
	order    int // of the rule: the lower, the more particular
	rule     *Rule
	begin    int    // of the match in the view
	next     int    // its end there
	level    int    // of the view
	closed   bool   // in quotation marks
	kind     Kind   // empty for a secret
	own      string // the text itself, without escapes
	with     string // what comes in its place
}

// hull brings together what a rule found of the same thing in several views.
// A shallower view may see the escape of an opening quotation mark as all of
// it, and a deeper one may end at a mark that was escaped: the former is
// dropped, else what both found goes. What a view shows to stand between
// quotation marks, deeper ones cannot know better.
func hull(spans []span) []span {
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.from, b.from)) })
	out := spans[:0]
	first := 0 // of out, of the same start
	for _, s := range spans {
		if first < len(out) && out[first].start != s.start {
			first = len(out)
		}
		joined := false
		for i := first; i < len(out); i++ {
			o := &out[i]
			if o.rule != s.rule {
				continue
			}
			switch {
			case o.closed && o.level < s.level: // s takes an escape for the closing mark's
			case s.closed && s.level < o.level:
				*o = s
			case o.to <= s.from && s.from-o.to <= 1: // o is the mark in front of s
				*o = s
			case s.to <= o.from || o.to < s.from:
				continue
			default:
				o.from, o.to = min(o.from, s.from), max(o.to, s.to)
			}
			joined = true
			break
		}
		if !joined {
			out = append(out, s)
		}
	}
	return out
}

// disjoint sorts the spans and joins those that overlap, under the name of the
// more particular rule.
func disjoint(spans []span) []span {
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := spans[:0]
	for _, s := range spans {
		if len(out) == 0 || out[len(out)-1].to <= s.from {
			out = append(out, s)
			continue
		}
		last := &out[len(out)-1]
		last.to = max(last.to, s.to)
		if s.order < last.order {
			last.order, last.rule = s.order, s.rule
		}
	}
	return out
}

// replace puts the spans' replacements into the text. The spans are disjoint and sorted.
func replace(text string, spans []span) string {
	var out []byte
	at := 0
	for _, s := range spans {
		out = append(out, text[at:s.from]...)
		out = append(out, s.with...)
		at = s.to
	}
	return string(append(out, text[at:]...))
}
