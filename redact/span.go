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
	next     int    // its end in the view
	kind     Kind   // empty for a secret
	own      string // the text itself, without escapes
	with     string // what comes in its place
}

// hull brings together what a rule found of the same thing in several views.
// A shallower view may see the escape of an opening quotation mark as all of
// it, and a deeper one may end at a mark that was escaped: the former is
// dropped, else what both found goes.
func hull(spans []span) []span {
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.from, b.from)) })
	out := spans[:0]
	for _, s := range spans {
		joined := false
		for i := range out {
			o := &out[i]
			if o.start != s.start || o.rule != s.rule {
				continue
			}
			switch {
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
