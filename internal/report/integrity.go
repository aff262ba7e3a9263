package report

import (
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// IntegrityText says what a log shows of events that are not in it any more, or should be: a phrase each, the graver ones first.
// A name or number in it is as the log has it: it is for the caller to show it safely. Times are in the zone of the style.
func IntegrityText(w *words.Words, s *Style, in *matcher.Integrity) []string {
	var all []string
	at := func(t *time.Time) string {
		if t == nil {
			return w.Say("integrity.no-time")
		}
		return s.short(*t)
	}
	say := func(text string) { all = append(all, text) }
	switch {
	case in.Emptied:
		say(w.Say("integrity.emptied", "n", in.BeforeClear))
	case in.BeforeClear > 0:
		say(w.Say("integrity.before-clear", "n", in.BeforeClear))
	}
	for _, c := range lastCleared(in.Cleared) {
		say(w.Say("integrity.cleared", "channel", clipName(c.Channel), "n", c.times, "last", at(c.Time), "user", clipName(c.User),
			"record", c.RecordID))
	}
	if in.Hidden > 0 {
		say(w.Say("integrity.hidden", "n", in.Hidden))
	}
	if in.Absent > 0 {
		say(w.Say("integrity.absent", "n", in.Absent))
	}
	if n := len(in.Backward); n > 0 {
		g := in.Backward[0]
		say(w.Say("integrity.backward", "n", n, "after", g.After, "before", g.Before))
	}
	if in.Unordered {
		say(w.Say("integrity.unordered"))
	}
	if n := len(in.Gaps); n > 0 {
		g := largestGap(in.Gaps)
		say(w.Say("integrity.gaps", "n", n, "missing", g.Missing, "after", g.After, "from", at(g.From),
			"before", g.Before, "to", at(g.To)))
	}
	if len(in.Silences) > 0 {
		g := in.Silences[0]
		say(w.Say("integrity.silence", "long", duration(w, g), "from", at(g.From), "to", at(g.To)))
	}
	if len(in.ClockSetBack) > 0 {
		g := in.ClockSetBack[0]
		say(w.Say("integrity.set-back", "long", duration(w, g), "from", at(g.From), "to", at(g.To), "record", g.Before))
	}
	return all
}

// clipName cuts a name that is far longer than names are.
func clipName(name string) string {
	if short := words.Clip(name, 120); len(short) < len(name) {
		return short + "…"
	}
	return name
}

// A lastClearing is the last time that a log was cleared, and how often it was.
type lastClearing struct {
	matcher.Clearing
	times int
}

// maxCleared is how many logs are named that were cleared: somebody who clears them, clears all.
const maxCleared = 4

func lastCleared(cleared []matcher.Clearing) (last []lastClearing) {
next:
	for _, c := range cleared {
		for i := range last {
			if last[i].Channel == c.Channel {
				last[i].Clearing = c
				last[i].times++
				continue next
			}
		}
		last = append(last, lastClearing{c, 1})
	}
	return last[max(0, len(last)-maxCleared):]
}

func largestGap(gaps []matcher.Gap) matcher.Gap {
	largest := gaps[0]
	for _, g := range gaps[1:] {
		if g.Missing > largest.Missing {
			largest = g
		}
	}
	return largest
}

// duration says how long it is between the events at the ends of a gap, in the largest unit of which there are two or more.
func duration(w *words.Words, g matcher.Gap) string {
	if g.From == nil || g.To == nil {
		return w.Say("integrity.no-time")
	}
	d := g.To.Sub(*g.From).Abs()
	const day = 24 * time.Hour
	return w.Say("integrity.duration", "days", int(d/day), "hours", int(d/time.Hour), "minutes", int(d/time.Minute))
}
