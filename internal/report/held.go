package report

import (
	"io"

	"github.com/gwlogs/gwlogs/internal/tally"
	"github.com/gwlogs/gwlogs/matcher"
)

// countsSchema names the shape of the JSON of counts; a change that could break a reader changes its number.
const countsSchema = "gwlogs.stats/1"

// jsonCounts is what logs hold.
type jsonCounts struct {
	Schema  string      `json:"schema"`
	By      string      `json:"counted_by"`
	Total   jsonTotal   `json:"total"`
	Counts  []jsonCount `json:"counts"`
	Sources []jsonHeld  `json:"sources"`
}

// jsonTotal is of all that was counted.
type jsonTotal struct {
	Level *string `json:"level"` // the most severe; null if there is no event
	Count uint64  `json:"count"`
	First *string `json:"first"`
	Last  *string `json:"last"`
}

// jsonHeld is what one log holds, and what of it is missing: as in the JSON of a diagnosis.
type jsonHeld struct {
	Name     string  `json:"name"`
	Records  int     `json:"records"`
	Selected int     `json:"selected"`
	Damaged  int     `json:"damaged"`
	First    *string `json:"first"`
	Last     *string `json:"last"`
	Missing  uint64  `json:"missing_records"`

	Integrity matcher.Integrity `json:"integrity"`
}

// writeCountsJSON has every key always.
func writeCountsJSON(w io.Writer, s Style, by tally.By, counts []*tally.Count, held []matcher.Source) error {
	out := jsonCounts{Schema: countsSchema, By: string(by), Counts: make([]jsonCount, len(counts)), Sources: make([]jsonHeld, len(held))}
	t := &countTable{style: s, by: by, most: 1}
	for i, c := range counts {
		out.Counts[i] = t.row(c).object.(jsonCount)
	}
	total := totalOf(counts)
	out.Total = jsonTotal{nil, total.N, jsonTime(total.First), jsonTime(total.Last)}
	if total.N > 0 {
		out.Total.Level = new(LevelName(total.Worst))
	}
	for i := range held {
		h := &held[i]
		out.Sources[i] = jsonHeld{h.Name, h.Records, h.Selected, h.Damaged, jsonTime(h.First), jsonTime(h.Last), h.Missing(),
			matcher.NewIntegrity(h.Stats)}
	}
	text, err := indentedJSON(s, out)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// totalOf sums up counts.
func totalOf(counts []*tally.Count) *tally.Count {
	total := &tally.Count{}
	for _, c := range counts {
		total.Add(c)
	}
	return total
}
