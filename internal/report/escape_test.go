package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/gwlogs/gwlogs/evtx"
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

// TestEveryFormatIsSafe: whatever an event says, in no format does a terminal act on it.
func TestEveryFormatIsSafe(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	w := evtx.NewWriter(&log)
	if err := w.WriteEvent(&evtx.Event{
		Provider: hostile, Channel: hostile, Computer: hostile, EventID: 1, Level: 2, Strings: []string{hostile, "\t" + hostile},
		TimeCreated: time.Date(2017, 5, 4, 12, 0, 0, 0, time.UTC),
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := evtx.NewReader(bytes.NewReader(log.Bytes()), int64(log.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats() {
		if f.Binary() {
			continue // it does not go to a terminal
		}
		var out bytes.Buffer
		doc, err := NewEvents(&out, f, Style{Terminal: true, Width: 200})
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range r.Records() {
			if err != nil {
				t.Fatal(err)
			}
			piece, err := doc.Renderer().Append(nil, rec)
			if err == nil {
				err = doc.Add(piece)
			}
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
		}
		if err := doc.Close(); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e\u2028") || !strings.Contains(out.String(), "evil") {
			t.Errorf("%s: %q", f, out.String())
		}
	}
}
