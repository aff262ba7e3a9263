package cli

import (
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/internal/eventlog"
)

func TestSayDamage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		totals eventlog.Totals
		logs   int
		want   string
	}{
		{eventlog.Totals{}, 1, ""},
		{eventlog.Totals{}, 2, ""},
		{eventlog.Totals{Damaged: 1, LogsDamaged: 1}, 1, "gwlogs: 1 damaged place in the log; the rest was read\n"},
		{eventlog.Totals{Damaged: 2, LogsDamaged: 2}, 3, "gwlogs: 2 damaged places in 2 of 3 logs; the rest was read\n"},
		{eventlog.Totals{Damaged: 1031, LogsDamaged: 2}, 3, "gwlogs: 1,031 damaged places in 2 of 3 logs (-v names each); the rest was read\n"},
		{eventlog.Totals{Damaged: 11, LogsDamaged: 11}, 1000, "gwlogs: 11 damaged places in 11 of 1,000 logs (-v names each); the rest was read\n"},
	} {
		var out strings.Builder
		(&console{w: &out}).sayDamage(tt.totals.Damaged, tt.totals.LogsDamaged, tt.logs)
		if out.String() != tt.want {
			t.Errorf("%+v of %d logs: %q, want %q", tt.totals, tt.logs, out.String(), tt.want)
		}
	}
}
