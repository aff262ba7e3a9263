package report

import (
	"slices"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

func TestIntegrityText(t *testing.T) {
	at := func(day, hour, minute int) *time.Time {
		return new(time.Date(2017, 5, day, hour, minute, 0, 0, time.UTC))
	}
	for name, tt := range map[string]struct {
		in   matcher.Integrity
		want []string
	}{
		"nothing": {matcher.Integrity{}, nil},
		"cleared": {
			matcher.Integrity{Cleared: []matcher.Clearing{
				{Time: at(1, 2, 3), RecordID: 7, Channel: "Security", User: `CORP\eve`},
				{Time: at(2, 2, 3), RecordID: 9, Channel: "System"},
				{Time: at(3, 2, 3), RecordID: 11, Channel: "Security", User: `CORP\eve`},
			}},
			[]string{
				`Security was cleared 2 times, the last time on 2017-05-03 02:03:00 by CORP\eve (record 11)`,
				"System was cleared on 2017-05-02 02:03:00 (record 9)",
			},
		},
		"records of before": {
			matcher.Integrity{BeforeClear: 1},
			[]string{"1 event from before it was cleared is still in the file, and does not count (--recover shows it)"},
		},
		"hidden, absent": {
			matcher.Integrity{Hidden: 2, Absent: 1},
			[]string{"2 records are hidden inside of others: somebody hid them (--recover shows them)",
				"1 record is counted in the file and is not there"},
		},
		"the largest gap": {
			matcher.Integrity{Gaps: []matcher.Gap{{After: 1, Before: 3, Missing: 1},
				{After: 10, Before: 2000, Missing: 1989, From: at(1, 0, 0), To: at(2, 0, 0)}}},
			[]string{"the largest gap, of 1,989, is between record 10 (2017-05-01 00:00:00) and record 2000 (2017-05-02 00:00:00)"},
		},
		"backward": {
			matcher.Integrity{Backward: []matcher.Gap{{After: 9, Before: 4}}},
			[]string{"the numbers go back once, from 9 to 4: put together from parts, or tampered with"},
		},
		"times": {
			matcher.Integrity{
				Silences:     []matcher.Gap{{After: 1, Before: 2, From: at(1, 0, 0), To: at(2, 12, 0)}},
				ClockSetBack: []matcher.Gap{{After: 4, Before: 5, From: at(2, 12, 0), To: at(2, 11, 59)}},
			},
			[]string{
				"the longest silence is 36 hours, from 2017-05-01 00:00:00 to 2017-05-02 12:00:00",
				"the clock was set back by 1 minute, from 2017-05-02 12:00:00 to 2017-05-02 11:59:00 (record 5)",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := IntegrityText(words.In("en"), &Style{}, &tt.in); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			for _, text := range IntegrityText(words.In("fr"), &Style{}, &tt.in) {
				if slices.Contains(tt.want, text) {
					t.Errorf("%q is not French", text)
				}
			}
		})
	}
}
