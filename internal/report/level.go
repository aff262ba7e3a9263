package report

import (
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// LevelNames are the names of the levels 1 to 5.
func LevelNames() []string {
	return []string{"critical", "error", "warning", "information", "verbose"}
}

// LevelName is the name of a level. Classic events have level 0 where Event
// Viewer shows information. A level that has no name is its number.
func LevelName(level evtx.Level) string {
	if level == evtx.LevelLogAlways {
		level = evtx.LevelInformation
	}
	if names := LevelNames(); 1 <= level && int(level) <= len(names) {
		return names[level-1]
	}
	return level.String()
}

// ParseLevel reads a level's name or number.
func ParseLevel(s string) (evtx.Level, bool) {
	for i, name := range LevelNames() {
		if strings.EqualFold(s, name) {
			return evtx.Level(i + 1), true
		}
	}
	switch strings.ToLower(s) {
	case "crit", "fatal":
		return evtx.LevelCritical, true
	case "err":
		return evtx.LevelError, true
	case "warn":
		return evtx.LevelWarning, true
	case "info", "informational":
		return evtx.LevelInformation, true
	}
	n, err := strconv.ParseUint(s, 10, 8)
	return evtx.Level(n), err == nil
}

// levelColor is the terminal's code for a level, empty for no colour.
func levelColor(level evtx.Level) string {
	switch level {
	case evtx.LevelCritical:
		return "\x1b[1;31m"
	case evtx.LevelError:
		return "\x1b[31m"
	case evtx.LevelWarning:
		return "\x1b[33m"
	}
	return ""
}

const colorOff = "\x1b[0m"
