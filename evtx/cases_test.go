package evtx

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// aCase unpacks one of the small logs that were read wrong once.
func aCase(t *testing.T, name string) []byte {
	t.Helper()
	packed := filepath.Join(shared(t, "evtx"), "cases", name+".evtx.xz")
	if _, err := os.Stat(packed); err != nil {
		t.Skipf("%s is not here; set GWLOGS_SHARED to the folder that holds it", packed)
	}
	b, err := exec.Command("xz", "-dc", packed).Output()
	if err != nil {
		t.Skipf("xz, which unpacks the cases of GWLOGS_SHARED: %v", err)
	}
	return b
}

// TestCases holds what these logs show, by what is to be said of each.
func TestCases(t *testing.T) {
	for name, want := range map[string]struct {
		live, recovered, errors, beforeClear, hidden, absent int
		incomplete                                           int
		says                                                 string
	}{
		"cleared-gateway":          {recovered: 154, beforeClear: 154},
		"cleared-RdpCoreTS":        {recovered: 120, beforeClear: 120},
		"cleared-false-damage-rc1": {recovered: 6, beforeClear: 6, incomplete: 6},
		"dirty-slack-false-damage": {live: 1, recovered: 56, beforeClear: 56, incomplete: 56},
		"danderspritz":             {live: 2708, recovered: 1, hidden: 1},
		"i197_header_counts_more":  {live: 2706, errors: 1, absent: 8, says: "chunk counts 157 records and has 149"},
		"one-bit-in-name":          {live: 2709, errors: 2, says: `a name is damaged: read as "Channel"`},
		"shifted_chunks":           {live: 2709, errors: 1, says: "chunk lies 0x200 bytes behind its place"},
		"laughs_many":              {errors: 377, says: expands},
		"amplify":                  {errors: 155, says: expands},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := aCase(t, name)
			got := everyWay(t, b, false)
			if len(got.json) != want.live || len(got.errors) != want.errors || !strings.Contains(strings.Join(got.errors, "\n"), want.says) {
				t.Errorf("%d live, want %d; %d errors, want %d with %q: %q", len(got.json), want.live, len(got.errors), want.errors,
					want.says, got.errors)
			}
			r := openBytes(t, b)
			r.Recover = true
			recovered, incomplete := 0, 0
			for rec, err := range r.Records() {
				if err == nil && rec.Recovered() {
					recovered++
					if rec.Incomplete() {
						incomplete++
					}
				}
			}
			s := r.Stats()
			if s.BeforeClear != want.beforeClear || s.Hidden != want.hidden || s.Absent != want.absent {
				t.Errorf("%d of before it was cleared, %d hidden, %d absent", s.BeforeClear, s.Hidden, s.Absent)
			}
			if recovered < want.recovered || name != "laughs_many" && name != "amplify" && recovered != want.recovered ||
				incomplete != want.incomplete {
				t.Errorf("%d recovered, want %d; %d incomplete, want %d", recovered, want.recovered, incomplete, want.incomplete)
			}
			rendered := 0
			for _, line := range got.json {
				rendered += len(line)
			}
			if rendered > 64*len(b) {
				t.Errorf("%d bytes of JSON from %d", rendered, len(b))
			}
		})
	}
}
