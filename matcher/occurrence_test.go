package matcher

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// TestOccurrencesAreTheLast: a group keeps its last events, whatever number of workers saw them, and a page's worth in all.
func TestOccurrencesAreTheLast(t *testing.T) {
	t.Parallel()
	texts := make([]string, 3*maxOfKind+5)
	for i := range texts {
		texts[i] = fmt.Sprintf("The bread of 'Tim%d' is\n%d days old.", i, i)
	}
	texts[7] = "Another thing."
	log := errorLog(t, evtx.LevelError, texts)
	var first []Group
	for _, pieces := range []int{1, 7, 1000} {
		got := analyzeInPieces(t, log, pieces, Options{Detail: true})
		if first == nil {
			first = got.Groups
		}
		for i := range got.Groups {
			if !reflect.DeepEqual(got.Groups[i].Occurrences, first[i].Occurrences) {
				t.Errorf("taken every %d: other occurrences", pieces)
			}
		}
	}
	bread, other := first[0].Occurrences, first[1].Occurrences
	last := len(texts) - 1
	if len(bread) != maxOfKind || bread[len(bread)-1].Text != fmt.Sprintf("The bread of 'Tim%d' is %d days old.", last, last) ||
		bread[0].RecordID != uint64(len(texts)-maxOfKind+1) || bread[0].Source != "log" || bread[0].Computer == "" || bread[0].Time.IsZero() {
		t.Errorf("%d occurrences, from %+v to %+v", len(bread), bread[0], bread[len(bread)-1])
	}
	if len(other) != 1 || other[0].RecordID != 8 {
		t.Errorf("of one event: %+v", other)
	}
	if got := analyzeInPieces(t, log, 50, Options{}); got.Groups[0].Occurrences != nil {
		t.Error("occurrences without Detail")
	}
}

// TestOccurrencesAreBounded: long texts, and very many, take no more room than is meant for them.
func TestOccurrencesAreBounded(t *testing.T) {
	t.Parallel()
	texts := make([]string, 30000)
	for i := range texts {
		texts[i] = fmt.Sprintf("Nobody knows 'Tim%d' here, %s", i, strings.Repeat("really ", i%300))
		if i%1000 == 999 {
			texts[i] = "Rare."
		}
	}
	for _, pieces := range []int{1000, 30000} {
		got := analyzeInPieces(t, errorLog(t, evtx.LevelError, texts), pieces, Options{Detail: true})
		n, size := 0, 0
		for _, g := range got.Groups {
			n += len(g.Occurrences)
			for _, o := range g.Occurrences {
				size += len(o.Text)
			}
			if g.Count == 30 && len(g.Occurrences) != 30 {
				t.Errorf("%d of a group of 30", len(g.Occurrences))
			}
		}
		if n > maxOccurrences || size > maxOccurrenceText || size < maxOccurrenceText/8 {
			t.Errorf("%d occurrences with %d bytes", n, size)
		}
	}
}
