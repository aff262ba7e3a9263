package report

import (
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

// severityWord is the word for how bad a problem is, empty for a rule without a level.
func severityWord(w *words.Words, level sigma.Level) string {
	if level == sigma.LevelNone {
		return ""
	}
	return w.Say("severity." + level.String())
}

// levelWord is the name of an event's level, as Event Viewer has it in the language.
func levelWord(w *words.Words, level evtx.Level) string {
	name := LevelName(level)
	if !w.Has("level." + name) {
		return name
	}
	return w.Say("level." + name)
}

// causeOf is the cause of a finding, and what else in the logs explains it.
func causeOf(w *words.Words, f *matcher.Finding) string {
	cause := f.Text(w.Lang()).Cause
	if f.Likely {
		cause = strings.TrimSpace(w.Say("diagnosis.likely") + " " + cause)
	}
	var titles []string
	for _, s := range f.Explained {
		titles = append(titles, s.In(w.Lang()).Title)
	}
	if len(titles) == 0 {
		return cause
	}
	return strings.TrimSpace(cause + " " + w.Say("diagnosis.explained", "titles", strings.Join(titles, "; ")))
}

// titleOf is the title of a finding, marked if it is only likely.
func titleOf(w *words.Words, f *matcher.Finding) string {
	title := f.Text(w.Lang()).Title
	if f.Likely {
		return w.Say("diagnosis.likely-title", "title", title)
	}
	return title
}

// occurrences says how often something happened, and when.
func occurrences(w *words.Words, n int, first, last string) string {
	return w.Say("diagnosis.times", "n", n, "first", first, "last", last)
}

func id(n uint64) string { return strconv.FormatUint(n, 10) }
