package redact_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/internal/redact"
)

// What may be left of our own cases, in thousandths.
const (
	maxOwnSecretsLeft     = 20
	maxOwnOrdinaryChanged = 20
	maxOwnNamesLeft       = 50
)

// unmark returns a sample as it is, and what stands in it between ‹ and ›. A ¦ is dropped.
func unmark(sample string) (text string, marked []string) {
	sample = strings.ReplaceAll(sample, "¦", "")
	for _, m := range regexp.MustCompile(`‹([^›]*)›`).FindAllStringSubmatch(sample, -1) {
		marked = append(marked, m[1])
	}
	return strings.NewReplacer("‹", "", "›", "").Replace(sample), marked
}

func ownCases(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func TestOwnSecrets(t *testing.T) {
	t.Parallel()
	var groups []struct {
		Text   []string
		Values [][]string
		Named  [][][]string
	}
	ownCases(t, "own-secrets.yml", &groups)
	var events, secrets, names [][]string
	add := func(values, named []string) {
		var plain, gone []string
		for _, v := range values {
			text, marked := unmark(v)
			plain, gone = append(plain, text), append(gone, marked...)
		}
		events, secrets, names = append(events, plain), append(secrets, gone), append(names, named)
	}
	for _, g := range groups {
		for _, text := range g.Text {
			add([]string{text}, nil)
		}
		for _, values := range g.Values {
			add(values, nil)
		}
		for _, pairs := range g.Named {
			var values, named []string
			for _, p := range pairs {
				named, values = append(named, p[0]), append(values, p[1])
			}
			add(values, named)
		}
	}
	var asValues, asText []string
	texts := newSecrets(t)
	for i, got := range asNamedEvents(t, events, names, nil, redact.Secrets) {
		if left := left(strings.Join(got, "\n"), secrets[i]); left != "" {
			asValues = append(asValues, left+" in "+strconv.Quote(shorten(strings.Join(got, " | "))))
		}
		if len(events[i]) > 1 {
			continue
		}
		if text := texts.Text(events[i][0]); left(text, secrets[i]) != "" {
			asText = append(asText, strconv.Quote(shorten(text)))
		}
	}
	judge(t, "our secrets left in values", asValues, len(events), maxOwnSecretsLeft)
	judge(t, "our secrets left in text files", asText, len(events), maxOwnSecretsLeft)
}

func TestOwnOrdinary(t *testing.T) {
	t.Parallel()
	var texts []string
	ownCases(t, "own-ordinary.yml", &texts)
	var wrong []string
	r := newSecrets(t)
	for _, text := range texts {
		if got := r.Text(text); got != text {
			wrong = append(wrong, strconv.Quote(text)+" became "+strconv.Quote(got))
		}
	}
	judge(t, "our ordinary texts changed", wrong, len(texts), maxOwnOrdinaryChanged)
}

func TestOwnIdentities(t *testing.T) {
	t.Parallel()
	var samples []string
	ownCases(t, "own-identities.yml", &samples)
	var wrong []string
	sum := 0
	for _, sample := range samples {
		// Each for itself, so that nothing is known from another.
		text, names := unmark(sample)
		got := asEvents(t, [][]string{{text}}, nil, redact.Identities)[0][0]
		sum += len(names)
		for _, name := range names {
			if strings.Contains(strings.ToLower(got), strings.ToLower(name)) {
				wrong = append(wrong, name+" in "+strconv.Quote(got))
			}
		}
	}
	judge(t, "our names left", wrong, sum, maxOwnNamesLeft)
}
