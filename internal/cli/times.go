package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

const timeForms = "use a date (2017-05-04), a time in UTC (2017-05-04T18:00:00Z), or how far back (7d, 36h, 1h30m)"

// moment is a value of --since or --until.
type moment struct {
	eventlog.Moment
	text string
}

func (m moment) given() bool { return m.text != "" }

// forBundle is the moment as package archive takes it.
func (m moment) forBundle() archive.Moment {
	switch {
	case !m.given():
		return archive.Moment{}
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

// parseMoment reads a time or a duration. A time that leaves something open (a
// day, a minute, or a second as our tables show it) means its begin for
// --since, and its end for --until.
func parseMoment(flag, text string) (moment, error) {
	s := strings.TrimSpace(text)
	m := moment{text: s}
	if s == "" {
		return m, usage(timeForms, "--%s: no time given", flag)
	}
	if back, err := parseSpan(s); err == nil {
		m.Back, m.Relative = back, true
		return m, nil
	} else if errors.Is(err, errSpanTooLong) {
		return m, usage(timeForms, "--%s: %q is too long", flag, s)
	}
	at, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	if err == nil {
		m.At = at.UTC()
		return m, nil
	}
	reason := outOfRange(err)
	for _, form := range []struct {
		layout string
		lasts  time.Duration
	}{
		{"2006-01-02", 24 * time.Hour},
		{"2006-01-02 15:04", time.Minute},
		{"2006-01-02T15:04", time.Minute},
		{"2006-01-02 15:04:05", time.Second},
		{"2006-01-02T15:04:05", time.Second},
	} {
		at, err := time.Parse(form.layout, s)
		if err != nil {
			if reason == "" {
				reason = outOfRange(err)
			}
			continue
		}
		if flag == "until" && at.Nanosecond() == 0 {
			at = at.Add(form.lasts - 100*time.Nanosecond)
		}
		m.At = at
		return m, nil
	}
	if reason != "" {
		return m, usage(timeForms, "--%s: %q does not exist: %s", flag, s, reason)
	}
	return m, usage(timeForms, "--%s: %q is not a time", flag, s)
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

// parseSpan reads 2w, 7d, 36h, 90m, 30s and sums such as 1h30m.
func parseSpan(s string) (time.Duration, error) {
	const longest = 200 * 365 * 24 * time.Hour
	var sum time.Duration
	if s == "" {
		return 0, errNoSpan
	}
	for s != "" {
		digits := 0
		for digits < len(s) && '0' <= s[digits] && s[digits] <= '9' {
			digits++
		}
		if digits == 0 || digits == len(s) {
			return 0, errNoSpan
		}
		var unit time.Duration
		switch s[digits] {
		case 'w', 'W':
			unit = 7 * 24 * time.Hour
		case 'd', 'D':
			unit = 24 * time.Hour
		case 'h', 'H':
			unit = time.Hour
		case 'm', 'M':
			unit = time.Minute
		case 's', 'S':
			unit = time.Second
		default:
			return 0, errNoSpan
		}
		n, err := strconv.ParseInt(s[:digits], 10, 64)
		if err != nil || n > int64((longest-sum)/unit) {
			return 0, errSpanTooLong
		}
		sum += time.Duration(n) * unit
		s = s[digits+1:]
	}
	return sum, nil
}

// shownTime is a time for messages: the form of our tables, which --since takes too.
func shownTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
