package sigma

// String returns the level's name in the specification, empty for LevelNone.
func (l Level) String() string {
	switch l {
	case Informational:
		return "informational"
	case Low:
		return "low"
	case Medium:
		return "medium"
	case High:
		return "high"
	case Critical:
		return "critical"
	}
	return ""
}

// ParseLevel finds a level by its name.
func ParseLevel(name string) (Level, bool) {
	for l := Informational; l <= Critical; l++ {
		if l.String() == name {
			return l, true
		}
	}
	return LevelNone, false
}
