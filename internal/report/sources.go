package report

import (
	"time"

	"github.com/gwlogs/gwlogs/matcher"
)

// maxSources is how many logs have lines of their own, unless all are asked for.
const maxSources = 10

// shownSources are the logs that have lines of their own: all, if they are few; else those of a gateway, and those of which
// something was lost.
func shownSources(d *Diagnosis) (shown, others []*matcher.Source) {
	all := d.AllSources || len(d.Sources) <= maxSources
	for i := range d.Sources {
		s := &d.Sources[i]
		if all || len(shown) < maxSources && (s.Gateway || s.Failed || s.Damaged > 0) {
			shown = append(shown, s)
		} else {
			others = append(others, s)
		}
	}
	return shown, others
}

// otherSources is one line for the logs that have none.
func (t *diagnosisText) otherSources(all []*matcher.Source) string {
	records, selected, damaged := 0, 0, 0
	var first, last time.Time
	for _, s := range all {
		records, selected, damaged = records+s.Records, selected+s.Selected, damaged+s.Damaged
		if first.IsZero() || !s.First.IsZero() && s.First.Before(first) {
			first = s.First
		}
		if s.Last.After(last) {
			last = s.Last
		}
	}
	line := t.words.Say("diagnosis.other-logs", "n", len(all)) + ": " + t.words.Say("diagnosis.records", "n", records, "selected", selected)
	if !first.IsZero() {
		line += "; " + t.words.Say("diagnosis.span", "first", t.style.short(first), "last", t.style.short(last))
	}
	if damaged > 0 {
		line += "; " + t.words.Say("diagnosis.damaged", "n", damaged)
	}
	return line + "; " + t.words.Say("diagnosis.all-logs")
}
