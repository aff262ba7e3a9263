package archive

import (
	"cmp"
	"slices"
)

// totals sums the counts of rules over all entries, the most frequent first.
func totals(rules []RuleCount) []RuleCount {
	var sums []RuleCount
	for _, r := range rules {
		i := slices.IndexFunc(sums, func(s RuleCount) bool { return s.Rule == r.Rule })
		if i < 0 {
			sums = append(sums, RuleCount{Rule: r.Rule})
			i = len(sums) - 1
		}
		sums[i].Count += r.Count
	}
	slices.SortFunc(sums, func(a, b RuleCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Rule, b.Rule))
	})
	return sums
}

// Records is how many events the logs of the bundle have. A bundle without a single one is of no use to anybody.
func (m *Manifest) Records() int {
	n := 0
	for _, e := range m.Entries {
		n += e.Records
	}
	return n
}

// Totals sums what redaction did over all entries, the most frequent first.
func (m *Manifest) Totals() []RuleCount { return totals(m.Redaction.Rules) }
