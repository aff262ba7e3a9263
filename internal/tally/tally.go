// Package tally counts events by something that they have: identifier,
// provider, channel, computer, user, level, keywords, a named value, month, day or hour.
package tally

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// By is what events are counted by.
type By string

// The ways to count. An identifier means nothing without its provider, and is
// counted with it. Days and hours are those of a zone.
const (
	ByID       By = "id"
	ByProvider By = "provider"
	ByChannel  By = "channel"
	ByComputer By = "computer"
	ByUser     By = "user" // the security identifier
	ByLevel    By = "level"
	ByKeyword  By = "keyword"
	ByMonth    By = "month"
	ByDay      By = "day"
	ByHour     By = "hour"
)

// ByData before a name is the way to count by the values of that name.
const ByData = "data."

// All lists the ways to count, but for ByData.
func All() []By {
	return []By{ByID, ByProvider, ByChannel, ByComputer, ByUser, ByLevel, ByKeyword, ByMonth, ByDay, ByHour}
}

// Parse finds a way to count by its name, in any case but for that of a value.
func Parse(name string) (By, bool) {
	if len(name) > len(ByData) && strings.EqualFold(name[:len(ByData)], ByData) {
		return By(ByData + name[len(ByData):]), true
	}
	switch strings.ReplaceAll(strings.ToLower(name), "_", "") { // as they are called elsewhere
	case "eventid":
		return ByID, true
	case "usersid", "userid", "sid":
		return ByUser, true
	case "providername", "source":
		return ByProvider, true
	case "computername", "host":
		return ByComputer, true
	case "keywords":
		return ByKeyword, true
	case "date":
		return ByDay, true
	}
	i := slices.IndexFunc(All(), func(b By) bool { return strings.EqualFold(string(b), name) })
	if i < 0 {
		return "", false
	}
	return All()[i], true
}

// Timed reports whether counts are of spans of time, which have an order of
// their own.
func (b By) Timed() bool { return b == ByMonth || b == ByDay || b == ByHour }

// MaxKeys is how many different things are counted apart. Logs that are made
// up could have any number: of more, the rest is counted together.
const MaxKeys = 100_000

// key is what a Count counts.
type key struct {
	name   string
	number int64
}

// Count is how many events have something in common.
type Count struct {
	Name   string // provider, channel, computer, user, keywords or value; for ByID the provider
	Number int64  // identifier or level; for a span of time, when it begins, in seconds since 1970

	N           uint64
	Worst       evtx.Level // the most severe level; LevelLogAlways counts as information
	First, Last time.Time  // earliest and latest TimeCreated; zero if there is none

	Rest bool // of all that MaxKeys left out
}

// Start is when a span of time begins. The zero Count of events without a time
// has none.
func (c *Count) Start(zone *time.Location) time.Time {
	if c.First.IsZero() {
		return time.Time{}
	}
	return time.Unix(c.Number, 0).In(zone)
}

// Key is the thing that was counted, in words that have no language.
func (c *Count) Key(by By, zone *time.Location) string {
	switch {
	case c.Rest:
		return ""
	case by == ByID || by == ByLevel:
		return strconv.FormatInt(c.Number, 10)
	case by.Timed() && c.First.IsZero():
		return ""
	case by == ByMonth:
		return c.Start(zone).Format("2006-01")
	case by == ByDay:
		return c.Start(zone).Format(time.DateOnly)
	case by == ByHour:
		return c.Start(zone).Format("2006-01-02 15:04")
	}
	return c.Name
}

// A Tally is counts in the making.
type Tally struct {
	by   By
	zone *time.Location

	counts map[key]*Count
	rest   Count
	recent [64]*Count // what was counted lately: finding it in the map costs more than all else

	hour, hourEnd time.Time // of the last event

	data string // name of the values, if they are counted
	text []byte
}

// New makes an empty Tally. The zone is that of days and hours.
func New(by By, zone *time.Location) *Tally {
	data, _ := strings.CutPrefix(string(by), ByData)
	return &Tally{by: by, zone: zone, counts: make(map[key]*Count), rest: Count{Rest: true}, data: data}
}

// See counts an event.
func (t *Tally) See(rec *evtx.Record) {
	at, level := rec.TimeCreated(), rec.Level()
	if level == evtx.LevelLogAlways {
		level = evtx.LevelInformation
	}
	t.of(t.key(rec, at, level)).Add(&Count{N: 1, Worst: level, First: at, Last: at})
}

func (t *Tally) key(rec *evtx.Record, at time.Time, level evtx.Level) key {
	switch t.by {
	case ByID:
		return key{rec.Provider(), int64(rec.EventID())}
	case ByProvider:
		return key{name: rec.Provider()}
	case ByChannel:
		return key{name: rec.Channel()}
	case ByComputer:
		return key{name: rec.Computer()}
	case ByLevel:
		return key{number: int64(level)}
	case ByUser:
		return key{name: rec.UserID()}
	case ByKeyword:
		return key{name: rec.Keywords().String()}
	}
	if !t.by.Timed() {
		return key{name: t.value(rec)}
	}
	return key{number: t.start(at)}
}

// maxValue is how many bytes of a value are told apart.
const maxValue = 256

// value is the first value of the name that is counted, in any case.
func (t *Tally) value(rec *evtx.Record) string {
	for name, v := range rec.All() {
		if !strings.EqualFold(name, t.data) {
			continue
		}
		if t.text = v.AppendText(t.text[:0]); len(t.text) > maxValue {
			t.text = append(bytes.ToValidUTF8(t.text[:maxValue], nil), "…"...)
		}
		return string(t.text)
	}
	return ""
}

// start is when the day or hour of a time begins.
func (t *Tally) start(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	if at.Before(t.hour) || !at.Before(t.hourEnd) {
		local := at.In(t.zone)
		switch t.by {
		case ByMonth:
			t.hour = time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, t.zone)
			t.hourEnd = time.Date(local.Year(), local.Month()+1, 1, 0, 0, 0, 0, t.zone)
		case ByDay:
			t.hour = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, t.zone)
			t.hourEnd = time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, t.zone)
		default: // an hour of the clock: time zones differ by quarters of one
			t.hour = local.Add(-time.Duration(local.Minute())*time.Minute - time.Duration(local.Second())*time.Second -
				time.Duration(local.Nanosecond()))
			t.hourEnd = t.hour.Add(time.Hour)
		}
	}
	return t.hour.Unix()
}

// of finds the count of a key.
func (t *Tally) of(k key) *Count {
	lately := &t.recent[(uint64(k.number)*31+uint64(len(k.name)))%uint64(len(t.recent))]
	if c := *lately; c != nil && c.Number == k.number && c.Name == k.name {
		return c
	}
	c := t.counts[k]
	if c == nil {
		if len(t.counts) >= MaxKeys {
			return &t.rest
		}
		k.name = strings.Clone(k.name)
		c = &Count{Name: k.name, Number: k.number}
		t.counts[k] = c
	}
	*lately = c
	return c
}

// Add adds the events of another count.
func (c *Count) Add(o *Count) {
	c.N += o.N
	if c.Worst == 0 || o.Worst != 0 && o.Worst < c.Worst {
		c.Worst = o.Worst
	}
	if c.First.IsZero() || !o.First.IsZero() && o.First.Before(c.First) {
		c.First = o.First
	}
	if o.Last.After(c.Last) {
		c.Last = o.Last
	}
}

// Take adds the counts of another Tally, and empties it.
func (t *Tally) Take(o *Tally) {
	for k, c := range o.counts {
		t.of(k).Add(c)
	}
	t.rest.Add(&o.rest)
	clear(o.counts)
	clear(o.recent[:])
	o.rest = Count{Rest: true}
}

// Counts lists them: spans of time in their order, levels from the most severe
// on, all else by how many there are. The rest comes last.
func (t *Tally) Counts() []*Count {
	var all []*Count
	for _, c := range t.counts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Count) int {
		if !t.by.Timed() && t.by != ByLevel {
			if c := cmp.Compare(b.N, a.N); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Name, b.Name))
	})
	if t.rest.N > 0 {
		all = append(all, &t.rest)
	}
	return all
}
