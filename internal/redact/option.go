package redact

import (
	"strings"
)

// option: -name value, and "-name","value".
func (v *vocabulary) option(out []match, text string, at hit) []match {
	n := v.around(text, at.from)
	if n.class == noSecret {
		return out
	}
	start := n.word
	for start < at.from && text[start] == '-' {
		start++
	}
	if start == 0 || text[start-1] != '-' && text[start-1] != '/' {
		return out
	}
	if n.credential && commands(text[start:n.to]) || (spoken{v}).userBefore(text, start) {
		return out
	}
	dash := strings.TrimRight(text[max(0, start-2):start], "-/")
	if dash != "" && !isSpace(dash[len(dash)-1]) && !strings.Contains("`[(,", dash[len(dash)-1:]) {
		return out
	}
	end := n.to
	if end < len(text) && (text[end] == '"' || text[end] == '\'') {
		end++
	}
	gap := leadingSpace(text[end:min(len(text), end+maxLooked)])
	switch {
	case end+gap < len(text) && text[end+gap] == ',':
		end += gap + 1
	case gap > 0:
		end += gap
	default:
		return out
	}
	l := literal{text, n.word, 0}
	from, to := l.at(end)
	if from >= to {
		return out
	}
	p := place{quoted: inQuotes(text, from, to), behind: text[to:min(len(text), to+64)]}
	if value := text[from:to]; !v.secret(n, value, p) || n.class == likely && !p.quoted && letters(value) {
		return out
	}
	return append(out, match{n.word, from, to})
}

// commands reports whether an option says what to do with a credential, so that
// its name follows: -createCredential DB1.
func commands(name string) bool {
	name = asciiLower(name)
	for _, verb := range [...]string{"create", "modify", "delete", "list", "add", "remove", "update", "alter", "drop"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}
