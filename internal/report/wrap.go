package report

import "strings"

// blank appends an empty line.
func (t *diagnosisText) blank() { t.out = append(t.out, '\n') }

// line appends text on one line, indented; on a terminal that is too narrow for it, on several.
func (t *diagnosisText) line(indent int, text string) {
	if t.limit > 0 {
		if _, n := appendLine(nil, []byte(text), 0); indent+n > t.limit {
			first := strings.Repeat(" ", indent)
			t.wrap(first, first+"  ", text)
			return
		}
	}
	for range indent {
		t.out = append(t.out, ' ')
	}
	t.out, _ = appendLine(t.out, []byte(text), 0)
	t.out = append(t.out, '\n')
}

// cut appends head, which is ours and has that width, and of text as much as
// fits the line of a terminal, or a line of its own if that has not enough room.
func (t *diagnosisText) cut(head string, width int, text string) {
	const own = "       "
	if t.limit > 0 && t.limit-width < leastText {
		if head = strings.TrimRight(head, " "); head != "" {
			t.out = append(append(t.out, head...), '\n')
		}
		head, width = own, len(own)
	}
	t.out = append(t.out, head...)
	limit := 0
	if t.limit > 0 {
		limit = t.limit - width
	}
	t.out, _ = appendLine(t.out, []byte(text), limit)
	t.out = append(t.out, '\n')
}

// wrap appends text in lines of the width, broken at spaces; first and rest
// are what the lines begin with. A word that is too long, such as an address,
// stays whole.
func (t *diagnosisText) wrap(first, rest, text string) {
	t.out = append(t.out, first...)
	room := t.width - len(rest)
	used := 0
	for word := range strings.SplitSeq(text, " ") { // a no-break space is no place to break
		shown, width := appendLine(nil, []byte(word), 0)
		switch {
		case used == 0:
		case used+1+width > room:
			t.out = append(append(t.out, '\n'), rest...)
			used = 0
		default:
			t.out = append(t.out, ' ')
			used++
		}
		t.out = append(t.out, shown...)
		used += width
	}
	t.out = append(t.out, '\n')
}
