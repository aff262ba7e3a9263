package report

import (
	"strings"
	"testing"
)

// The columns that find no room go one by one, and the table is never wider than the terminal.
func TestLayoutFits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		width int
		want  string
	}{
		{60, "TIME LEVEL ID MESSAGE"},
		{80, "TIME LEVEL ID MESSAGE"},
		{92, "TIME LEVEL ID RECORD MESSAGE"},
		{120, "TIME LEVEL ID CHANNEL RECORD MESSAGE"},
		{124, "TIME LEVEL ID CHANNEL COMPUTER RECORD MESSAGE"},
		{140, "TIME LEVEL ID PROVIDER CHANNEL COMPUTER RECORD MESSAGE"},
		{300, "TIME LEVEL ID PROVIDER CHANNEL COMPUTER RECORD MESSAGE"},
	} {
		l := eventHeader(Style{Terminal: true, Width: c.width}).layout
		titles := strings.Join(strings.Fields(strings.Replace(l.header(), " (UTC)", "", 1)), " ")
		if titles != c.want {
			t.Errorf("width %d: %s, want %s", c.width, titles, c.want)
		}
		if l.total() != c.width {
			t.Errorf("width %d: the table takes %d columns", c.width, l.total())
		}
	}
}

// What is left goes to the message first: it is what people read.
func TestLayoutShares(t *testing.T) {
	t.Parallel()
	l := eventHeader(Style{Terminal: true, Width: 160}).layout
	const provider, message = 3, 7
	if l.widths[message] != 61 || l.widths[provider] != 14 {
		t.Errorf("widths %v", l.widths)
	}
	l = eventHeader(Style{Terminal: true, Width: 300}).layout
	if l.widths[message] != 175 || l.widths[provider] != 24 {
		t.Errorf("widths %v", l.widths)
	}
}

// Not on a terminal, nothing is left out or cut.
func TestLayoutOfAFile(t *testing.T) {
	t.Parallel()
	l := eventHeader(Style{Recovered: true}).layout
	const level, id, computer, message = 1, 2, 5, 8
	long := strings.Repeat("long ", 100) + "end"
	if got := string(l.cell(nil, computer, []byte(long), "")); got != long+"  " {
		t.Errorf("cell %q", got)
	}
	if got := string(l.cell(nil, id, []byte("25"), "")); got != "   25  " {
		t.Errorf("a number is aligned to the right: %q", got)
	}
	if got := string(l.cell(nil, level, []byte("error"), "\x1b[31m")); got != "\x1b[31merror\x1b[0m        " {
		t.Errorf("colour takes no room: %q", got)
	}
	if got := string(l.cell(nil, message, []byte("end"), "")); got != "end" {
		t.Errorf("the last column is not padded: %q", got)
	}
}
