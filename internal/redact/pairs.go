package redact

import (
	"strings"
)

// pairs finds a name and a value that are called so, and stand apart:
// key="Password" value="x", {"Key":"Password","Value":"x"},
// <name>Password</name><value>x</value>, Name=Password OldValue=x NewValue=y.
type pairs struct{ *vocabulary }

// maxApart is how far a value may stand from its name.
const maxApart = 640

// find: the name is what is called "name", and behind it comes what is called "value".
func (p pairs) find(out []match, text string, at hit) []match {
	n := p.around(text, at.from)
	if n.class == noSecret || n.to < len(text) && (text[n.to] == '=' || text[n.to] == ':' && !strings.HasPrefix(text[n.to:], ":\n")) {
		return out
	}
	start := p.labelBefore(text, n.word, p.nameLabel)
	if start < 0 {
		return p.given(out, text, n)
	}
	before := len(out)
	if end := openTag(text, n.to+1); end > 0 && n.to < len(text) && (text[n.to] == '"' || text[n.to] == '\'') && !strings.Contains(text[n.to:end], "alue") {
		from, to := elementText(text, []int{start, end}) // <S N="ApiKey">x</S>
		out = p.add(out, text, n, start, from, to)
	}
	if out = p.values(out, text, n, start); len(out) == before {
		out = p.valueBefore(out, text, n, start)
	}
	return out
}

// given: f("name", "value"), ["name", "value"].
func (p pairs) given(out []match, text string, n secretName) []match {
	open := n.word - 1
	if open < 1 || n.to >= len(text) || text[open] != '"' && text[open] != '\'' || text[n.to] != text[open] {
		return out
	}
	before := strings.TrimRight(text[max(0, open-8):open], " N")
	if before == "" || strings.IndexByte("([,{", before[len(before)-1]) < 0 {
		return out
	}
	rest := text[n.to+1 : min(len(text), n.to+9)]
	gap := len(rest) - len(strings.TrimLeft(rest, " "))
	if gap >= len(rest) || rest[gap] != ',' {
		return out
	}
	l := literal{text, n.word, ':'}
	from, to := l.at(n.to + 1 + gap + 1)
	if from >= to || !inQuotes(text, from, to) || !strange(text[from:to]) || strings.Contains(text[from:to], " ") {
		return out
	}
	return p.add(out, text, n, n.from, from, to)
}

// labelBefore returns where a label begins that says what stands at i, -1 if it
// is none of those.
func (p pairs) labelBefore(text string, i int, labels map[string]bool) int {
	low := max(0, i-2*longestName)
	if i > low && strings.IndexByte(`\[.`, text[i-1]) >= 0 { // Path="\Package.Properties[Password]"
		for i > low && text[i-1] > ' ' && text[i-1] != '"' && text[i-1] != '\'' {
			i--
		}
	}
	i = low + len(strings.TrimRight(text[low:i], " \t\r\n\"'N"))
	if i == low || strings.IndexByte("=:>", text[i-1]) < 0 {
		return -1
	}
	return p.labelAt(text, low, i-1, labels)
}

// labelAt returns where the label begins whose sign stands at i, -1 if it is none of those.
func (p pairs) labelAt(text string, low, i int, labels map[string]bool) int {
	end := low + len(strings.TrimRight(text[low:i], " \"'"))
	for begin, words := end, 0; words < 3; words++ {
		for begin > low && isNameByte(text[begin-1]) {
			begin--
		}
		if begin == end {
			break
		}
		if labels[foldedName(text[begin:end])] && (text[i] != '>' || begin > 0 && text[begin-1] == '<') {
			return begin
		}
		if begin == low || text[begin-1] != ' ' {
			break
		}
		begin--
	}
	return -1
}

// values appends all that is called a value behind the name, up to the next name.
func (p pairs) values(out []match, text string, n secretName, start int) []match {
	limit := min(len(text), n.to+maxApart)
	for i := n.to; i < limit; i++ {
		switch text[i] {
		case '}':
			return out
		case '\n':
			if strings.HasPrefix(text[i:], "\n\n") || strings.HasPrefix(text[i:], "\n\r\n") {
				return out
			}
		case '=', ':', '>':
			if p.labelAt(text, n.to, i, p.valueLabel) >= 0 {
				from, to := p.valueAt(text, start, i)
				out = p.add(out, text, n, start, from, to)
				i = max(i, to-1)
			} else if p.labelAt(text, n.to, i, p.nameLabel) >= 0 {
				return out
			}
		}
	}
	return out
}

// valueAt is the value behind a sign.
func (p pairs) valueAt(text string, start, i int) (from, to int) {
	if text[i] == '>' {
		return elementText(text, []int{start, i + 1})
	}
	l := literal{text, start, text[i]}
	return l.at(i + 1)
}

// valueBefore: value="x" key="Password".
func (p pairs) valueBefore(out []match, text string, n secretName, start int) []match {
	low := max(0, start-maxLooked)
	end := low + len(strings.TrimRight(text[low:start], " \t\r\n,\"'"))
	if end == start || end == len(text) || end == low || text[end] != '"' && text[end] != '\'' {
		return out
	}
	begin := strings.LastIndexByte(text[low:end], text[end])
	if begin < 0 || p.labelBefore(text, low+begin, p.valueLabel) < 0 {
		return out
	}
	return p.add(out, text, n, low+begin, low+begin+1, end)
}

// add appends a value, if it is a secret.
func (p pairs) add(out []match, text string, n secretName, start, from, to int) []match {
	if from < to {
		if from, to, ok := p.take(n, text, from, to, '='); ok {
			return append(out, match{start, from, to})
		}
	}
	return out
}
