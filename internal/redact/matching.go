package redact

import (
	"unicode/utf8"
)

// A window is a part of a text in which a match of a rule may begin and end.
// Those of hits that stand close together are one, so that a text full of
// triggers is looked at once by each rule, not once for each trigger.
type window struct{ from, to int }

// around tries the rules around their hits.
func (r *Redactor) around(found []span, v *view) []span {
	for _, i := range r.everywhere {
		found = r.secrets[i].match(found, v, i, 0, len(v.text))
	}
	if len(r.hits) == 0 {
		return found
	}
	if len(r.done) < len(r.secrets) {
		r.done, r.windows = make([]int, len(r.secrets)), make([]window, len(r.secrets))
	}
	clear(r.done)
	clear(r.windows)
	for _, h := range r.hits {
		none := r.namesWord[h.word] && r.words.around(v.text, h.from).class == noSecret // which no finder takes
		for _, i := range r.byWord[h.word] {
			rule := r.secrets[i]
			switch {
			case rule.find != nil:
				if !none && rule.forms&h.forms != 0 && h.from >= r.done[i] {
					found = r.findAt(found, v, i, h.hit)
				}
			case rule.near == nil || rule.near(r.raw, h.from, h.to):
				found = r.wait(found, v, i, h.from)
			}
		}
	}
	for i, w := range r.windows {
		if w.to > 0 {
			found = r.matchWindow(found, v, i, w)
		}
	}
	return found
}

// wait adds a trigger to the window of a rule, after the rule was tried in the
// one before if that is not near.
func (r *Redactor) wait(found []span, v *view, order, at int) []span {
	rule := r.secrets[order]
	open := &r.windows[order]
	next := window{max(0, at-rule.before), min(len(v.text), at+rule.behind)}
	if rule.start != nil { // it says where the one match begins
		from := rule.start(v.text, at, r.done[order])
		r.done[order] = at
		return r.matchWindow(found, v, order, window{from, len(v.text)})
	}
	if rule.whole {
		next.to = len(v.text)
	}
	if open.to > 0 && next.from <= open.to {
		open.to = max(open.to, next.to)
		return found
	}
	if open.to > 0 {
		found = r.matchWindow(found, v, order, *open)
	}
	*open = next
	return found
}

func (r *Redactor) matchWindow(found []span, v *view, order int, w window) []span {
	if r.secrets[order].start == nil { // one with a start ends where it does not match
		r.steps += w.to - w.from
	}
	return r.secrets[order].matchIn(found, v, order, w)
}

// findAt appends what a finder finds at a hit.
func (r *Redactor) findAt(found []span, v *view, order int, at hit) []span {
	rule := r.secrets[order]
	r.found = rule.find(r.found[:0], v.text, at)
	r.steps += maxLooked
	for _, m := range r.found {
		from, to := m.from, m.to
		closed := inQuotes(v.text, from, to)
		if !closed {
			to -= escapeEnd(v.text[from:to], v.text[to:])
		}
		if from < to && !marked(v.text[from:to]) {
			found = append(found, span{from: v.at(from), to: v.at(to), start: v.at(m.start), order: order, rule: rule, own: v.text[from:to], level: v.level, closed: closed})
			r.done[order] = max(r.done[order], to)
		}
	}
	return found
}

// matchIn tries the rule in a window. A match that comes near its end is tried
// again with more of the text.
func (r *Rule) matchIn(found []span, v *view, order int, w window) []span {
	for w.from > 0 && !utf8.RuneStart(v.text[w.from]) {
		w.from--
	}
	for size := r.behind; ; size *= 8 {
		for w.to < len(v.text) && !utf8.RuneStart(v.text[w.to]) {
			w.to++
		}
		before := len(found)
		found = r.match(found, v, order, w.from, w.to)
		if w.to == len(v.text) || r.value != nil { // which sees all of the text
			return found
		}
		cut := before
		for cut < len(found) && found[cut].next+48 < w.to {
			cut++
		}
		if cut == len(found) {
			return found
		}
		w.from = found[cut].begin
		found = found[:cut]
		w.to = min(len(v.text), w.to+size)
	}
}

// match appends what the rule finds in a view. The search goes on behind what
// goes, not behind the match: its end may begin the next.
func (r *Rule) match(found []span, v *view, order, pos, end int) []span {
	text := v.text[:end]
	for pos < len(text) {
		m := r.pattern.FindStringSubmatchIndex(text[pos:])
		if m == nil {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += pos
			}
		}
		next := m[1]
		seen, parts := text, r.parts
		if r.value != nil {
			if end < len(v.text) && m[1]+8 > end {
				break // a later hit sees the end of the name
			}
			from, to := r.value(v.text, m)
			seen, m, parts = v.text, []int{m[0], m[1], from, to}, []part{{group: 1}}
			next = max(next, to)
		}
		if (r.value == nil || m[2] < m[3]) && r.accepts(seen, m) {
			for _, p := range parts {
				from, to := m[2*p.group], m[2*p.group+1]
				if from >= 0 && p.kind == "" {
					to -= escapeEnd(seen[from:to], seen[to:])
				}
				if from < 0 || from >= to || marked(seen[from:to]) || !r.takes(seen, m[0], from, to) {
					continue
				}
				if r.value == nil {
					next = min(next, max(to, pos+1))
				}
				found = append(found, span{from: v.at(from), to: v.at(to), start: v.at(m[0]), order: order, rule: r, kind: p.kind, own: seen[from:to], begin: m[0], next: next,
					level: v.level, closed: r.value != nil && inQuotes(seen, from, to)})
			}
		}
		if pos = max(next, pos+1); r.start != nil {
			break
		}
	}
	return found
}

// accepts reports whether a match passes all tests of the rule.
func (r *Rule) accepts(text string, m []int) bool {
	if r.beside != nil && r.beside.FindStringSubmatchIndex(text[max(0, m[0]-matchBefore):min(len(text), m[1]+matchBefore)]) == nil {
		return false
	}
	for _, accept := range r.accept {
		if !accept(text, m) {
			return false
		}
	}
	return true
}

// takes reports whether a part of a match passes the rule's tests of it.
func (r *Rule) takes(text string, start, from, to int) bool {
	for _, test := range r.tests {
		if !test(text, start, from, to) {
			return false
		}
	}
	return true
}
