package cli

import (
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// sayDamage sums up, after all logs, what is damaged in them.
func (c *console) sayDamage(t *eventlog.Totals, logs int) {
	switch {
	case t.Damaged == 0:
	case logs == 1:
		c.problem("%s in the log; the rest was read", placesText(t.Damaged))
	default:
		c.problem("%s in %d of %d logs; the rest was read", placesText(t.Damaged), t.LogsDamaged, logs)
	}
}
