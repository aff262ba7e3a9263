package redact_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// What may be left of an attack on redaction, and what may be taken by mistake,
// in thousandths of the cases. See README.md beside the cases.
const (
	maxSecretsLeft     = 10 // of the undisputed ones
	maxOrdinaryChanged = 20 // where not both are right
	maxNamesLeft       = 50
)

// attackCase is a line of one of the three files.
type attackCase struct {
	ID         int
	Shape      string
	Strings    []string
	Secret     []string
	Disputable bool
	Text       string
	Either     bool
	Kind       string
	Names      []string
}

// attack reads cases that others keep.
func attack(t *testing.T, name string) []attackCase {
	t.Helper()
	shared := os.Getenv("GWLOGS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(shared, "redaction", name))
	if err != nil {
		t.Skipf("no cases: GWLOGS_SHARED does not name the folder that holds them: %v", err)
	}
	defer f.Close()
	var all []attackCase
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c attackCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if len(all) < 50 {
		t.Fatalf("%s has only %d cases", name, len(all))
	}
	return all
}

// asEvents returns what a bundle has of events with these strings, one a case.
func asEvents(t *testing.T, events [][]string, computers map[int]string, mode redact.Mode) [][]string {
	t.Helper()
	return asNamedEvents(t, events, nil, computers, mode)
}

// asNamedEvents has names for the values of some events.
func asNamedEvents(t *testing.T, events, names [][]string, computers map[int]string, mode redact.Mode) [][]string {
	t.Helper()
	var in bytes.Buffer
	w := evtx.NewWriter(&in)
	for i, texts := range events {
		e := &evtx.Event{
			Provider: "Data Management Gateway", Channel: "Data Management Gateway", Computer: "GW01.contoso.local", EventID: 500, Level: 4,
			TimeCreated: time.Date(2024, 6, 2, 10, 0, 0, 0, time.UTC), Strings: texts,
		}
		if name := computers[i]; name != "" {
			e.Computer = name
		}
		if names != nil && names[i] != nil {
			for k, name := range names[i] {
				e.Data = append(e.Data, evtx.Data{Name: name, Value: evtx.StringValue(texts[k])})
			}
		}
		if err := w.WriteEvent(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "cases.evtx")
	if err := os.WriteFile(log, in.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	o := redact.Options{Mode: mode}
	if mode == redact.Identities {
		o.Tokens, _ = redact.NewTokens(make([]byte, redact.KeySize))
		o.Names = learned(t, log, o)
	}
	r, err := redact.New(o)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := redactLog(t, log, r)
	out, err := evtx.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for rec, err := range out.Records() {
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, d := range rec.AppendData(nil) {
			texts = append(texts, d.Value.String())
		}
		got = append(got, texts)
	}
	if len(got) != len(events) {
		t.Fatalf("%d events became %d", len(events), len(got))
	}
	return got
}

// learned are the names that a first pass over a log finds.
func learned(t *testing.T, log string, o redact.Options) *redact.Names {
	t.Helper()
	r, err := redact.New(o)
	if err != nil {
		t.Fatal(err)
	}
	in, err := evtx.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	names := new(redact.Names)
	for rec, err := range in.Records() {
		if err != nil {
			t.Fatal(err)
		}
		r.Learn(names, rec)
	}
	return names
}

// left returns what a text still has of secrets: a whole one or half of it, as
// it is or behind \uXXXX.
func left(text string, secrets []string) string {
	unescaped := regexp.MustCompile(`\\u[0-9a-f]{4}`).ReplaceAllStringFunc(text, func(s string) string {
		c, _ := strconv.ParseUint(s[2:], 16, 16)
		return string(rune(c))
	})
	for _, secret := range secrets {
		for _, part := range []string{secret, secret[:len(secret)/2], secret[len(secret)/2:]} {
			if len(part) >= 6 && (strings.Contains(text, part) || strings.Contains(unescaped, part)) {
				return part
			}
		}
	}
	return ""
}

// judge fails if more cases went wrong than the limit, in thousandths, and lists them.
func judge(t *testing.T, what string, wrong []string, all, limit int) {
	t.Helper()
	t.Logf("%s: %d of %d (%.1f %%)", what, len(wrong), all, 100*float64(len(wrong))/float64(all))
	for _, line := range wrong {
		t.Log(line)
	}
	if len(wrong)*1000 > limit*all {
		t.Errorf("%s: %d of %d, more than %.1f %%", what, len(wrong), all, float64(limit)/10)
	}
}

func TestAttackSecrets(t *testing.T) {
	t.Parallel()
	cases := attack(t, "secrets.jsonl")
	var events [][]string
	for _, c := range cases {
		events = append(events, c.Strings)
	}
	texts := newSecrets(t)
	var asValues, asText, disputed []string
	blamed := 0
	for i, got := range asEvents(t, events, nil, redact.Secrets) {
		c := cases[i]
		line := func(got string) string { return c.Shape + ": " + strconv.Quote(shorten(got)) }
		gone := left(strings.Join(got, "\n"), c.Secret) == ""
		if c.Disputable {
			if !gone {
				disputed = append(disputed, line(strings.Join(got, " | ")))
			}
			continue
		}
		blamed++
		if !gone {
			asValues = append(asValues, line(strings.Join(got, " | ")))
		}
		if len(c.Strings) > 1 {
			continue
		}
		if text := texts.Text(c.Strings[0]); left(text, c.Secret) != "" {
			asText = append(asText, line(text))
		}
	}
	judge(t, "secrets left in values", asValues, blamed, maxSecretsLeft)
	judge(t, "secrets left in text files", asText, blamed, maxSecretsLeft)
	judge(t, "disputed secrets left", disputed, len(cases)-blamed, 1000)
}

func TestAttackOrdinary(t *testing.T) {
	t.Parallel()
	cases := attack(t, "ordinary.jsonl")
	var events [][]string
	for _, c := range cases {
		events = append(events, []string{c.Text})
	}
	texts := newSecrets(t)
	var asValues, asText, either []string
	blamed := 0
	for i, got := range asEvents(t, events, nil, redact.Secrets) {
		c := cases[i]
		line := func(got string) string { return strconv.Quote(c.Text) + " became " + strconv.Quote(got) }
		if c.Either {
			if got[0] != c.Text {
				either = append(either, line(got[0]))
			}
			continue
		}
		blamed++
		if got[0] != c.Text {
			asValues = append(asValues, line(got[0]))
		}
		if text := texts.Text(c.Text); text != c.Text {
			asText = append(asText, line(text))
		}
	}
	judge(t, "ordinary values changed", asValues, blamed, maxOrdinaryChanged)
	judge(t, "ordinary text files changed", asText, blamed, maxOrdinaryChanged)
	judge(t, "placeholders changed", either, len(cases)-blamed, 1000)
}

func TestAttackIdentities(t *testing.T) {
	t.Parallel()
	cases := attack(t, "identities.jsonl")
	var events [][]string
	computers := make(map[int]string)
	for i, c := range cases {
		events = append(events, []string{c.Text})
		if c.Kind == "machine = computer" {
			computers[i] = c.Names[0]
		}
	}
	var wrong []string
	names := 0
	for i, got := range asEvents(t, events, computers, redact.Identities) {
		c := cases[i]
		names += len(c.Names)
		for _, name := range c.Names {
			if strings.Contains(strings.ToLower(got[0]), strings.ToLower(name)) {
				wrong = append(wrong, c.Kind+": "+name+" in "+strconv.Quote(got[0]))
			}
		}
	}
	judge(t, "names left", wrong, names, maxNamesLeft)
}
