package view

import (
	"fmt"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/report"
)

// parseTicks reads a time; end says that of a day or a second its end is meant. Empty is the begin of time.
func parseTicks(text string, end bool) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	for _, l := range []struct {
		layout string
		long   time.Duration
	}{{time.RFC3339Nano, 0}, {"2006-01-02 15:04:05.9999999", 0}, {"2006-01-02T15:04:05.9999999", 0}, {"2006-01-02 15:04", time.Minute}, {time.DateOnly, 24 * time.Hour}} {
		t, err := time.Parse(l.layout, text)
		if err != nil {
			continue
		}
		if end && l.long > 0 {
			t = t.Add(l.long - 100*time.Nanosecond)
		}
		return ticksOf(t), nil
	}
	return 0, &Error{Message: fmt.Sprintf("%q is no time", text), Hint: "times are 2017-05-04T18:00:00Z, 2017-05-04 18:00, or 2017-05-04"}
}

func parseLevel(s string) (evtx.Level, bool) {
	level, ok := report.ParseLevel(s)
	if level == evtx.LevelLogAlways {
		level = evtx.LevelInformation
	}
	return level, ok
}

// shownLevel is the level that an event counts under.
func shownLevel(level uint8) uint8 {
	if level == 0 {
		return uint8(evtx.LevelInformation)
	}
	return level
}
