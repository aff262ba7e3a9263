package cli

import (
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/words"
)

// sayIntegrity names the records that are in a log and are not shown, unless they are asked for: of before it was cleared, and
// hidden inside of others.
func (c *console) sayIntegrity(in *eventlog.Reading, recovering bool) {
	switch n := in.Stats.BeforeClear; {
	case n == 0 || recovering:
	case n == 1:
		c.note("%s: 1 record from before the log was cleared is in it: --recover shows it", in.Log.Name)
	default:
		c.note("%s: %s records from before the log was cleared are in it: --recover shows them", in.Log.Name, words.Thousands(uint64(n)))
	}
	switch n := in.Stats.Hidden; {
	case n == 0:
	case n == 1:
		h := in.Stats.Integrity().Hidden[0]
		c.note("%s: record %d is hidden inside of record %d%s", in.Log.Name, h.RecordID, h.InsideID, shows(recovering, "it"))
	default:
		c.note("%s: %s records are hidden inside of others%s", in.Log.Name, words.Thousands(uint64(n)), shows(recovering, "them"))
	}
}

func shows(recovering bool, what string) string {
	if recovering {
		return ""
	}
	return ": --recover shows " + what
}
