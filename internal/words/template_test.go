package words

import (
	"strings"
	"testing"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	const when = "{{if not .last}}never{{else if eq .n 1}}once{{else if gt .n 1000}}{{thousands .n}} times{{else}}{{.n}} times, {{.last}}{{end}}."
	for _, tt := range []struct {
		text   string
		values map[string]any
		want   string // empty: it cannot be said
	}{
		{"a {{.x}} b", map[string]any{"x": "y"}, "a y b"},
		{"a {{.x}} b", nil, ""},
		{when, map[string]any{"last": "", "n": 3}, "never."},
		{when, map[string]any{"last": "today", "n": uint64(1)}, "once."},
		{when, map[string]any{"last": "today", "n": 1234}, "1,234 times."},
		{when, map[string]any{"last": "today", "n": 3}, "3 times, today."},
		{when, map[string]any{"last": "today"}, ""},
		{"{{if eq .a .b}}same{{end}}", map[string]any{"a": "x", "b": "x"}, "same"},
		{"x{{if ne .a .b}}different{{end}}", map[string]any{"a": "x", "b": "x"}, "x"},
		{"{{if .a}}{{if .b}}both{{else}}one{{end}}{{end}}", map[string]any{"a": []string{"x"}, "b": 0}, "one"},
		{"x{{if .a}}y{{end}}", map[string]any{"a": []string{}}, "x"},
	} {
		tmpl, err := compile(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		var b strings.Builder
		if ok := tmpl.write(&b, tt.values); ok != (tt.want != "") || ok && b.String() != tt.want {
			t.Errorf("%s with %v: %q, %v", tt.text, tt.values, b.String(), ok)
		}
	}
	for _, wrong := range []string{
		"{{.x", "{{}}", "{{.x | y}}", "{{if .x}}", "{{end}}", "{{else}}", "{{if .x}}a{{else}}b{{else}}c{{end}}", "{{range .x}}{{end}}",
		"{{if eq .x y}}{{end}}", "{{if and .x .y}}{{end}}", "{{if .x}}a{{else unless .y}}b{{end}}",
	} {
		if _, err := compile(wrong); err == nil {
			t.Errorf("%s: no error", wrong)
		}
	}
}
