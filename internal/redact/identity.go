package redact

import (
	"cmp"
	"slices"
	"strings"
)

// identitySpans adds to the spans of secrets those of identities, as far as
// they do not overlap: first what rules find, in the view with the fewest
// escapes before others, then names that are known.
func (r *Redactor) identitySpans(text string, spans []span, endpoints bool) []span {
	views := r.viewsOf(text)
	taken := r.taken(text, spans)
	match := func(v *view, windows [][]window, first bool) {
		for i, rule := range r.identities {
			if rule.first != first || endpoints && rule.keepsKey {
				continue
			}
			for _, w := range windows[i] {
				found := rule.matchIn(nil, v, i, w)
				if v.level > 0 {
					found = slices.DeleteFunc(found, func(s span) bool { return s.rule.Name == "account" && escapedLetter(text, s) })
				}
				for len(found) > 0 {
					n := 1
					for n < len(found) && found[n].start == found[0].start {
						n++
					}
					spans = r.addMatch(spans, taken, found[:n])
					found = found[n:]
				}
			}
		}
	}
	windows := make([][][]window, len(views))
	for i := range views {
		windows[i] = r.nameWindows(views[i].text)
	}
	for _, first := range []bool{true, false} {
		for i := range views {
			k := len(views) - 1 - i
			match(&views[k], windows[k], first)
		}
	}
	if r.names != nil && len(r.names.words) > 0 {
		words(text, func(from, to int) {
			if r.names.mayHave(text[from:to]) {
				spans = r.knownName(spans, taken, text, from, to)
			}
		})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return spans
}

// escapedLetter reports whether a view has cut the first letter off a folder's
// name, as if it were an escape: C:\temp.
func escapedLetter(text string, s span) bool {
	i := s.start
	return i+2 < len(text) && text[i] == '\\' && strings.IndexByte("tnr", text[i+1]) >= 0 && 'a' <= text[i+2] && text[i+2] <= 'z'
}

// viewsOf returns a text and what becomes of it when its escapes are undone.
func (r *Redactor) viewsOf(text string) []view {
	views := []view{{text: text}}
	for len(views) <= maxLevels && strings.ContainsAny(views[len(views)-1].text, `\%&`) {
		next, ok := views[len(views)-1].decode()
		if !ok {
			break
		}
		views = append(views, next)
	}
	return views
}

// nameWindows returns where each rule for identities is to be tried in a text:
// around its triggers.
func (r *Redactor) nameWindows(text string) [][]window {
	all := make([][]window, len(r.identities))
	for i, rule := range r.identities {
		if len(rule.triggers) == 0 && (rule.only == nil || rule.only(text)) {
			all[i] = []window{{0, len(text)}}
		}
	}
	r.raw = append(r.raw[:0], text...)
	r.nameSearch.find(r.raw, func(h hit) bool {
		for _, i := range r.byName[h.word] {
			rule := r.identities[i]
			if rule.near != nil && !rule.near(r.raw, h.from, h.to) {
				continue
			}
			w := window{max(0, h.from-rule.before), min(len(text), h.from+rule.behind)}
			if rule.named {
				w.from = max(w.from, startOfName(text, h.from))
			}
			for n := 0; w.from > 0 && n < matchBefore && isNameByte(text[w.from-1]); n++ {
				w.from--
			}
			if last := len(all[i]) - 1; last >= 0 && w.from <= all[i][last].to {
				all[i][last].to = max(all[i][last].to, w.to)
			} else {
				all[i] = append(all[i], w)
			}
		}
		return true
	})
	return all
}

// startOfName is where a match can begin at the earliest that has nothing in it
// but what names and the dots between them are made of, and at most one
// character in front of that.
func startOfName(text string, at int) int {
	for at > 0 && (isNameByte(text[at-1]) || text[at-1] == '.') {
		at--
	}
	if at > 0 {
		at--
	}
	return at
}

// taken marks the bytes of a text that go already, or are the inside of a token.
func (r *Redactor) taken(text string, spans []span) []bool {
	taken := make([]bool, len(text))
	for _, s := range spans {
		fill(taken[s.from:s.to])
	}
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '-')
		if i < 0 {
			break
		}
		i += at
		at = i + 1
		if from, to := tokenAround(text, i); from < to {
			fill(taken[from+1 : to-1])
			at = to
		}
	}
	for at := 0; ; {
		i := strings.Index(text[at:], "[redacted:")
		if i < 0 {
			break
		}
		at += i + 1
		if end := strings.IndexByte(text[at:], ']'); end > 0 && marked(text[at-1:]) {
			fill(taken[at-1 : at+end+1])
		}
	}
	return taken
}

// tokenAround returns where the token begins and ends whose first hyphen stands at i.
func tokenAround(text string, i int) (from, to int) {
	from, to = i, i+1
	for from > 0 && i-from < 16 && 'a' <= text[from-1] && text[from-1] <= 'z' {
		from--
	}
	if i-from < 2 {
		return 0, 0
	}
	for to < len(text) && to-i <= tokenDigits+1 && (isHex(text[to]) || text[to] == '-') {
		to++
	}
	for ; to-i > tokenDigits; to-- {
		for k := from; i-k > 1; k++ { // a word may stand in front
			if tokenOf(text[k:to]) {
				return k, to
			}
		}
	}
	return 0, 0
}

func fill(taken []bool) {
	for i := range taken {
		taken[i] = true
	}
}

// addMatch adds the parts of one match, unless one of them goes already as
// something else: it was then taken for what it is not.
func (r *Redactor) addMatch(spans []span, taken []bool, parts []span) []span {
	fresh := parts[:0:0]
	for _, p := range parts {
		switch {
		case !slices.Contains(taken[p.from:p.to], true):
			fresh = append(fresh, p)
		case !slices.ContainsFunc(spans, func(o span) bool { return o.from == p.from && o.to == p.to && o.kind == p.kind }):
			return spans
		}
	}
	for _, p := range fresh {
		p.with = r.identity(p.kind, p.own)
		if p.with != p.own {
			spans = append(spans, p)
			fill(taken[p.from:p.to])
		}
	}
	return spans
}

// knownName adds a word that is the name of something, or a machine of a known
// domain, or else the parts between its dots that are names.
func (r *Redactor) knownName(spans []span, taken []bool, text string, from, to int) []span {
	to = from + len(strings.TrimRight(text[from:to], ".-_"))
	found := func(from, to int, kind Kind) []span {
		own := text[from:to]
		return r.addMatch(spans, taken, []span{{from: from, to: to, start: from, rule: r.known, kind: kind, own: own}})
	}
	word := strings.ToLower(text[from:to])
	if kind, ok := r.names.words[word]; ok {
		return found(from, to, kind)
	}
	for at := 0; ; {
		dot := strings.IndexByte(word[at:], '.')
		if dot < 0 {
			break
		}
		at += dot + 1
		if r.names.domains[word[at:]] {
			return found(from, to, Machine)
		}
	}
	for at := from; at < to; { // export_GW01_2024.csv: the longest part that is a name
		end := r.knownPart(text, at, to)
		if end > at {
			spans = found(at, end, r.names.words[strings.ToLower(text[at:end])])
			at = end
		}
		next := strings.IndexAny(text[at:to], "._-")
		if next < 0 {
			break
		}
		at += next + 1
	}
	return spans
}

// knownPart returns where the longest name ends that begins at a part of a word,
// whose parts are joined by dots, hyphens or underlines.
func (r *Redactor) knownPart(text string, at, to int) (end int) {
	const most = 6
	for i, parts := at, 0; i < to && parts < most; parts++ {
		next := strings.IndexAny(text[i:to], "._-")
		if next < 0 {
			next = to - i
		}
		i += next
		if _, ok := r.names.words[strings.ToLower(text[at:i])]; ok {
			end = i
		}
		i++
	}
	return end
}

// identity returns what comes in the place of an identity. A machine with its
// domain is two.
func (r *Redactor) identity(kind Kind, text string) string {
	if kind == User && strings.HasSuffix(text, "$") {
		return r.machine(text) // the account of one
	}
	if kind != Machine {
		return r.tokens.token(kind, text)
	}
	if r.names != nil && r.names.domains[strings.ToLower(text)] {
		return r.tokens.token(Domain, text)
	}
	short, domain, _ := strings.Cut(text, ".")
	if domain == "" || publicCloud(strings.ToLower(domain)) {
		return strings.Replace(text, short, r.machine(short), 1)
	}
	dot := ""
	if strings.HasSuffix(domain, ".") {
		domain, dot = strings.TrimSuffix(domain, "."), "."
	}
	return r.machine(short) + "." + r.tokens.token(Domain, domain) + dot
}

// machine gives the account of a machine, which ends with a dollar sign, the machine's token.
func (r *Redactor) machine(short string) string {
	name, account := strings.CutSuffix(short, "$")
	if commonName(name) {
		return short
	}
	token := r.tokens.token(Machine, name)
	if account {
		token += "$"
	}
	return token
}

// isName reports whether a value whose name says that it is an identity is one.
func (r *Redactor) isName(kind Kind, text string) bool {
	return !commonName(text) && !strings.ContainsAny(text, "\\@/ \t\r\n%{") && len(text) <= 255 && !marked(text)
}

// identityRule is what a value is counted under that is an identity by its name.
func identityRule(kind Kind) string { return string(kind) }
