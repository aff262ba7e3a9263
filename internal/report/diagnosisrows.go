package report

import (
	"bytes"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/internal/tables"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// diagnosisRows is the findings as a table of JSON lines.
func diagnosisRows(s Style, d *Diagnosis) ([]byte, error) {
	return writeFindings(Rows, s, findingRows(d))
}

// diagnosisParquet is the same table as a Parquet file.
func diagnosisParquet(s Style, d *Diagnosis) ([]byte, error) {
	return writeFindings(Parquet, s, findingRows(d))
}

func writeFindings(f Format, s Style, all []tables.Finding) ([]byte, error) {
	var b bytes.Buffer
	r, err := newRows(&b, f, s, nil, nil, tables.Findings())
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := r.add(&row{value: &all[i]}); err != nil {
			return nil, err
		}
	}
	err = r.doc.Close()
	return b.Bytes(), err
}

// diagnosisTimesketch is the events that show a problem, tagged with it.
func diagnosisTimesketch(s Style, d *Diagnosis) ([]byte, error) {
	to := tables.NewTimesketch()
	var out []byte
	for i := range d.Findings {
		f := &d.Findings[i]
		of := findingRow(f, d.Lang)
		of.Bundle, of.Last = d.Bundle, f.Last
		for j := range f.Evidence {
			of.Computer, of.Evidence = f.Evidence[j].Computer, newEvidence(&f.Evidence[j])
			out = to.AppendFinding(out, &of)
		}
		if len(f.Evidence) == 0 {
			out = to.AppendFinding(out, &of)
		}
	}
	if s.Terminal {
		return escapeLines(nil, out, appendJSONEscape), nil
	}
	return out, nil
}

// findingRows are the rows of a diagnosis: one for each finding and computer, in its order.
func findingRows(d *Diagnosis) []tables.Finding {
	status := make(map[string]*matcher.Status)
	for i := range d.Status {
		status[d.Status[i].Computer] = &d.Status[i]
	}
	var all []tables.Finding
	for i := range d.Findings {
		of := findingRow(&d.Findings[i], d.Lang)
		of.From, of.To, of.Bundle, of.Tool = d.From, d.To, d.Bundle, d.Version
		for _, on := range d.Findings[i].PerComputer {
			one := of
			one.Computer, one.Count, one.First, one.Last, one.Ongoing = on.Computer, on.Count, on.First, on.Last, on.Ongoing
			one.Evidence = lastEvidence(d.Findings[i].Evidence, on.Computer)
			if s := status[on.Computer]; s != nil && on.Computer != "" {
				one.State = string(s.State)
				if s.Runtime != nil {
					one.Version = s.Runtime.Number
				}
			}
			all = append(all, one)
		}
	}
	return all
}

// findingRow is what is the same on all computers.
func findingRow(f *matcher.Finding, lang string) tables.Finding {
	text := f.Text(lang)
	one := tables.Finding{
		Signature: f.Signature.Name, ID: f.Signature.Rule.ID, Title: text.Title, Severity: f.Signature.Rule.Level.String(), Likely: f.Likely,
		Cause: causeOf(words.In(lang), f), Resolution: text.Resolution, Reasons: names(f.Within), References: f.References(),
	}
	for _, c := range f.Captures {
		for _, value := range c.Values {
			one.Captures = append(one.Captures, tables.Pair{Name: c.Name, Value: value})
		}
	}
	slices.SortStableFunc(one.Captures, func(a, b tables.Pair) int { return strings.Compare(a.Name, b.Name) })
	return one
}

// lastEvidence is the last event of a computer that is known; nil if none is.
func lastEvidence(all []matcher.Evidence, computer string) *tables.Evidence {
	var last *matcher.Evidence
	for i := range all {
		if e := &all[i]; e.Computer == computer && (last == nil || !e.Time.Before(last.Time)) {
			last = e
		}
	}
	if last == nil {
		return nil
	}
	return newEvidence(last)
}

func newEvidence(e *matcher.Evidence) *tables.Evidence {
	return &tables.Evidence{
		Time: e.Time, Source: e.Source, Channel: e.Channel, Level: LevelName(e.Level), Message: e.Message,
		Code: e.Detail.Code, Innermost: innermost(e), EventID: int64(e.EventID), RecordID: int64(e.RecordID),
	}
}
