package check

import (
	"slices"

	"github.com/gwlogs/gwlogs/internal/words"
)

// A Probe is one kind of thing that is tried. What it is, why it matters and what it needs are sentences of package words, under
// its name.
type Probe struct {
	Name  string
	needs []string // probes that have to have succeeded before
}

// The names of the probes.
const (
	ProbeNames      = "names"
	ProbeConnection = "connection"
	ProbeProxy      = "proxy"
	ProbeTLS        = "tls"
	ProbeService    = "service"
	ProbeStore      = "store"
	ProbeNodes      = "nodes"
	ProbeMachine    = "machine"
)

// Probes are all probes, in the order in which they are tried.
func Probes() []Probe {
	return []Probe{
		{ProbeNames, nil},
		{ProbeConnection, []string{ProbeNames}},
		{ProbeProxy, nil},
		{ProbeTLS, []string{ProbeConnection}},
		{ProbeService, []string{ProbeTLS}},
		{ProbeStore, []string{ProbeConnection}},
		{ProbeNodes, []string{ProbeNames}},
		{ProbeMachine, nil},
	}
}

// ProbeNamesList are the names of all probes.
func ProbeNamesList() []string {
	var names []string
	for _, p := range Probes() {
		names = append(names, p.Name)
	}
	return names
}

// reaches reports whether a probe, or one that builds on it, is among those that were asked for.
func reaches(only []string, name string) bool {
	if len(only) == 0 || slices.Contains(only, name) {
		return true
	}
	for _, p := range Probes() {
		if slices.Contains(p.needs, name) && reaches(only, p.Name) {
			return true
		}
	}
	return false
}

// About says what the probe tries, why that matters, and what it needs.
func (p Probe) About(w *words.Words) (what, why, needs string) {
	name := func(part string) string { return p.Name + "-" + part }
	about := func(part string) string { return w.Say("check-probe." + name(part)) }
	return about("what"), about("why"), about("needs")
}
