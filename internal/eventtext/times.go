package eventtext

import (
	"strconv"
	"strings"
	"time"
)

// times reads the times of one text. Where a date is written as 04/05/2017, what the other rows have decides which is the month.
type times struct {
	dayFirst bool
}

// slashed is a date whose first two numbers may be day and month either way.
var slashed = lazily(`^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}),?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*([AaPp]\.?[Mm]\.?)?`)

// dotNet is a date of ConvertTo-Json in PowerShell 5: milliseconds since 1970.
var dotNet = lazily(`^\\?/Date\((-?\d{1,16})`)

// newTimes looks at the times of a text, a sample of them, for what decides on the order of day and month; monthFirst is the
// order where none does.
func newTimes(sample []string, monthFirst bool) *times {
	t := &times{dayFirst: !monthFirst}
	for _, value := range sample {
		m := slashed().FindStringSubmatch(strings.TrimSpace(value))
		switch {
		case m == nil:
		case number(m[1]) > 12 || strings.Contains(value, "."):
			t.dayFirst = true
			return t
		case number(m[2]) > 12 || m[7] != "":
			t.dayFirst = false
			return t
		}
	}
	return t
}

// parse returns the time that a text means, in UTC where it does not say which zone; zero for none.
func (t *times) parse(value string) time.Time {
	value = strings.TrimSpace(value)
	if m := dotNet().FindStringSubmatch(value); m != nil {
		ms, _ := strconv.ParseInt(m[1], 10, 64)
		return known(time.UnixMilli(ms))
	}
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999",
		"2006-01-02 15:04", "2006/01/02 15:04:05.999999999", "1/2/2006, 3:04:05.999 PM", "Monday, January 2, 2006 3:04:05 PM",
	} {
		if at, err := time.Parse(layout, strings.Replace(value, ",", ".",
			strings.Count(layout, ".9")*boolInt(!strings.Contains(layout, ", ")))); err == nil {
			return known(at)
		}
	}
	m := slashed().FindStringSubmatch(value)
	if m == nil {
		return time.Time{}
	}
	day, month := number(m[2]), number(m[1])
	if t.dayFirst {
		day, month = month, day
	}
	hour := number(m[4])
	if half := strings.ToLower(m[7]); half != "" {
		if hour %= 12; half[0] == 'p' {
			hour += 12
		}
	}
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 {
		return time.Time{}
	}
	return known(time.Date(number(m[3]), time.Month(month), day, hour, number(m[5]), number(m[6]), 0, time.UTC))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// known is a time that an event can have; others are errors of whoever wrote them.
func known(t time.Time) time.Time {
	if t.Year() < 1980 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC()
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
