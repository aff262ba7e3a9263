package cli

import (
	"fmt"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/words"
)

// coverage is which time the logs of a run have, beside what was asked for. It says what is missing.
type coverage struct {
	console   *console
	selection *evtx.Selection
	stats     evtx.Stats
	logs      []*eventlog.Log
}

// coverage is known when all has been visited.
func (s *session) coverage() *coverage {
	return &coverage{s.console, &s.selection, s.totals.Stats, s.logs.Logs}
}

// window says in words which time was looked at.
func (c *coverage) window() string {
	since, until := c.selection.Since, c.selection.Until
	switch {
	case !since.IsZero() && !until.IsZero():
		return fmt.Sprintf("between %s and %s (UTC)", shownTime(since), shownTime(until))
	case !since.IsZero():
		return fmt.Sprintf("since %s (UTC)", shownTime(since))
	case !until.IsZero():
		return fmt.Sprintf("until %s (UTC)", shownTime(until))
	}
	return ""
}

// span says in words what the logs hold.
func (c *coverage) span() string {
	n := words.Thousands(uint64(c.stats.Records))
	if c.stats.Records == 1 {
		return fmt.Sprintf("1 event of %s (UTC)", shownTime(c.stats.First))
	}
	if c.stats.First.IsZero() {
		return n + " events"
	}
	return fmt.Sprintf("%s events from %s to %s (UTC)", n, shownTime(c.stats.First), shownTime(c.stats.Last))
}

// sayNothingFound tells that no event was selected, and where we looked. what is "errors", for example.
func (c *coverage) sayNothingFound(what string) {
	if window := c.window(); window != "" {
		c.console.note("no %s found %s: looked at %s", what, window, c.span())
		return
	}
	c.console.note("no %s found: looked at %s", what, c.span())
}

// sayUncovered tells that the logs do not reach as far back as was asked for.
func (c *coverage) sayUncovered() {
	defer c.sayRetention()
	since := c.selection.Since
	if since.IsZero() || c.stats.First.IsZero() || !c.stats.First.After(since) {
		return
	}
	c.console.note("the logs begin at %s (UTC): nothing is known of the time from %s on until then",
		shownTime(c.stats.First), shownTime(since))
}

// sayRetention tells why a live channel does not reach back as far as was asked for.
func (c *coverage) sayRetention() {
	since := c.selection.Since
	for _, log := range c.logs {
		live := log.Live()
		if live == nil || !live.Configured {
			continue
		}
		late := !since.IsZero() && live.Oldest.After(since)
		switch {
		case live.Full && live.Retention == eventlog.KeepOld:
			c.console.note("%s: the log is full, and Windows drops new events until it is cleared", log.Name)
			c.console.hint(`have old events overwritten: wevtutil set-log "%s" /retention:false`, live.Name)
		case late && live.Retention == eventlog.ArchiveFull:
			c.console.note("%s: begins at %s (UTC): older events are in files beside %s", log.Name, shownTime(live.Oldest), live.File)
			c.console.hint("give those too, as administrator: Archive-*.evtx in that folder")
		case late && live.OldestID > 1:
			c.console.note("%s: begins at %s (UTC): it holds %s at most, and old events are overwritten", log.Name, shownTime(live.Oldest), bytesText(float64(live.MaxBytes)))
			c.console.hint(`let it grow, as administrator: wevtutil set-log "%s" /maxsize:%d`, live.Name, max(20<<20, 4*live.MaxBytes))
		}
	}
}
