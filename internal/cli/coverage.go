package cli

import (
	"fmt"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/words"
)

// coverage is which time the logs of a run have, beside what was asked for. It says what is missing.
type coverage struct {
	console      *console
	clock        zoneClock
	since, until time.Time
	stats        evtx.Stats
	retention    []eventlog.Notice // why live channels have no more
}

// coverage is known when all has been visited.
func (s *session) coverage() *coverage {
	return &coverage{s.console, zoneClock{s.options.zone}, s.selection.Since, s.selection.Until, s.totals.Stats,
		s.logs.Retention(s.selection.Since)}
}

// window says in words which time was looked at.
func (c *coverage) window() string {
	since, until := c.since, c.until
	switch {
	case !since.IsZero() && !until.IsZero():
		return fmt.Sprintf("between %s and %s (%s)", c.clock.show(since), c.clock.show(until), c.clock.name())
	case !since.IsZero():
		return fmt.Sprintf("since %s (%s)", c.clock.show(since), c.clock.name())
	case !until.IsZero():
		return fmt.Sprintf("until %s (%s)", c.clock.show(until), c.clock.name())
	}
	return ""
}

// span says in words what the logs hold.
func (c *coverage) span() string {
	n := words.Thousands(uint64(c.stats.Records))
	if c.stats.Records == 1 {
		return fmt.Sprintf("1 event of %s (%s)", c.clock.show(c.stats.First), c.clock.name())
	}
	if c.stats.First.IsZero() {
		return n + " events"
	}
	return fmt.Sprintf("%s events from %s to %s (%s)", n, c.clock.show(c.stats.First), c.clock.show(c.stats.Last), c.clock.name())
}

// sayNothingFound tells that no event was selected, and where we looked. what is "errors", for example.
func (c *coverage) sayNothingFound(what string) { c.console.note("%s", c.nothingFound(what)) }

func (c *coverage) nothingFound(what string) string {
	if window := c.window(); window != "" {
		return fmt.Sprintf("no %s found %s: looked at %s", what, window, c.span())
	}
	return fmt.Sprintf("no %s found: looked at %s", what, c.span())
}

// sayUncovered tells that the logs do not reach as far back as was asked for.
func (c *coverage) sayUncovered() {
	defer func() {
		for _, n := range c.retention {
			c.console.tell(n)
		}
	}()
	since := c.since
	if since.IsZero() || c.stats.First.IsZero() || !c.stats.First.After(since) {
		return
	}
	c.console.note("the logs begin at %s (%s): nothing is known of the time from %s on until then",
		c.clock.show(c.stats.First), c.clock.name(), c.clock.show(since))
}
