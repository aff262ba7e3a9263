package report

import (
	"bytes"
	"strings"
)

// column is one column of a table. Widths are fixed before the first row, so
// that rows can be written as they are found.
type column struct {
	key   string // for programs
	title string
	least int // columns of the terminal that it needs to be of use
	best  int
	spare int // left out on a narrow terminal: the highest first, 0 never
	right bool
}

// layout is a table fitted to its place. Columns that were left out have width 0.
type layout struct {
	columns []column
	widths  []int
	cut     bool   // to the widths; otherwise long values push the rest to the right
	ends    []bool // the column ends a line: it is not padded, and the next one begins another
}

const (
	gap  = 2 // spaces between two columns
	fold = 2 // and before the further lines of a row
	// So many columns a text is given to be of use; where there is less, it gets a line of its own.
	leastText = 16
)

func newLayout(columns []column, s Style) *layout {
	l := &layout{columns: columns, widths: make([]int, len(columns)), cut: s.Terminal, ends: make([]bool, len(columns))}
	for i, c := range columns {
		l.widths[i] = c.best
	}
	if s.Terminal {
		l.fit(s.Width)
	}
	l.ends[l.lastShown()] = true
	return l
}

func (l *layout) lastShown() int {
	last := 0
	for i, w := range l.widths {
		if w > 0 {
			last = i
		}
	}
	return last
}

// fit leaves columns out until the rest finds room, then shares what is left:
// the last column comes first, and takes what nobody needs. Where no column
// can be left out any more, a row is folded to several lines.
func (l *layout) fit(width int) {
	for i, c := range l.columns {
		l.widths[i] = c.least
	}
	for l.total() > width {
		out := -1
		for i, c := range l.columns {
			if l.widths[i] > 0 && c.spare > 0 && (out < 0 || c.spare > l.columns[out].spare) {
				out = i
			}
		}
		if out < 0 {
			break
		}
		l.widths[out] = 0
	}
	end := l.lastShown()
	if l.widths[end]+width-l.total() < l.columns[end].needs() {
		l.fold(width)
		return
	}
	grow := func(i int) {
		if c := l.columns[i]; l.widths[i] > 0 {
			l.widths[i] += min(c.best-c.least, max(0, width-l.total()))
		}
	}
	grow(end)
	for i := range end {
		grow(i)
	}
	l.widths[end] += width - l.total()
}

// text says whether what the column has may be cut.
func (c *column) text() bool { return c.least > leastText && c.best > c.least }

// needs is what the column cannot do without.
func (c *column) needs() int {
	if c.text() {
		return leastText
	}
	return c.least
}

// fold begins a new line with each column that finds no room on the last one.
func (l *layout) fold(width int) {
	used, before := 0, -1
	for i, w := range l.widths {
		if w == 0 {
			continue
		}
		c := &l.columns[i]
		switch {
		case before < 0:
		case used+gap+c.needs() <= width:
			used += gap
		default:
			l.ends[before] = true
			used = fold
		}
		if c.text() {
			w = min(c.best, max(leastText, width-used))
		}
		l.widths[i] = w
		used += w
		before = i
	}
}

func (l *layout) total() int {
	sum := -gap
	for _, w := range l.widths {
		if w > 0 {
			sum += w + gap
		}
	}
	return sum
}

// header is the line of titles.
func (l *layout) header() string {
	var b strings.Builder
	for i, c := range l.columns {
		if l.widths[i] > 0 {
			b.Write(l.cell(nil, i, []byte(c.title), ""))
		}
	}
	return b.String() + "\n"
}

// cell appends the text of column i, and the gap to the next one.
func (l *layout) cell(dst []byte, i int, text []byte, color string) []byte {
	width := l.widths[i]
	if width == 0 {
		return dst
	}
	limit := 0
	if l.cut {
		limit = width
	}
	start := len(dst)
	dst = append(dst, color...)
	dst, used := appendLine(dst, text, limit)
	if color != "" {
		dst = append(dst, colorOff...)
	}
	if pad := width - used; pad > 0 {
		if l.columns[i].right {
			dst = insertSpaces(dst, start, pad)
		} else if !l.ends[i] {
			dst = appendSpaces(dst, pad)
		}
	}
	switch {
	case !l.ends[i]:
		dst = appendSpaces(dst, gap)
	case i != l.lastShown():
		dst = appendSpaces(append(bytes.TrimRight(dst, " "), '\n'), fold)
	}
	return dst
}

func appendSpaces(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}

func insertSpaces(dst []byte, at, n int) []byte {
	dst = appendSpaces(dst, n)
	copy(dst[at+n:], dst[at:len(dst)-n])
	for i := range n {
		dst[at+i] = ' '
	}
	return dst
}
