package eventlog

import (
	"fmt"
	"math"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/words"
)

// A Notice is a line that somebody should read who reads the logs.
type Notice struct {
	Text    string
	Hint    string // what to do; empty if there is nothing, or nothing we know
	Trouble bool   // something could not be read
	Damage  bool   // it is of damaged places in a log, which the sum of all logs counts too
}

// Notice is the error as a line.
func (e *Error) Notice() Notice { return Notice{Text: e.Error(), Hint: e.Hint, Trouble: true} }

// Tell says what is wrong with the logs of the pass, and what is in them that it does not visit. Of the damaged places of a log it
// names each, or else says in one line how many there are and which is the first.
func (p *Pass) Tell(say func(Notice), each bool) {
	damage := func(in *Reading, format string, args ...any) {
		say(Notice{Text: in.Log.Name + ": " + fmt.Sprintf(format, args...), Trouble: true, Damage: true})
	}
	if each {
		p.Places, p.Damage = math.MaxInt, func(in *Reading, place *evtx.FormatError) { damage(in, "%v", place) }
	}
	p.Failed = func(in *Reading) { say(in.Err.Notice()) }
	p.Unsorted = func(log *Log, step BackStep) {
		n := Notice{Text: log.Name + ": " + step.text(), Trouble: !step.Sorted}
		if n.Trouble {
			n.Hint = "choose fewer events: --since, --until, --level"
		}
		say(n)
	}
	p.Ended = func(in *Reading) {
		switch more := in.Damaged - in.Told; {
		case each && more > 0:
			damage(in, "… and %s more", words.Thousands(uint64(more)))
		case each || in.Damaged == 0:
		case in.Damaged == 1:
			damage(in, "%v", in.First)
		default:
			damage(in, "%s damaged places, the first: %v", words.Thousands(uint64(in.Damaged)), in.First)
		}
		in.tellIntegrity(say)
	}
}

// tellIntegrity names the records that are in a log and are not shown, unless they are asked for: of before it was cleared, and
// hidden inside of others.
func (in *Reading) tellIntegrity(say func(Notice)) {
	recovering := in.Log.set.options.Recover
	note := func(format string, args ...any) { say(Notice{Text: in.Log.Name + ": " + fmt.Sprintf(format, args...)}) }
	switch n := in.Stats.BeforeClear; {
	case n == 0 || recovering:
	case n == 1:
		note("1 record from before the log was cleared is in it: --recover shows it")
	default:
		note("%s records from before the log was cleared are in it: --recover shows them", words.Thousands(uint64(n)))
	}
	shows := func(what string) string {
		if recovering {
			return ""
		}
		return ": --recover shows " + what
	}
	switch n := in.Stats.Hidden; {
	case n == 0:
	case n == 1:
		h := in.Stats.Integrity().Hidden[0]
		note("record %d is hidden inside of record %d%s", h.RecordID, h.InsideID, shows("it"))
	default:
		note("%s records are hidden inside of others%s", words.Thousands(uint64(n)), shows("them"))
	}
}

// Retention tells why live channels do not reach back to since (zero: as far as anybody likes), and what to do about it.
func (s *Set) Retention(since time.Time) []Notice {
	var all []Notice
	add := func(l *Log, hint, format string, args ...any) {
		all = append(all, Notice{Text: l.Name + ": " + fmt.Sprintf(format, args...), Hint: hint})
	}
	for _, log := range s.Logs {
		live := log.Live()
		if live == nil || !live.Configured {
			continue
		}
		begins := live.Oldest.UTC().Format(time.DateTime) + " (UTC)"
		late := !since.IsZero() && live.Oldest.After(since)
		switch {
		case live.Full && live.Retention == KeepOld:
			add(log, fmt.Sprintf(`have old events overwritten: wevtutil set-log "%s" /retention:false`, live.Name),
				"the log is full, and Windows drops new events until it is cleared")
		case late && live.Retention == ArchiveFull:
			add(log, "give those too, as administrator: Archive-*.evtx in that folder",
				"begins at %s: older events are in files beside %s", begins, live.File)
		case late && live.OldestID > 1:
			add(log, fmt.Sprintf(`let it grow, as administrator: wevtutil set-log "%s" /maxsize:%d`, live.Name, max(20<<20, 4*live.MaxBytes)),
				"begins at %s: it holds %s at most, and old events are overwritten", begins, words.Bytes(float64(live.MaxBytes)))
		}
	}
	return all
}
