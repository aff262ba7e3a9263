package view

import (
	"fmt"

	"github.com/gwlogs/gwlogs/matcher"
)

// A verdict is what the analysis made of an event.
type verdict struct {
	findings []string // names of signatures
	group    matcher.GroupKey
}

// verdicts are those of all events: two bytes each. Few events have the same, so that there are few.
type verdicts struct {
	generation int
	verdictOf  []uint16
	kinds      []verdict
	next       map[string]uint16 // from a verdict to that with something more
}

// maxVerdicts is what two bytes can tell apart; events beyond have none.
const maxVerdicts = 1 << 16

func noVerdicts() *verdicts { return &verdicts{kinds: []verdict{{}}} }

func newVerdicts(n, generation int) *verdicts {
	return &verdicts{generation: generation, verdictOf: make([]uint16, n), kinds: []verdict{{}}, next: make(map[string]uint16)}
}

// add adds to the verdict of an event.
func (v *verdicts) add(n int, finding string, group matcher.GroupKey) {
	if n < 0 || n >= len(v.verdictOf) {
		return
	}
	have := v.verdictOf[n]
	key := fmt.Sprintf("%d %s %d", have, finding, group)
	to, ok := v.next[key]
	if !ok {
		if len(v.kinds) >= maxVerdicts {
			return
		}
		made := v.kinds[have]
		if finding != "" {
			made.findings = append(append([]string(nil), made.findings...), finding)
		} else {
			made.group = group
		}
		to = uint16(len(v.kinds))
		v.kinds = append(v.kinds, made)
		v.next[key] = to
	}
	v.verdictOf[n] = to
}

// of is the verdict of an event.
func (v *verdicts) of(n int) *verdict {
	if n < len(v.verdictOf) {
		return &v.kinds[v.verdictOf[n]]
	}
	return &v.kinds[0]
}

// shapeName is how a group is called in a filter.
func shapeName(key matcher.GroupKey) string { return fmt.Sprintf("g%016x", uint64(key)) }

func shapeOf(key matcher.GroupKey) string {
	if key == 0 {
		return ""
	}
	return shapeName(key)
}
