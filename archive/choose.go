package archive

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// In a folder, such as the one in which Windows keeps its logs, most are none of support's business. Of the logs that were found there,
// and that nobody has named, the bundle has those in which a gateway writes, and of others the events that tell of one.

// A LeftOut is a log of a folder in which no event is a gateway's or tells of one.
type LeftOut struct {
	Source  string `json:"source"`
	Channel string `json:"channel"` // of its first event; empty if it has none
}

// choose takes the logs out of the set that are left out.
func (m *maker) choose(ctx context.Context) error {
	if m.o.AllLogs || len(m.want.Channels)+len(m.want.Providers) > 0 { // somebody has chosen
		return nil
	}
	about := matcher.AboutGateway()
	var kept []*eventlog.Log
	for _, log := range m.set.Logs {
		if log.Found() {
			channel, of, err := m.lookFor(ctx, about, log)
			switch {
			case err != nil:
				return err
			case !of:
				m.leftOut = append(m.leftOut, LeftOut{m.sourceName(log), channel})
				continue
			}
			log.Only(about...)
		}
		kept = append(kept, log)
	}
	if len(kept) == 0 && len(m.leftOut) > 0 {
		text := "no log of a gateway was found; there are " + leftOutText(m.leftOut, 5)
		if len(m.leftOut) == 1 {
			text = "no log of a gateway was found; there is " + leftOutText(m.leftOut, 5)
		}
		m.notify(eventlog.Notice{Text: text, Hint: "--all-logs takes all that there are; a file that is named is taken in any case",
			Trouble: true})
	}
	m.set.Logs = kept
	return nil
}

// errEnough ends a pass that has seen what it wanted.
var errEnough = errors.New("enough")

// lookFor reports whether a log has an event that one of the selections wants, and the channel of its first event. One that cannot be
// read is taken, so that it is said why.
func (m *maker) lookFor(ctx context.Context, about []evtx.Selection, log *eventlog.Log) (channel string, found bool, err error) {
	var first atomic.Pointer[string]
	spy := evtx.Selection{From: func(channel, _ string) bool {
		first.CompareAndSwap(nil, &channel)
		return false
	}}
	pass := &eventlog.Pass{
		Logs: []*eventlog.Log{log}, Select: &evtx.Selection{Any: append([]evtx.Selection{spy}, about...)}, Threads: m.o.Threads, Ahead: true,
	}
	totals, err := eventlog.Run(ctx, pass, eventlog.Consumer[*bool]{
		New: func() *bool { return new(bool) },
		Visit: func(seen *bool, _ *evtx.Record) (bool, error) {
			*seen = true
			return true, nil
		},
		Flush: func(seen *bool, _ *eventlog.Reading) error {
			if *seen {
				return errEnough
			}
			return nil
		},
	})
	if errors.Is(err, errEnough) {
		return "", true, nil
	}
	if name := first.Load(); name != nil {
		channel = *name
	}
	return channel, totals.Stats.Records == 0 && (totals.Damaged > 0 || totals.LogsFailed > 0), err
}

// leftOutText names the first logs.
func leftOutText(all []LeftOut, most int) string {
	var names []string
	for _, l := range all[:min(len(all), most)] {
		names = append(names, l.Source)
	}
	text := strings.Join(names, ", ")
	if more := len(all) - most; more > 0 {
		text += " and " + words.Thousands(more) + " more"
	}
	return text
}

// LeftOutText says in words which logs of the sources are not in the bundle; empty if all are.
func (m *Manifest) LeftOutText() string {
	switch n := len(m.LeftOut); n {
	case 0:
		return ""
	case 1:
		return "left out, as nothing in it is of a gateway: " + leftOutText(m.LeftOut, 10)
	default:
		return "left out, as nothing in them is of a gateway: " + words.Thousands(n) + " logs: " + leftOutText(m.LeftOut, 10)
	}
}
