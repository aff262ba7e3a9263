package matcher

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// errorLog is a log of errors and warnings of a gateway, one for each text.
func errorLog(t *testing.T, level evtx.Level, texts []string) *evtx.Reader {
	t.Helper()
	var log bytes.Buffer
	w := evtx.NewWriter(&log)
	for i, text := range texts {
		err := w.WriteEvent(&evtx.Event{
			Provider: "gateway", Channel: CanonicalChannels()[0], Computer: "GW", EventID: 7, Level: level, Keywords: classicKeyword,
			TimeCreated: time.Date(2017, 5, 4, 12, 0, i, 0, time.UTC), Strings: []string{text},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := evtx.NewReader(bytes.NewReader(log.Bytes()), int64(log.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// analyzeInPieces takes the worker behind every n records.
func analyzeInPieces(t *testing.T, r *evtx.Reader, n int, o Options) *Analysis {
	t.Helper()
	a := catalogue(t).Analyze(o)
	w := a.Worker()
	var sum evtx.Stats
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		full := w.Visit(rec)
		sum.Add(evtx.Stats{Records: 1, First: rec.TimeCreated(), Last: rec.TimeCreated()})
		if full || sum.Records%n == 0 {
			a.Take(w, "log")
		}
	}
	a.Take(w, "log")
	a.EndLog(Source{Name: "log", Stats: sum})
	return a.Analysis(time.Time{}, time.Time{})
}

// TestGroupsAreWhatIsSaid: names and numbers make no other group, and the
// example is the first of the log however often workers are taken.
func TestGroupsAreWhatIsSaid(t *testing.T) {
	t.Parallel()
	texts := make([]string, 300)
	for i := range texts {
		texts[i] = fmt.Sprintf("The %s of 'Tim%d' is %d days old.", []string{"bread", "milk", "cheese"}[i%3], i, i)
	}
	for _, pieces := range []int{1, 7, 1000} {
		got := analyzeInPieces(t, errorLog(t, evtx.LevelError, texts), pieces, Options{Detail: true})
		if len(got.Groups) != 3 || got.Rest != (Rest{}) {
			t.Fatalf("%d groups, rest %+v", len(got.Groups), got.Rest)
		}
		for i, g := range got.Groups {
			if g.Count != 100 || g.Example.Message != texts[i] || g.Example.RecordID != uint64(i+1) || g.Example.Source != "log" ||
				!strings.Contains(g.XML, "Tim"+fmt.Sprint(i)) || g.Last.Sub(g.First) != 297*time.Second {
				t.Errorf("taken every %d: %+v", pieces, g)
			}
		}
		if n := got.Timeline.Total().Errors; n != len(texts) {
			t.Errorf("%d events in the timeline", n)
		}
	}
}

// TestGroupsAreBounded: what finds no room is counted.
func TestGroupsAreBounded(t *testing.T) {
	t.Parallel()
	texts := make([]string, 3*maxGroups)
	for i := range texts {
		word := strings.NewReplacer("0", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6", "g", "7", "h", "8", "i", "9",
			"j").Replace(fmt.Sprint(i))
		texts[i] = "Nobody knows " + word + " here."
	}
	got := analyzeInPieces(t, errorLog(t, evtx.LevelError, texts), 4*maxGroups, Options{Detail: true})
	if len(got.Groups) != maxGroups || got.Rest != (Rest{Unexplained: 2 * maxGroups}) {
		t.Errorf("%d groups, rest %+v", len(got.Groups), got.Rest)
	}
	whole := 0
	for _, g := range got.Groups {
		if g.XML != "" {
			whole++
		}
	}
	if whole != maxWhole {
		t.Errorf("%d examples in full", whole)
	}
	got = analyzeInPieces(t, errorLog(t, evtx.LevelWarning, texts), 50, Options{Detail: true})
	if len(got.Groups) != maxGroups || got.Rest != (Rest{Other: 2 * maxGroups}) || len(got.Unexplained()) != 0 {
		t.Errorf("%d groups of warnings, rest %+v", len(got.Groups), got.Rest)
	}
	if got = analyzeInPieces(t, errorLog(t, evtx.LevelWarning, texts), 50, Options{}); len(got.Groups)+got.Rest.Other != 0 {
		t.Errorf("%d groups of warnings without Detail", len(got.Groups))
	}
}
