package redact

import (
	"strings"
)

// element: <name>value</name>, whatever attributes it has.
func (v *vocabulary) element(out []match, text string, at hit) []match {
	n := v.around(text, at.from)
	if n.class == noSecret {
		return out
	}
	start := tagStart([]byte(text[:at.from+1]), at.from)
	if start < 0 {
		return out
	}
	end := openTag(text, n.to)
	if end == 0 {
		return out
	}
	if usage(text[start:min(len(text), end+maxLooked)], end-start) {
		return out
	}
	from, to := elementText(text, []int{start, end})
	if from < to && v.secret(n, text[from:to], place{sign: '=', behind: text[to:min(len(text), to+8)]}) {
		out = append(out, match{start, from, to})
	}
	return out
}

// usage reports whether a tag is the place-holder of a usage or a template: what
// stands behind it goes on with it, and nothing closes it: Password=<password>;Timeout=60.
func usage(text string, end int) bool {
	if end >= len(text) || strings.IndexByte(" ;,\"'&)]|@:", text[end]) < 0 {
		return false
	}
	next := strings.IndexByte(text[end:], '<')
	return next < 0 || !strings.HasPrefix(text[end+next:], "</") || text[end] == ' ' && !strings.Contains(text[end:], "</")
}

// tagStart returns where the tag begins whose name has the byte from in it, -1
// if it is no opening tag.
func tagStart(text []byte, from int) int {
	for i, n := from-1, 0; i >= 0 && n < 2*longestName; i, n = i-1, n+1 {
		switch {
		case text[i] == '<':
			return i
		case !isNameByte(text[i]) && text[i] != ':' && text[i] != '.':
			return -1
		}
	}
	return -1
}

// openTag returns where the opening tag ends that i is in, 0 if it does not.
func openTag(text string, i int) int {
	rest := text[i:min(len(text), i+2*maxLooked)]
	end := strings.IndexAny(rest, "<>")
	if end < 0 || rest[end] == '<' || end > 0 && (rest[end-1] == '/' || !isSpace(rest[0])) {
		return 0
	}
	return i + end + 1
}

// elementText is the text of an element, also of one inside or in CDATA.
func elementText(text string, m []int) (from, to int) {
	from = m[1] + leadingSpace(text[m[1]:])
	if rest, ok := strings.CutPrefix(text[from:], "<![CDATA["); ok {
		from += len("<![CDATA[")
		if end := strings.Index(rest, "]]>"); end >= 0 {
			return from, from + end
		}
		return from, len(text)
	}
	if n := tagEnd(text[from:]); n > 0 && text[from+1] != '/' && text[from+n-2] != '/' {
		from += n
	}
	to = len(text)
	if end := strings.IndexByte(text[from:], '<'); end >= 0 {
		to = from + end
	}
	for from < to && (isSpace(text[from]) && text[from] != '"' && text[from] != '\'') {
		from++
	}
	return from, from + len(strings.TrimRight(text[from:to], " \t\r\n"))
}
