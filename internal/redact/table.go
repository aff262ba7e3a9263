package redact

import (
	"strings"
)

// tables find secrets by the column or the row they stand in: CSV, tabs,
// Markdown, PowerShell's Format-Table; and on the line behind their name.
type tables struct{ *vocabulary }

// How far a table is looked at.
const (
	maxRow  = 4 << 10
	maxRows = 5000
)

// cell is a part of a line, without quotation marks and spaces.
type cell struct{ from, to int }

func (t tables) find(out []match, text string, at hit) []match {
	n := t.around(text, at.from)
	if n.class == noSecret {
		return out
	}
	from, to := lineAround(text, n.word)
	if to-from > maxRow {
		return out
	}
	if columns := underline(text, to); len(columns) > 1 {
		if rows := t.underlined(out, text, n, from, to, columns); len(rows) > len(out) {
			return rows
		}
	}
	divider := dividerBehind(text, n.to, to)
	if divider == 0 {
		divider = dividerBefore(text, n.from, from)
	}
	cells := split(text, from, to, divider)
	column := -1
	for i, c := range cells {
		if c.from <= n.word && n.to <= c.to && c.to <= n.to+2 && c.from >= n.from {
			column = i
		}
	}
	switch {
	case column < 0:
		return t.underDashes(out, text, n, from, to)
	case len(cells) == 1:
		return t.nextLine(out, text, n, to)
	case len(cells) == 3 && column == 0 && strings.HasPrefix(text[cells[1].from:cells[1].to], "REG_"): // of the registry
		if c := cells[2]; t.takes(text, n, c) {
			return append(out, match{n.word, c.from, c.to})
		}
	case len(cells) == 2 && column == 0 && divider != ',' && divider != ';':
		if c := cells[1]; t.takes(text, n, c) && !letters(text[c.from:c.to]) && (n.class == sure || looksRandom(text[c.from:c.to])) {
			return append(out, match{n.word, c.from, c.to})
		}
	}
	for _, c := range cells {
		if !headerCell(text[c.from:c.to]) {
			return out
		}
	}
	return t.column(out, text, n, to, cells, column, divider)
}

func (t tables) takes(text string, n secretName, c cell) bool {
	return c.from < c.to && t.secret(n, text[c.from:c.to], place{sign: '='})
}

// column takes the cells below a name, as long as the lines are rows of its table.
func (t tables) column(out []match, text string, n secretName, to int, header []cell, column int, divider byte) []match {
	headerLine, _ := lineAround(text, n.word)
	offset := header[column].from - headerLine
	for range maxRows {
		from := nextLine(text, to)
		if from < 0 {
			break
		}
		_, to = lineAround(text, from)
		line := text[from:to]
		if to-from > maxRow || strings.TrimSpace(line) == "" {
			break
		}
		if strings.Trim(line, "-=|:+ \t") == "" {
			continue
		}
		cells := split(text, from, to, divider)
		c := cell{}
		switch {
		case len(cells) == len(header):
			c = cells[column]
		case divider == ' ' && offset > 0 && offset < len(line) && line[offset-1] == ' ' && line[offset] != ' ':
			end := strings.IndexByte(line[offset:], ' ')
			if end < 0 {
				end = len(line) - offset
			}
			c = cell{from + offset, from + offset + end}
		default:
			return out
		}
		if value := text[c.from:c.to]; t.classOf(value) != noSecret && !mixed(value) {
			break // a header again
		}
		if t.takes(text, n, c) {
			out = append(out, match{n.word, c.from, c.to})
		}
	}
	return out
}

// underline returns where the columns begin that the line behind one, which ends
// at to, underlines with dashes, as offsets in the line.
func underline(text string, to int) (columns []int) {
	from := nextLine(text, to)
	if from < 0 || !strings.HasPrefix(text[from:], "--") {
		return nil
	}
	_, end := lineAround(text, from)
	line := text[from:end]
	if strings.Trim(line, "- ") != "" {
		return nil
	}
	for i := range len(line) {
		if line[i] == '-' && (i == 0 || line[i-1] == ' ') {
			columns = append(columns, i)
		}
	}
	return columns
}

// underlined takes the cells below a name in a table whose columns are as wide as
// the dashes below their names.
func (t tables) underlined(out []match, text string, n secretName, from, to int, columns []int) []match {
	width := 0 // up to the next column
	begin := -1
	for i, at := range columns {
		if from+at <= n.word && (i+1 == len(columns) || n.word < from+columns[i+1]) {
			begin = at
			if i+1 < len(columns) {
				width = columns[i+1] - at
			}
		}
	}
	if begin < 0 {
		return out
	}
	to = nextLine(text, to)
	_, to = lineAround(text, to)
	for range maxRows {
		line := nextLine(text, to)
		if line < 0 {
			break
		}
		if _, to = lineAround(text, line); to-line <= begin || to-line > maxRow || text[line+max(0, begin-1)] != ' ' && begin > 0 {
			break
		}
		end := to
		if width > 0 {
			end = min(to, line+begin+width)
		}
		if c := trim(text, line+begin, end); t.takes(text, n, c) {
			out = append(out, match{n.word, c.from, c.to})
		}
	}
	return out
}

// underDashes: a row "Password x" of a table whose header is underlined.
func (t tables) underDashes(out []match, text string, n secretName, from, to int) []match {
	if n.from != from {
		return out
	}
	above := from
	for range 100 {
		if above == 0 {
			return out
		}
		begin, end := lineAround(text, above-1)
		line := strings.TrimRight(text[begin:end], "\r ")
		if line == "" || end-begin > maxRow {
			return out
		}
		if strings.Trim(line, "- ") == "" {
			second := strings.Index(line, " -")
			if second < 0 || from+second+1 >= to || text[from+second] != ' ' {
				return out
			}
			c := trim(text, from+second+1, to)
			if n.to <= c.from && t.takes(text, n, c) {
				out = append(out, match{n.word, c.from, c.to})
			}
			return out
		}
		above = begin
	}
	return out
}

// nextLine: a name alone on its line, and something that looks like a secret on the next.
func (t tables) nextLine(out []match, text string, n secretName, to int) []match {
	from := nextLine(text, to)
	if from < 0 || n.class < likely {
		return out
	}
	_, end := lineAround(text, from)
	c := trim(text, from, end)
	if value := text[c.from:c.to]; t.takes(text, n, c) && !strings.ContainsAny(value, " \t") && (looksRandom(value) || n.class == sure && mixed(value) && len(value) >= 8) {
		out = append(out, match{n.word, c.from, c.to})
	}
	return out
}

// headerCell reports whether a cell could be the name of a column.
func headerCell(text string) bool {
	if text == "" || len(text) > 40 || !isName(text) || looksRandom(text) || strings.Count(text, " ") > 3 {
		return false
	}
	return strings.IndexFunc(text, func(c rune) bool { return !nameRune(c) && !strings.ContainsRune(" .()#/[]*", c) }) < 0
}

// dividerBehind returns what divides a cell that ends at i from the next one:
// a space for two or more.
func dividerBehind(text string, i, end int) byte {
	for i < end && (text[i] == '"' || text[i] == '\'' || text[i] == '*') {
		i++
	}
	spaces := 0
	for i+spaces < end && text[i+spaces] == ' ' {
		spaces++
	}
	if i+spaces < end {
		if b := text[i+spaces]; b == '\t' || b == '|' || b == ',' && spaces == 0 || b == ';' && spaces == 0 {
			return b
		}
	}
	if spaces > 1 {
		return ' '
	}
	return 0
}

func dividerBefore(text string, i, begin int) byte {
	for i > begin && (text[i-1] == '"' || text[i-1] == '\'' || text[i-1] == '*') {
		i--
	}
	spaces := 0
	for i-spaces > begin && text[i-spaces-1] == ' ' {
		spaces++
	}
	if i-spaces > begin {
		if b := text[i-spaces-1]; b == '\t' || b == '|' || b == ',' || b == ';' {
			return b
		}
	}
	if spaces > 1 {
		return ' '
	}
	return 0
}

// split divides a line into cells. Those in quotation marks may hold the divider.
func split(text string, from, to int, divider byte) []cell {
	if divider == 0 {
		return []cell{trim(text, from, to)}
	}
	if divider == '|' {
		for from < to && (text[from] == ' ' || text[from] == '|') {
			from++
		}
		for to > from && (text[to-1] == ' ' || text[to-1] == '|' || text[to-1] == '\r') {
			to--
		}
	}
	var cells []cell
	quoted := false
	at := from
	for i := from; i < to; i++ {
		switch b := text[i]; {
		case b == '"':
			quoted = !quoted
		case quoted:
		case divider == ' ':
			if b == ' ' && i+1 < to && text[i+1] == ' ' {
				cells = append(cells, trim(text, at, i))
				for i+1 < to && text[i+1] == ' ' {
					i++
				}
				at = i + 1
			}
		case b == divider:
			cells = append(cells, trim(text, at, i))
			at = i + 1
		}
	}
	if at < to || divider != ' ' {
		cells = append(cells, trim(text, at, to))
	}
	return cells
}

// trim drops spaces and one pair of quotation marks.
func trim(text string, from, to int) cell {
	for from < to && (text[from] == ' ' || text[from] == '\t' || text[from] == '\r') {
		from++
	}
	for to > from && (text[to-1] == ' ' || text[to-1] == '\t' || text[to-1] == '\r') {
		to--
	}
	if to-from >= 2 && (text[from] == '"' || text[from] == '\'') && text[to-1] == text[from] {
		from, to = from+1, to-1
	}
	return cell{from, to}
}

// lineAround returns the line that i is in, without its end.
func lineAround(text string, i int) (from, to int) {
	from = max(0, i-maxRow)
	from += strings.LastIndexByte(text[from:i], '\n') + 1
	to = min(len(text), i+maxRow)
	if end := strings.IndexByte(text[i:to], '\n'); end >= 0 {
		to = i + end
	}
	if to > from && text[to-1] == '\r' {
		to--
	}
	return from, to
}

// nextLine returns where the line behind one that ends at i begins, -1 for none.
func nextLine(text string, i int) int {
	if strings.HasPrefix(text[i:], "\r") {
		i++
	}
	if i+1 < len(text) && text[i] == '\n' {
		return i + 1
	}
	return -1
}
