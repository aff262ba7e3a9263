package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no zones by these names

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

const timeForms = "use a date (2017-05-04), a time (2017-05-04T18:00:00Z, 18:00), today, yesterday, or how far back (7d, 36h, " +
	"1h30m, 2 days)"

// moment is a value of --since or --until.
type moment struct {
	eventlog.Moment
	text string
}

func (m moment) given() bool { return m.text != "" }

// counted says that it is so long before something.
func (m moment) counted() bool { return m.Relative && m.Day == nil }

// forBundle is the moment as package archive takes it.
func (m moment) forBundle() archive.Moment {
	switch {
	case !m.given():
		return archive.Moment{}
	case m.Day != nil:
		return archive.OnDay(m.Day.Before, m.Day.Clock, m.Day.Zone)
	case m.Relative:
		return archive.Ago(m.Back)
	}
	return archive.At(m.At)
}

// with is the text, and what it came to.
func (m moment) with(t time.Time) string {
	if !m.Relative {
		return m.text
	}
	return m.text + " (" + shownTime(t) + ")"
}

// resolution is the least step of a time in event logs.
const resolution = 100 * time.Nanosecond

// parseMoment reads a time or a duration. A time that leaves something open (a
// month, a day, a minute, or a second as our tables show it) means its begin
// for --since, and its end for --until. What has no zone is of zone.
func parseMoment(flag, text string, zone *time.Location) (moment, error) {
	s := strings.TrimSpace(text)
	m := moment{text: s}
	if s == "" {
		return m, usage(timeForms, "--%s: no time given", flag)
	}
	if strings.EqualFold(s, "now") { // of the logs: their end
		m.Relative = true
		return m, nil
	}
	if back, err := parseSpan(strings.TrimPrefix(s, "-")); err == nil {
		m.Back, m.Relative = back, true
		return m, nil
	} else if errors.Is(err, errSpanTooLong) {
		return m, usage(timeForms, "--%s: %q is too long", flag, s)
	}
	if m.Day = parseDay(s, flag == "until", zone); m.Day != nil {
		m.Relative = true
		return m, nil
	}
	at, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	if err == nil {
		m.At = at.UTC()
		return m, nil
	}
	reason := outOfRange(err)
	for _, form := range timeLayouts() {
		at, err := time.ParseInLocation(form.layout, s, zone)
		if err != nil {
			if reason == "" {
				reason = outOfRange(err)
			}
			continue
		}
		if flag == "until" && at.Nanosecond() == 0 {
			at = form.next(at).Add(-resolution)
		}
		m.At = at.UTC()
		return m, nil
	}
	if reason != "" {
		return m, usage(timeForms, "--%s: %q does not exist: %s", flag, s, reason)
	}
	return m, usage(timeForms, "--%s: %q is not a time", flag, s)
}

// A timeLayout is a way to write a time without its zone.
type timeLayout struct {
	layout string
	next   func(time.Time) time.Time // the one that begins where this one ends
}

func timeLayouts() []timeLayout {
	date := func(months, days int) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return t.AddDate(0, months, days) }
	}
	clock := func(lasts time.Duration) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return t.Add(lasts) }
	}
	return []timeLayout{
		{"2006-01", date(1, 0)},
		{"2006-01-02", date(0, 1)},
		{"2006-01-02 15:04", clock(time.Minute)},
		{"2006-01-02T15:04", clock(time.Minute)},
		{"2006-01-02 15:04:05", clock(time.Second)},
		{"2006-01-02T15:04:05", clock(time.Second)},
	}
}

// parseDay reads what people say of a day that is near: today, yesterday, or a time of today. Nil if it is none of these.
func parseDay(s string, end bool, zone *time.Location) *eventlog.Day {
	d := &eventlog.Day{Zone: zone}
	switch strings.ToLower(s) {
	case "yesterday":
		d.Before = 1
	case "today":
	default:
		for _, form := range []timeLayout{{"15:04", nil}, {"15:04:05", nil}} {
			at, err := time.Parse(form.layout, s)
			if err != nil {
				continue
			}
			d.Clock = at.Sub(at.Truncate(24 * time.Hour))
			if end && form.layout == "15:04" {
				d.Clock += time.Minute - resolution
			} else if end && at.Nanosecond() == 0 {
				d.Clock += time.Second - resolution
			}
			return d
		}
		return nil
	}
	if end { // of the day: a moment before the next one begins
		d.Before, d.Clock = d.Before-1, -resolution
	}
	return d
}

// parseZone reads the zone of times.
func parseZone(name string) (*time.Location, error) {
	switch strings.ToLower(name) {
	case "utc", "z", "":
		return time.UTC, nil
	case "local":
		return time.Local, nil
	}
	if zone := fixedZone(name); zone != nil {
		return zone, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, usage("use UTC, local, +02:00, or a name such as Europe/Paris or America/New_York", "--tz: unknown zone %q", name)
	}
	return zone, nil
}

// fixedZone is a zone by its distance from UTC: +02:00, -0530, +2, also behind UTC or GMT. Nil if it is none.
func fixedZone(name string) *time.Location {
	name = strings.ToUpper(strings.TrimSpace(name))
	offset := strings.TrimPrefix(strings.TrimPrefix(name, "UTC"), "GMT")
	offset = strings.ReplaceAll(offset, "\u2212", "-") // a minus sign
	if len(offset) == 2 || len(offset) > 2 && offset[2] == ':' {
		offset = offset[:1] + "0" + offset[1:]
	}
	for _, form := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(form, offset); err == nil {
			_, seconds := t.Zone()
			return time.FixedZone("UTC"+t.Format("-07:00"), seconds)
		}
	}
	return nil
}

// outOfRange is what package time says about a well-formed time that cannot be, such as 30 February.
func outOfRange(err error) string {
	var p *time.ParseError
	if errors.As(err, &p) && strings.HasSuffix(p.Message, "out of range") {
		return strings.TrimPrefix(p.Message, ": ")
	}
	return ""
}

var (
	errNoSpan      = errors.New("not a time span")
	errSpanTooLong = errors.New("time span too long")
)

// parseSpan reads 1y, 2w, 7d, 36h, 90m, 30s, sums such as 1h30m, and what people say: 2 days, 2 days ago. A year has 365 days,
// and a month 30.
func parseSpan(s string) (time.Duration, error) {
	const longest = 200 * 365 * 24 * time.Hour
	if before, found := strings.CutSuffix(s, " ago"); found {
		s = before
	}
	var sum time.Duration
	if s == "" || s[0] == ' ' {
		return 0, errNoSpan
	}
	for s != "" {
		number, rest := leading(s, func(c byte) bool { return '0' <= c && c <= '9' })
		name, rest := leading(strings.TrimLeft(rest, " "), func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' })
		unit := timeUnit(strings.ToLower(name))
		if number == "" || unit == 0 {
			return 0, errNoSpan
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n > int64((longest-sum)/unit) {
			return 0, errSpanTooLong
		}
		sum += time.Duration(n) * unit
		s = strings.TrimLeft(rest, " ")
	}
	return sum, nil
}

// leading cuts off the bytes at the begin of s that are of a kind.
func leading(s string, of func(byte) bool) (start, rest string) {
	n := 0
	for n < len(s) && of(s[n]) {
		n++
	}
	return s[:n], s[n:]
}

// timeUnit is the length of a unit, 0 if it is none.
func timeUnit(name string) time.Duration {
	const day = 24 * time.Hour
	if len(name) > 2 {
		name = strings.TrimSuffix(name, "s")
	}
	switch name {
	case "y", "yr", "year":
		return 365 * day
	case "mo", "month":
		return 30 * day
	case "w", "week":
		return 7 * day
	case "d", "day":
		return day
	case "h", "hr", "hour":
		return time.Hour
	case "m", "min", "minute":
		return time.Minute
	case "s", "sec", "second":
		return time.Second
	}
	return 0
}

// shownTime is a time for messages, in UTC: the form of our tables, which --since takes too.
func shownTime(t time.Time) string { return t.UTC().Format(time.DateTime) }

// A zoneClock shows times in a zone.
type zoneClock struct{ zone *time.Location }

func (c zoneClock) show(t time.Time) string { return t.In(c.zone).Format(time.DateTime) }

// name is the zone in words.
func (c zoneClock) name() string {
	if c.zone == time.Local {
		return "local time"
	}
	return c.zone.String()
}
