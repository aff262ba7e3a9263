package where

import (
	"slices"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// What is asked of an event before the expression is tried loses none for which it holds.
func TestNarrow(t *testing.T) {
	t.Parallel()
	for text, narrow := range map[string]bool{
		"EventID = 25": true,
		"id in (25, 0x191) and Data contains '9350'": true,
		"Level <= 2":                                true,
		"Level <= 2 and EventID == 401":             true,
		"level in (error, warning)":                 true,
		"Level = information and Data contains 'e'": true,
		"Level = 4":                                 true,
		"EventID = 25 or Level <= 2":                false,
		"not EventID = 25":                          false,
		"EventID != 25":                             false,
		"EventID not in (4, 5)":                     false,
		"(EventID = 25 or EventID = 401)":           false,
		"EventID = '25'":                            false,
		"EventID <= 25":                             false,
		"Level < 3":                                 false,
		"Data contains 'and EventID = 7'":           false,
		"Data = 'x' and not (EventID = 4)":          false,
		"Level in ('error', 2)":                     false,
	} {
		e, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		must := e.Selection()
		if got := len(must.IDs)+len(must.Levels) > 0; got != narrow {
			t.Errorf("%s: %+v", text, must)
		}
		holds, first := e.Filter(), must.Filter()
		r, err := evtx.Open("../../testdata/gateway-en.evtx")
		if err != nil {
			t.Fatal(err)
		}
		n, lost := 0, []uint64{}
		for rec, err := range r.Records() {
			if err == nil && holds.Match(rec) {
				if n++; !first.Match(rec) {
					lost = append(lost, rec.EventRecordID())
				}
			}
		}
		r.Close()
		if len(lost) > 0 {
			t.Errorf("%s: of %d loses %d", text, n, slices.Min(lost))
		}
	}
}
