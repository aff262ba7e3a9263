package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/sigma"
)

// totals is what came of the samples.
type totals struct {
	rules           []*sigma.Rule
	samples, events int
	exact           int // as often as the data say
	uncounted       int // at least once, and the data do not say how often
	more            []string
	missed          []string
	others          map[string]int // samples in which a rule matches that is not theirs, by id
}

func (t *totals) add(s sample, matched map[string]int, events int, verbose bool) {
	t.samples++
	t.events += events
	got := matched[s.rule]
	line := fmt.Sprintf("%s in %s: %d matches, want %d", t.title(s.rule), s.path, got, max(1, s.want))
	switch {
	case got < max(1, s.want):
		t.missed = append(t.missed, line)
	case s.want == 0:
		t.uncounted++
	case got == s.want:
		t.exact++
	default: // SigmaHQ's own test takes it for a count that was not kept up to date
		t.more = append(t.more, line)
	}
	for _, id := range slices.Sorted(maps.Keys(matched)) {
		if id == s.rule {
			continue
		}
		t.others[id]++
		if verbose {
			fmt.Printf("%s: also %s, %d times\n", s.path, t.title(id), matched[id])
		}
	}
}

// print shows the totals; the error names the samples with too few matches.
func (t *totals) print() error {
	fmt.Printf("%d rules\n%d samples, %d events\n%d exact, %d without a count in the data, %d more often than they say, %d missed\n",
		len(t.rules), t.samples, t.events, t.exact, t.uncounted, len(t.more), len(t.missed))
	for _, line := range t.more {
		fmt.Println("more:", line)
	}
	fmt.Printf("%d other rules match too, in so many samples:\n", len(t.others))
	ids := slices.SortedFunc(maps.Keys(t.others), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.others[b], t.others[a]), cmp.Compare(a, b))
	})
	for _, id := range ids {
		fmt.Printf("%6d  %s\n", t.others[id], t.title(id))
	}
	if len(t.missed) > 0 {
		return fmt.Errorf("missed:\n%s", strings.Join(t.missed, "\n"))
	}
	return nil
}

func (t *totals) title(id string) string {
	for _, r := range t.rules {
		if r.ID == id {
			return r.Title
		}
	}
	return id
}
