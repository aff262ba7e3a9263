package matcher

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestLintLocales(t *testing.T) {
	t.Parallel()
	signatures, err := Parse("a.yml", []byte(`title: T
name: table-dropped
logsource: {product: windows}
detection:
    text: {Data|contains: 'dropped while rows'}
    condition: text
cause: C
resolution: [one, two]
`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"table-dropped: {title: T, cause: C, resolution: [un, deux]}": "",
		"other: {title: T, cause: C, resolution: [un, deux]}":         "has no entry table-dropped",
		"table-dropped: {title: T, cause: C, resolution: [un]}":       "has 1 steps, here are 2",
		"table-dropped: {title: T, resolution: [un, deux]}":           "no title or no cause",
	} {
		found, err := LintLocales(signatures, fstest.MapFS{"fr.yml": {Data: []byte(text)}})
		if err != nil || (want == "") != (len(found) == 0) || want != "" && !strings.Contains(found[0].Error(), want) {
			t.Errorf("%s: %v, %v; want %q", text, found, err, want)
		}
	}
	if _, err := LintLocales(signatures, fstest.MapFS{"fr.yml": {Data: []byte("\tx")}}); err == nil {
		t.Error("no YAML is no error")
	}
	folder, err := Locales()
	if err != nil {
		t.Fatal(err)
	}
	if found, err := LintLocales(builtin(t), folder); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}
