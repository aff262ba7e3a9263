package redact

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestNamedWindows: of a rule that matches names alone, what is found from the
// start of the name around a trigger is what is found from further in front.
func TestNamedWindows(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{
		`(?:^|[\s"'(])(?P<machine>(?:[a-z0-9][a-z0-9-]*\.)+com)\b`: true,
		`(?i)\b(?P<factory>[a-z0-9-]{1,62})\.datafactory\.azure`:   true,
		`\d+`: true, `x:y`: false, `a b`: false, `[^,]+`: false, `[a-z:]x`: true, `x[a-z:]`: false, `a.b`: false,
	} {
		if got := matchesNames(pattern); got != want {
			t.Errorf("%s: %v, not %v", pattern, got, want)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"host", ".com", ".", "-", "a1", " ", "://", "GW_01", "é", "\u017f", "@", ".net", ":443", "\"", "x"}
	pattern := regexp.MustCompile(`(?i)(?:^|[\s"'(=,;/@\[<>:])(?P<machine>(?:[a-z0-9][a-z0-9-]*\.)+com)\b`)
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(14) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text := b.String()
		for _, m := range pattern.FindAllStringIndex(text, -1) {
			if at := m[0] + strings.Index(strings.ToLower(text[m[0]:]), ".com"); startOfName(text, at) > m[0] {
				t.Fatalf("%q: a match begins at %d, the name around %d at %d", text, m[0], at, startOfName(text, at))
			}
		}
	}
}

// TestMayHave: a word of which a part is a name may have it.
func TestMayHave(t *testing.T) {
	t.Parallel()
	var n Names
	n.add(Machine, "GW01")
	n.add(Domain, "corp.example")
	n.add(User, "Élodie")
	for word, want := range map[string]bool{
		"gw01": true, "export_GW01_x": true, "sql.corp.example": true, "heartbeat": false, "a-b_c": false, "élodie": true, "ÉLODIE": true, "x": false,
		"": false, "agw01": false,
	} {
		if got := n.mayHave(word); got != want {
			t.Errorf("%q: %v, not %v", word, got, want)
		}
	}
}
