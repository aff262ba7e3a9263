package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

const hostile = "evil\x1b[2J\u202e\u2028\r\nsecond <b>"

// hostileDiagnosis has what must not act on a terminal wherever a text can come from.
func hostileDiagnosis(t *testing.T) *Diagnosis {
	t.Helper()
	s := &matcher.Signature{
		Rule: &sigma.Rule{ID: hostile, Level: sigma.High, References: []string{hostile}, Tags: []string{hostile}, File: hostile},
		Name: hostile, Text: matcher.Text{Title: hostile, Cause: hostile, Resolution: []string{hostile}},
	}
	at := time.Date(2017, 5, 4, 12, 0, 0, 100, time.UTC)
	example := matcher.Evidence{Source: hostile, Channel: hostile, Computer: hostile, Message: hostile, Cause: hostile, Time: at,
		Detail: matcher.Detail{Code: hostile, Outer: hostile, Account: hostile, Path: hostile}}
	return &Diagnosis{Tool: "gwlogs", Version: "devel", Lang: "en", Analysis: &matcher.Analysis{
		From: at, To: at, Asked: at.AddDate(0, 0, -7),
		Sources: []matcher.Source{{Name: hostile, Channel: hostile, Damaged: 1, Gateway: true,
			Stats: evtx.Stats{Records: 3, Selected: 2, First: at, Last: at, LowestID: 1, HighestID: 10}}},
		Computers: []string{hostile, "other"},
		Status:    []matcher.Status{{Computer: hostile, State: matcher.Offline, Since: at, Last: at, Event: &example}},
		Findings: []matcher.Finding{{
			Computers: []string{hostile}, Over: &matcher.Over{Sign: s, Last: at},
			Signature: s, Count: 1, First: at, Last: at,
			Captures:  []matcher.Captured{{Name: "host", Values: []string{hostile}}},
			Evidence:  []matcher.Evidence{example},
			Explained: []*matcher.Signature{s},
		}},
		Endpoints: []matcher.Endpoint{{Address: hostile, Port: 1, Count: 1, First: at, Last: at}},
		ReportIDs: []matcher.ReportID{{ID: "x", Computer: hostile, Time: at}},
		Groups:    []matcher.Group{{Channel: hostile, Provider: hostile, Level: 2, Example: example, Count: 2}},
	}}
}

func TestDiagnosisIsSafe(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "fr"} {
		for _, f := range DiagnosisFormats() {
			d := hostileDiagnosis(t)
			d.Lang = lang
			var out bytes.Buffer
			if err := WriteDiagnosis(&out, f, Style{Terminal: true, Width: 80}, d); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(out.String(), "\x1b\u202e\u2028\r") {
				t.Errorf("%s %s: %q", lang, f, out.String())
			}
			if f == JSON && !json.Valid(out.Bytes()) {
				t.Errorf("%s: no JSON: %s", lang, out.String())
			}
		}
		var out bytes.Buffer
		s := hostileDiagnosis(t).Findings[0].Signature
		if err := WriteSignature(&out, Style{Terminal: true, Width: 80}, s, lang); err != nil {
			t.Fatal(err)
		}
		if err := WriteSignatures(&out, Table, Style{Terminal: true, Width: 80}, []*matcher.Signature{s}, lang); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e\u2028\r") {
			t.Errorf("%s: %q", lang, out.String())
		}
	}
}

// TestDiagnosisFits: on a terminal no line is wider, but for addresses on the web.
func TestDiagnosisFits(t *testing.T) {
	t.Parallel()
	d := hostileDiagnosis(t)
	long := strings.Repeat("words and more words ", 30)
	d.Findings[0].Signature.Text = matcher.Text{Title: long, Cause: long, Resolution: []string{long}}
	d.Findings[0].Evidence[0].Cause = long
	var out bytes.Buffer
	if err := WriteDiagnosis(&out, Text, Style{Terminal: true, Width: 80}, d); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\n") {
		if n := len([]rune(line)); n > 80 && !strings.Contains(line, "evil") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// TestLanguages: what gwlogs says is there in the languages of the signatures, and the other way round.
func TestLanguages(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(words.Languages(), matcher.Languages()); diff != "" {
		t.Errorf("languages of internal/words, and of matcher/signatures/locale:\n%s", diff)
	}
}
