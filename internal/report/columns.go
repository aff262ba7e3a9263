package report

import "strings"

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
	cut     bool // to the widths; otherwise long values push the rest to the right
	last    int  // the last column that is shown: not padded
}

const gap = 2 // spaces between two columns

func newLayout(columns []column, s Style) *layout {
	l := &layout{columns: columns, widths: make([]int, len(columns)), cut: s.Terminal}
	for i, c := range columns {
		l.widths[i] = c.best
	}
	if s.Terminal {
		l.fit(s.Width)
	}
	for i, w := range l.widths {
		if w > 0 {
			l.last = i
		}
	}
	return l
}

// fit leaves columns out until the rest finds room, then shares what is left:
// the last column comes first, and takes what nobody needs.
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
	end := len(l.columns) - 1
	grow := func(i int) {
		if c := l.columns[i]; l.widths[i] > 0 {
			l.widths[i] += min(c.best-c.least, max(0, width-l.total()))
		}
	}
	grow(end)
	for i := range end {
		grow(i)
	}
	l.widths[end] = max(10, l.widths[end]+width-l.total())
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
		} else if i != l.last {
			dst = appendSpaces(dst, pad)
		}
	}
	if i != l.last {
		dst = appendSpaces(dst, gap)
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
