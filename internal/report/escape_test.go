package report

import (
	"encoding/json"
	"encoding/xml"
	"testing"
	"unicode"
)

// Whatever the standard library calls a control or a character of direction must not get through.
func TestUnsafe(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		bidi := unicode.Is(unicode.Bidi_Control, r)
		if (unicode.IsControl(r) || bidi) && !unsafe(r) {
			t.Errorf("%U gets through", r)
		}
		if unsafe(r) && unicode.IsLetter(r) {
			t.Errorf("%U is a letter", r)
		}
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	const in = "a\x1b]0;x\a\n\u2066é\xff"
	const want = `a\x1b]0;x\x07\x0a\u2066é` + "\uFFFD"
	if got := Visible(in); got != want {
		t.Errorf("Visible(%q) = %q, want %q", in, got, want)
	}
}

// Escaped for a terminal, JSON and XML still mean the same.
func TestEscapedMeansTheSame(t *testing.T) {
	t.Parallel()
	const text = "a\u009b2J \u202e é \U000e0041 \x7f"
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(escapeLines(nil, quoted, appendJSONEscape), &got); err != nil || got != text {
		t.Errorf("JSON: %q, %v; want %q", got, err, text)
	}
	var element struct {
		Text string `xml:",chardata"`
	}
	escaped := escapeLines(nil, []byte("<E>"+text+"</E>"), appendXMLReference)
	if err := xml.Unmarshal(escaped, &element); err != nil || element.Text != text {
		t.Errorf("XML: %q, %v; want %q", element.Text, err, text)
	}
	for _, r := range string(escaped) {
		if unsafe(r) {
			t.Errorf("%U gets through", r)
		}
	}
}
