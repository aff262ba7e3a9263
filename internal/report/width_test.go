package report

import "testing"

func TestAppendLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		limit int
		want  string
		width int
	}{
		{"plain", 0, "plain", 5},
		{"", 0, "", 0},
		{"two\r\nlines\nand\tmore", 0, "two lines and more", 18},
		{"exactly ten", 11, "exactly ten", 11},
		{"one too many", 11, "one too…", 8},
		{"été", 3, "été", 3},
		{"étés", 3, "ét…", 3},
		{"日本語", 0, "日本語", 6},
		{"日本語", 5, "日本…", 5},
		{"日本語", 4, "日…", 3},
		{"e\u0301te\u0301", 3, "e\u0301te\u0301", 3},
		{"red \x1b[31m", 0, `red \x1b[31m`, 12},
		{"bell\a", 0, `bell\x07`, 8},
		{"csi \u009b2J", 0, `csi \x9b2J`, 10},
		{"evil \u202etxt.exe", 0, `evil \u202etxt.exe`, 18},
		{"tag \U000e0041", 0, `tag \U000e0041`, 14},
		{"cut \x1b[31m", 7, "cut…", 4},
		{"bad \xff utf8", 0, "bad \uFFFD utf8", 10},
	} {
		line, width := appendLine([]byte("> "), []byte(c.text), c.limit)
		if string(line) != "> "+c.want || width != c.width {
			t.Errorf("appendLine(%q, %d) = %q, %d; want %q, %d", c.text, c.limit, line[2:], width, c.want, c.width)
		}
	}
}

func TestRuneWidth(t *testing.T) {
	t.Parallel()
	for r, want := range map[rune]int{'a': 1, 'é': 1, '—': 1, '日': 2, '한': 2, 'Ａ': 2, '😀': 2, '\u0301': 0, '\u200d': 0, 'ﬁ': 1} {
		if got := runeWidth(r); got != want {
			t.Errorf("runeWidth(%q) = %d, want %d", r, got, want)
		}
	}
}
