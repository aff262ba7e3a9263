package evtx

import (
	"strings"
	"testing"
)

func TestMatchName(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"?", "", false}, {"?", "é", true}, {"??", "é", false},
		{"System", "SYSTEM", true}, {"sys*", "System", true}, {"*tem", "System", true}, {"*y*e*", "System", true},
		{"*y*e", "System", false}, {"a*b*c", "aXbXbXc", true}, {"a**", "a", true}, {"s?s", "sIs", true},
		{"K*", "\u212Aelvin", true}, // the sign of kelvin is a K in another case
		{"Microsoft-Windows-*/Operational", "Microsoft-Windows-Sysmon/Operational", true},
	} {
		if got := matchName(tt.pattern, tt.name); got != tt.want {
			t.Errorf("matchName(%q, %q) = %v", tt.pattern, tt.name, got)
		}
	}
}

// FuzzMatchName holds it against the slow way, which tries every end of every star.
func FuzzMatchName(f *testing.F) {
	f.Add("a*b?c", "aXbYc")
	f.Add("**", "é")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 12 || len(name) > 12 {
			t.Skip("the slow way would take long")
		}
		if got, want := matchName(pattern, name), matchSlowly([]rune(pattern), []rune(name)); got != want && strings.ContainsAny(pattern, "*?") {
			t.Errorf("matchName(%q, %q) = %v", pattern, name, got)
		}
	})
}

func matchSlowly(pattern, name []rune) bool {
	if len(pattern) == 0 {
		return len(name) == 0
	}
	if pattern[0] == '*' {
		return matchSlowly(pattern[1:], name) || len(name) > 0 && matchSlowly(pattern, name[1:])
	}
	if len(name) == 0 || pattern[0] != '?' && !strings.EqualFold(string(pattern[0]), string(name[0])) {
		return false
	}
	return matchSlowly(pattern[1:], name[1:])
}
