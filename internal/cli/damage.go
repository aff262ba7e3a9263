package cli

// sayDamage sums up, after all logs, what is damaged in them.
func (c *console) sayDamage(places, damaged, logs int) {
	switch {
	case places == 0:
	case logs == 1:
		c.problem("%s in the log; the rest was read", placesText(places))
	default:
		c.problem("%s in %d of %d logs; the rest was read", placesText(places), damaged, logs)
	}
}
