package eventlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// Channels are the live event channels of a computer. Their errors are a
// [Fault] where it was Windows that said no.
type Channels interface {
	// Names returns the names of all channels.
	Names() ([]string, error)
	// Look returns what Windows tells of a channel. What it does not tell
	// stays zero, and the first reason is the error.
	Look(name string) (*Channel, error)
	// Export writes the events that an XPath query wants to a new file, as
	// an event log.
	Export(name, query, file string) error
}

type channelsKey struct{}

// WithChannels is a context in which c are the live channels of this computer, nil for none: for tests.
func WithChannels(ctx context.Context, c Channels) context.Context {
	return context.WithValue(ctx, channelsKey{}, &c)
}

// ChannelsOf are the channels of WithChannels, otherwise those of the system; nil where there are none.
func ChannelsOf(ctx context.Context) Channels {
	if c, ok := ctx.Value(channelsKey{}).(*Channels); ok {
		return *c
	}
	return SystemChannels()
}

// Channel is what is known of a live channel.
type Channel struct {
	Name string

	Counted  bool // whether the next five are known
	Records  uint64
	OldestID uint64    // its EventRecordID
	Oldest   time.Time // zero if there is no event
	Newest   time.Time
	Full     bool

	Configured bool // whether the next five are known
	Enabled    bool
	MaxBytes   uint64
	Retention  Retention
	File       string // where the service keeps it

	Bytes uint64 // size of File
}

// Retention is what becomes of old events when a channel is full.
type Retention string

// The three settings that Event Viewer offers.
const (
	OverwriteOld Retention = "overwrite" // the oldest make room
	ArchiveFull  Retention = "archive"   // the log is put aside as a file, and a new one begins
	KeepOld      Retention = "keep"      // new events are lost until somebody clears the log
)

// A Default is a channel that is read when no source is named, if it exists.
type Default struct {
	Name   string                    // empty: nobody misses it
	Is     func(channel string) bool // says which channels it is; nil: those of the name, in any case
	Only   []evtx.Selection          // only the events that one of these wants; none for all
	Beside bool                      // it is read beside the others: nobody misses it, and it is not what somebody looks for
}

func (d *Default) is(channel string) bool {
	if d.Is != nil {
		return d.Is(channel)
	}
	return strings.EqualFold(channel, d.Name)
}

// Defaults are the channels of these names, others for which from holds, and beside them what these selections want, each of one
// channel. same says that two names are of one channel.
func Defaults(names []string, same func(a, b string) bool, from func(channel, provider string) bool, beside []evtx.Selection) []Default {
	var all []Default
	for _, name := range names {
		all = append(all, Default{Name: name, Is: func(channel string) bool { return same(channel, name) }})
	}
	all = append(all, Default{Is: func(channel string) bool { return from(channel, "") }})
	for _, s := range beside {
		name := s.Channels[0]
		if last := &all[len(all)-1]; last.Beside && last.Name == name {
			last.Only = append(last.Only, s)
			continue
		}
		all = append(all, Default{Name: name, Only: []evtx.Selection{s}, Beside: true})
	}
	return all
}

const channelPrefix = "channel:"

// IsChannel reports whether a source is a live channel's, and no file's.
func IsChannel(source string) bool {
	_, ok := cutChannel(source)
	return ok
}

// cutChannel takes NAME from "channel:NAME".
func cutChannel(source string) (name string, ok bool) {
	if len(source) < len(channelPrefix) || !strings.EqualFold(source[:len(channelPrefix)], channelPrefix) {
		return "", false
	}
	return source[len(channelPrefix):], true
}

// live is what a Log is before its channel is exported, and remembers of it afterwards.
type live struct {
	name  string
	info  *Channel // nil before
	query query    // what was exported
}

// Live returns what is known of the channel that the log is; nil for other
// logs, and before [Set.Export].
func (l *Log) Live() *Channel {
	if l.live == nil {
		return nil
	}
	return l.live.info
}

// Live says whether there are live channels among the logs.
func (s *Set) Live() bool {
	return slices.ContainsFunc(s.Logs, func(l *Log) bool { return l.live != nil })
}

func (s *Set) addChannel(source, name string) {
	switch {
	case s.options.Channels == nil:
		s.fail(noChannels(source, name))
	case strings.TrimSpace(name) == "":
		s.fail(&Error{Source: source, Err: errors.New("names no channel"), Hint: `gwlogs channels shows them: "channel:Integration Runtime"`})
	default:
		s.Logs = append(s.Logs, s.channelLog(source, name, nil))
	}
}

// channelLog is a log that [Set.Export] gives its content.
func (s *Set) channelLog(source, name string, only []evtx.Selection) *Log {
	l := &Log{Name: source, set: s, only: only, live: &live{name: name}}
	l.from = func(context.Context) (*content, error) { return nil, errors.New("has not been exported") }
	return l
}

// addDefaults takes the channels that exist of those that are read when no
// source is named. It is quite normal that some do not.
func (s *Set) addDefaults() {
	const source = "live channels"
	names, err := s.options.Channels.Names()
	if err != nil {
		s.fail(ChannelError(source, err))
		return
	}
	found := false // one that somebody looks for
	taken := make(map[string]bool)
	var named []string
	for i := range s.options.Defaults {
		d := &s.options.Defaults[i]
		here := false
		for _, name := range names {
			if d.is(name) && !taken[name] {
				taken[name], here = true, true
				s.Logs = append(s.Logs, s.channelLog(channelPrefix+name, name, d.Only))
			}
		}
		if found = found || here && !d.Beside; d.Beside || d.Name == "" {
			continue
		}
		if named = append(named, d.Name); !here {
			s.Absent = append(s.Absent, d.Name)
		}
	}
	if !found {
		s.fail(&Error{
			Source: source,
			Err:    fmt.Errorf("none of a gateway on this computer: looked for %s", strings.Join(named, ", ")),
			Hint:   "run gwlogs on the gateway's own computer, or give a log: gwlogs diagnose FILE.evtx; gwlogs channels --all shows what is here",
		})
	}
}

// noChannels says where channels are, and how to get at their events all the same.
func noChannels(source, name string) *Error {
	return &Error{
		Source: source,
		Err:    errors.New("live channels exist on Windows alone"),
		Hint:   fmt.Sprintf("there, save the channel as a file and give that: wevtutil export-log %q events.evtx", name),
	}
}

// Whole turns the sums of the part of a live channel that was exported into
// those of the whole channel, as reading a file gives them: Windows has
// applied most of the selection before we see anything.
func (l *Log) Whole(read evtx.Stats) evtx.Stats {
	if l.text {
		return textStats(read)
	}
	if l.live == nil || l.live.query.everything() {
		return read
	}
	c := l.live.info
	if c == nil || !c.Counted || c.Records == 0 || c.OldestID == 0 || c.Oldest.IsZero() {
		return read
	}
	whole := read
	whole.Add(evtx.Stats{First: c.Oldest, Last: c.Newest, LowestID: c.OldestID, HighestID: c.OldestID + c.Records - 1})
	whole.Records = int(whole.HighestID - whole.LowestID + 1)
	if l.live.query.onlyTimes() && read.Records > 0 {
		// Within the window we know better: what is missing there is missing.
		whole.Records -= max(0, int(read.HighestID-read.LowestID)+1-read.Records)
	}
	return whole
}
