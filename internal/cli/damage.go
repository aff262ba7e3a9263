package cli

import (
	"github.com/gwlogs/gwlogs/internal/words"
)

// sayDamage sums up, after all logs, what is damaged in them, and how to see all of it.
func (c *console) sayDamage(places, damaged, logs int) {
	each := ""
	if !c.each && !c.quiet && (places > damaged || damaged > damagedNamed) {
		each = " (-v names each)"
	}
	switch {
	case places == 0:
	case logs == 1:
		c.problem("%s in the log%s; the rest was read", placesText(places), each)
	default:
		c.problem("%s in %s of %s logs%s; the rest was read", placesText(places), words.Thousands(damaged), words.Thousands(logs), each)
	}
}

// sayDuplicates tells how many events were in several of the logs. forgot is that there were too many to remember all of them.
func (c *console) sayDuplicates(n uint64, forgot bool) {
	switch {
	case n == 1:
		c.note("1 event is in more than one of the logs, and counts once: --duplicates keeps it")
	case n > 1:
		c.note("%s events are in more than one of the logs, and count once: --duplicates keeps them", words.Thousands(n))
	}
	if forgot {
		c.note("there are too many events to compare all of them: some that are in several logs may have been counted twice")
	}
}
