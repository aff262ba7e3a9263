package tables

import "github.com/gwlogs/gwlogs/evtx"

// LevelNames are the names of the levels 1 to 5.
func LevelNames() []string {
	return []string{"critical", "error", "warning", "information", "verbose"}
}

// LevelName is the name of a level. Classic events have level 0 where Event
// Viewer shows information. A level that has no name is its number.
func LevelName(level evtx.Level) string {
	switch level {
	case evtx.LevelCritical:
		return "critical"
	case evtx.LevelError:
		return "error"
	case evtx.LevelWarning:
		return "warning"
	case evtx.LevelInformation, evtx.LevelLogAlways:
		return "information"
	case evtx.LevelVerbose:
		return "verbose"
	}
	return level.String()
}
