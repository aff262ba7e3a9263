package report

import (
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/tables"
)

// LevelNames are the names of the levels 1 to 5.
func LevelNames() []string { return tables.LevelNames() }

// LevelName is the name of a level, the same in everything that programs read.
func LevelName(level evtx.Level) string { return tables.LevelName(level) }

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
