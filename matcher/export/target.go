package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

// A Target is an engine that takes the catalogue.
type Target string

// The targets.
const (
	KQL      Target = "kql"      // Log Analytics: queries on the table Event
	Chainsaw Target = "chainsaw" // a mapping and rules
	Hayabusa Target = "hayabusa" // rules
)

// Targets lists the targets.
func Targets() []Target { return []Target{KQL, Chainsaw, Hayabusa} }

// A File is a file to be written, its name relative and with slashes.
type File struct {
	Name string
	Text []byte
}

// Export writes the signatures, those that only serve a sequence included,
// for a target.
func Export(t Target, signatures []*matcher.Signature) ([]File, error) {
	signatures = slices.DeleteFunc(slices.Clone(signatures), func(s *matcher.Signature) bool {
		return s.Tells.Sign || s.Version != "" // no engine can say how old a version is
	})
	switch t {
	case KQL:
		return kqlFiles(signatures), nil
	case Chainsaw:
		return chainsawFiles(signatures)
	case Hayabusa:
		return hayabusaFiles(signatures)
	}
	return nil, fmt.Errorf("unknown target %q", t)
}

// channelsOf returns the channels that the log source of a rule means; none
// for a rule that names its channels itself, or none.
func channelsOf(r *sigma.Rule) []string {
	if r.Logsource.Service == matcher.ServiceGateway || r.Logsource.Service == matcher.ServiceRuntime {
		return matcher.CanonicalChannels()
	}
	return nil
}

// baseNames returns the names of the signatures that only serve a sequence.
func baseNames(signatures []*matcher.Signature) map[string]bool {
	names := make(map[string]bool)
	for _, s := range signatures {
		if c := s.Rule.Correlation; c != nil && !c.Generate {
			for _, ref := range c.Rules {
				names[ref.Name] = true
			}
		}
	}
	return names
}

// fileName is the name of a signature's file.
func fileName(s *matcher.Signature) string {
	name := strings.ReplaceAll(s.Name, "-", "_")
	const longest = 66
	return name[:min(len(name), longest)] + ".yml"
}

// maxVariants bounds what one text goes out as.
const maxVariants = 4

// variants returns a normalised text as it may stand in a log: with either
// apostrophe, and with a plain or a no-break space in front of a colon.
func variants(text string) []string {
	all := []string{text}
	add := func(old, new string) {
		for _, t := range all {
			if v := strings.ReplaceAll(t, old, new); v != t && len(all) < maxVariants && !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 }) || strings.Contains(text, "'a") || strings.Contains(text, "'h") {
		add("'", "\u2019") // translated texts have the typographic one
	}
	add(" :", "\u00a0:")
	return all
}
