package report

import (
	"strconv"
	"strings"
)

// LevelNames are the names of the levels 1 to 5.
func LevelNames() []string {
	return []string{"critical", "error", "warning", "information", "verbose"}
}

// LevelName is the name of a level. Classic events have level 0 where Event
// Viewer shows information. A level that has no name is its number.
func LevelName(level uint8) string {
	switch level {
	case 0, 4:
		return "information"
	case 1:
		return "critical"
	case 2:
		return "error"
	case 3:
		return "warning"
	case 5:
		return "verbose"
	}
	return strconv.Itoa(int(level))
}

// ParseLevel reads a level's name or number.
func ParseLevel(s string) (uint8, bool) {
	for i, name := range LevelNames() {
		if strings.EqualFold(s, name) {
			return uint8(i + 1), true
		}
	}
	switch strings.ToLower(s) {
	case "info":
		return 4, true
	case "warn":
		return 3, true
	}
	n, err := strconv.ParseUint(s, 10, 8)
	return uint8(n), err == nil
}

// levelColor is the terminal's code for a level, empty for no colour.
func levelColor(level uint8) string {
	switch level {
	case 1:
		return "\x1b[1;31m"
	case 2:
		return "\x1b[31m"
	case 3:
		return "\x1b[33m"
	}
	return ""
}

const colorOff = "\x1b[0m"
