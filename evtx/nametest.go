package evtx

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A nameTest is a set of wanted names for one field. Names repeat from record
// to record, so that the last answer is mostly right again.
type nameTest struct {
	field  Field
	wanted []string
	last   string
	ok     bool
}

// addNames wants one of the names, if there are any.
func (f *Filter) addNames(field Field, wanted []string) {
	if len(wanted) == 0 {
		return
	}
	n := nameTest{field: field, wanted: wanted}
	n.ok = n.wants("")
	f.needs, f.names = append(f.needs, field), append(f.names, n)
}

func (n *nameTest) wants(name string) bool {
	host, _, inDomain := strings.Cut(name, ".")
	return slices.ContainsFunc(n.wanted, func(w string) bool {
		return matchName(w, name) || n.field == FieldComputer && inDomain && !strings.Contains(w, ".") && matchName(w, host)
	})
}

// matchName compares a name in any case with a pattern: * stands for any text,
// ? for one character. It takes time in proportion to the product of their
// lengths at worst.
func matchName(pattern, name string) bool {
	if !strings.ContainsAny(pattern, "*?") {
		return strings.EqualFold(pattern, name)
	}
	star, again := -1, 0 // the last * and from where in name it is tried next
	p, n := 0, 0
	for n < len(name) {
		have, size := utf8.DecodeRuneInString(name[n:])
		if p < len(pattern) {
			want, width := utf8.DecodeRuneInString(pattern[p:])
			switch {
			case want == '*':
				star, again = p, n
				p++
				continue
			case want == '?' || foldRune(want) == foldRune(have):
				p += width
				n += size
				continue
			}
		}
		if star < 0 {
			return false
		}
		_, size = utf8.DecodeRuneInString(name[again:])
		again += size
		p, n = star+1, again
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// foldRune is the same for all cases of a letter.
func foldRune(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}
