package matcher

import (
	"slices"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

func TestFromGateway(t *testing.T) {
	t.Parallel()
	from := FromGateway()
	for _, tt := range []struct {
		channel, provider string
		want              bool
	}{
		{"Integration Runtime", "", true},
		{"INTEGRATION  runtime", "", true},
		{"Connectors \u2013 Integration\u00a0Runtime", "", true},
		{"connectors-integration runtime", "", true},
		{"Data Management Gateway", "anything", true},
		{"Application", "Data Management Gateway", true},
		{"application", "Connectors \u2014 Integration Runtime", true},
		{"Application", "MsiInstaller", false},
		{"Application", "", false},
		{"System", "Integration Runtime", false},
		{"", "Integration Runtime", false},
		{"Integration Services", "", false},
	} {
		if got := from(tt.channel, tt.provider); got != tt.want {
			t.Errorf("%q, %q: %v", tt.channel, tt.provider, got)
		}
	}
}

// What signatures find in the logs of Windows is what is read of them.
func TestNeighboursHaveSamples(t *testing.T) {
	t.Parallel()
	signatures, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, s := range signatures {
		for _, e := range slices.Concat(s.Positive...) {
			if !strings.EqualFold(e.Channel, "System") && !strings.EqualFold(e.Channel, "Application") || e.Provider == "" {
				continue
			}
			seen[strings.ToLower(e.Channel)] = true
			if !slices.ContainsFunc(Neighbours(), func(n evtx.Selection) bool {
				return strings.EqualFold(n.Channels[0], e.Channel) && slices.Contains(n.Providers, e.Provider) &&
					(len(n.IDs) == 0 || slices.ContainsFunc(n.IDs, func(r evtx.IDRange) bool { return r.From <= e.ID && e.ID <= r.To }))
			}) {
				t.Errorf("%s: %s %s %d is not among Neighbours", s.Name, e.Channel, e.Provider, e.ID)
			}
		}
	}
	if !seen["system"] || !seen["application"] {
		t.Errorf("samples of %v alone", seen)
	}
}
