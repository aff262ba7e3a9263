package cli

import (
	"testing"
	"time"
)

func TestParseSpan(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for s, want := range map[string]time.Duration{
		"7d": 7 * day, "36h": 36 * time.Hour, "90m": 90 * time.Minute, "1h30m": 90 * time.Minute,
		"2w": 14 * day, "1W2D": 9 * day, "30s": 30 * time.Second, "0d": 0,
		"1y": 365 * day, "2 days": 2 * day, "2 days ago": 2 * day, "1 week": 7 * day, "1 hour 30 min": 90 * time.Minute, "3 months ago": 90 * day,
		"10mins": 10 * time.Minute,
	} {
		if got, err := parseSpan(s); err != nil || got != want {
			t.Errorf("parseSpan(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "d", "7", "7x", "-7d", "ago", "2 ago", "days", "2 day week", "7d-", "1.5h", " 7d",
		"99999999999999999999d", "9999999w", "200000d200000d"} {
		if got, err := parseSpan(s); err == nil {
			t.Errorf("parseSpan(%q) = %v", s, got)
		}
	}
}

func TestParseMoment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, since, until string }{
		{"2017-05-04T18:00:00Z", "2017-05-04T18:00:00Z", "2017-05-04T18:00:00Z"},
		{"2017-05-04t20:00:00.5+02:00", "2017-05-04T18:00:00.5Z", "2017-05-04T18:00:00.5Z"},
		{"2017-05-04", "2017-05-04T00:00:00Z", "2017-05-04T23:59:59.9999999Z"},
		{"2017-05-04 18:00", "2017-05-04T18:00:00Z", "2017-05-04T18:00:59.9999999Z"},
		{"2017-05-04T18:00:07", "2017-05-04T18:00:07Z", "2017-05-04T18:00:07.9999999Z"},
		{"2017-05-04 18:00:07", "2017-05-04T18:00:07Z", "2017-05-04T18:00:07.9999999Z"},
		{"2016-02", "2016-02-01T00:00:00Z", "2016-02-29T23:59:59.9999999Z"},
		{" 2016-02-29 ", "2016-02-29T00:00:00Z", "2016-02-29T23:59:59.9999999Z"},
	} {
		for flag, want := range map[string]string{"since": c.since, "until": c.until} {
			m, err := parseMoment(flag, c.text, time.UTC)
			if got := m.At.Format(time.RFC3339Nano); err != nil || got != want || m.Relative {
				t.Errorf("--%s %q = %s, %v; want %s", flag, c.text, got, err, want)
			}
		}
	}
	for text, want := range map[string]string{
		"2017-02-30":           `--since: "2017-02-30" does not exist: day out of range`,
		"2017-13-01":           `--since: "2017-13-01" does not exist: month out of range`,
		"2017-05-04T25:00:00Z": `--since: "2017-05-04T25:00:00Z" does not exist: hour out of range`,
		"04.05.2017":           `--since: "04.05.2017" is not a time`,
		"7":                    `--since: "7" is not a time`,
	} {
		if _, err := parseMoment("since", text, time.UTC); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	newest := time.Date(2017, 5, 4, 18, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"7d":         "2017-04-27T18:00:00Z",
		"2017-05-01": "2017-05-01T00:00:00Z",
		"1500-01-01": "1601-01-01T00:00:00Z",
		"today":      "2017-05-04T00:00:00Z",
		"Yesterday":  "2017-05-03T00:00:00Z",
		"17:30":      "2017-05-04T17:30:00Z",
		"10000w":     "1825-09-08T18:00:00Z",
	} {
		m, err := parseMoment("since", text, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Resolve(newest).Format(time.RFC3339); got != want {
			t.Errorf("%s = %s, want %s", text, got, want)
		}
	}
	if m, _ := parseMoment("since", "7d", time.UTC); !m.Resolve(time.Time{}).IsZero() {
		t.Error("without events, there is no window")
	}
}

// TestZone: what is typed is of the zone, days with 23 hours too.
func TestZone(t *testing.T) {
	t.Parallel()
	zone, err := parseZone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	newest := time.Date(2017, 3, 26, 23, 30, 0, 0, time.UTC) // half past one on the 27th in Paris
	for _, c := range []struct{ text, since, until string }{
		{"2017-03-26", "2017-03-25T23:00:00Z", "2017-03-26T21:59:59.9999999Z"},
		{"2017-03", "2017-02-28T23:00:00Z", "2017-03-31T21:59:59.9999999Z"},
		{"2017-03-26 12:00", "2017-03-26T10:00:00Z", "2017-03-26T10:00:59.9999999Z"},
		{"2017-03-26T12:00:00Z", "2017-03-26T12:00:00Z", "2017-03-26T12:00:00Z"},
		{"today", "2017-03-26T22:00:00Z", "2017-03-27T21:59:59.9999999Z"},
		{"yesterday", "2017-03-25T23:00:00Z", "2017-03-26T21:59:59.9999999Z"},
		{"01:15", "2017-03-26T23:15:00Z", "2017-03-26T23:15:59.9999999Z"},
	} {
		for flag, want := range map[string]string{"since": c.since, "until": c.until} {
			m, err := parseMoment(flag, c.text, zone)
			if got := m.Resolve(newest).Format(time.RFC3339Nano); err != nil || got != want {
				t.Errorf("--%s %q = %s, %v; want %s", flag, c.text, got, err, want)
			}
		}
	}
	if _, err := parseZone("Paris"); err == nil {
		t.Error("Paris is no zone")
	}
}

// What is offered for --tz is taken.
func TestZoneNames(t *testing.T) {
	t.Parallel()
	for _, name := range zoneNames() {
		if _, err := parseZone(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
