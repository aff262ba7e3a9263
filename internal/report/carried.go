package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/gwlogs/gwlogs/internal/tables"
	"github.com/gwlogs/gwlogs/internal/words"
)

// Carried are findings that bundles carry, as rows.
type Carried struct {
	rows *rows
	line func(dst []byte, v any) ([]byte, error) // as JSON
	s    Style
}

// CarriedFormats lists the formats of findings that bundles carry.
func CarriedFormats() []Format { return RowFormats() }

// NewCarried begins a document of them, in one of CarriedFormats.
func NewCarried(w io.Writer, f Format, s Style) (*Carried, error) {
	last := timeColumn(s, "")
	last.title = "LAST" + last.title[len("TIME"):]
	r, err := newRows(w, f, s, []column{
		{title: "BUNDLE", least: 8, best: 36, spare: 3},
		{title: "COMPUTER", least: 10, best: 24, spare: 1},
		{title: "SEVERITY", least: 8, best: 8},
		{title: "ONGOING", least: 7, best: 7, spare: 4},
		{title: "TIMES", least: 5, best: 5, right: true, spare: 2},
		last,
		{title: "PROBLEM", least: 20, best: 60},
	}, []string{"bundle", "computer", "severity", "ongoing", "count", "first", "last", "signature", "title"}, tables.Findings())
	return &Carried{r, tables.Findings().Writer(tables.JSONLines), s}, err
}

// Add writes one.
func (c *Carried) Add(f *tables.Finding) error {
	object, err := c.line(nil, f)
	if err != nil {
		return err
	}
	count, shown := "", ""
	if f.Count >= 0 {
		count, shown = strconv.Itoa(f.Count), words.Thousands(f.Count)
	}
	ongoing := yesNo(f.Ongoing)
	one := &row{
		cells:  []string{f.Bundle, f.Computer, f.Severity, ongoing, shown, c.s.short(f.Last), f.Title},
		values: []string{f.Bundle, f.Computer, f.Severity, ongoing, count, c.s.full(f.First), c.s.full(f.Last), f.Signature, f.Title},
		object: json.RawMessage(object), value: f,
	}
	for i, name := range []string{"bundle", "computer", "severity", "ongoing", "times", "last", "problem"} {
		one.lines = append(one.lines, [2]string{name, one.cells[i]})
	}
	return c.rows.add(one)
}

// Close ends the document.
func (c *Carried) Close() error { return c.rows.doc.Close() }

// The JSON of a diagnosis, as far as a row needs it. Lists are read item by item: [{},{}] takes a hundred times its text otherwise.
type (
	carriedDiagnosis struct {
		Schema   string            `json:"schema"`
		Tool     jsonTool          `json:"tool"`
		Window   jsonWindow        `json:"window"`
		Status   []json.RawMessage `json:"status"`
		Findings []json.RawMessage `json:"findings"`
	}
	carriedStatus struct {
		Computer string `json:"computer"`
		State    string `json:"state"`
		Version  *struct {
			Number string `json:"number"`
		} `json:"version"`
	}
	carriedFinding struct {
		Signature  string              `json:"signature"`
		ID         string              `json:"id"`
		Title      string              `json:"title"`
		Severity   string              `json:"severity"`
		Count      int                 `json:"count"`
		Likely     bool                `json:"likely"`
		First      *string             `json:"first"`
		Last       *string             `json:"last"`
		Ongoing    bool                `json:"ongoing"`
		Computers  []string            `json:"computers"`
		On         []json.RawMessage   `json:"per_computer"`
		Cause      string              `json:"cause"`
		Resolution []string            `json:"resolution"`
		Reasons    []string            `json:"reasons"`
		References []string            `json:"references"`
		Captures   map[string][]string `json:"captures"`
		Evidence   []json.RawMessage   `json:"evidence"`
	}
)

// maxCarriedStatus is how many gateways of one bundle have a state.
const maxCarriedStatus = 10_000

// ReadFindings reads the findings of a diagnosis in JSON, the worst first as they stand there: one for each problem and computer. bundle
// is the report ID that they all have.
func ReadFindings(data []byte, bundle string) ([]tables.Finding, error) {
	var d carriedDiagnosis
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("is no diagnosis: %w", err)
	}
	if d.Schema != findingsSchema {
		return nil, fmt.Errorf("has the schema %q, and this program knows %s", d.Schema, findingsSchema)
	}
	status := make(map[string]carriedStatus)
	for _, raw := range d.Status[:min(len(d.Status), maxCarriedStatus)] {
		var s carriedStatus
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, fmt.Errorf("is no diagnosis: %w", err)
		}
		status[s.Computer] = s
	}
	var all []tables.Finding
	for _, raw := range d.Findings {
		var f carriedFinding
		if err := json.Unmarshal(raw, &f); err != nil {
			return nil, fmt.Errorf("is no diagnosis: %w", err)
		}
		rows, err := f.rows()
		if err != nil {
			return nil, fmt.Errorf("is no diagnosis: %w", err)
		}
		for i := range rows {
			one := &rows[i]
			one.Bundle, one.Tool, one.From, one.To = bundle, d.Tool.Version, readTime(d.Window.From), readTime(d.Window.To)
			if s, ok := status[one.Computer]; ok && one.Computer != "" {
				if one.State = s.State; s.Version != nil {
					one.Version = s.Version.Number
				}
			}
		}
		all = append(all, rows...)
	}
	return all, nil
}

// rows are those of one finding.
func (f *carriedFinding) rows() ([]tables.Finding, error) {
	of := tables.Finding{
		First: readTime(f.First), Last: readTime(f.Last), Count: f.Count, Ongoing: f.Ongoing, Signature: f.Signature, ID: f.ID, Title: f.Title,
		Severity: f.Severity, Likely: f.Likely, Cause: f.Cause, Resolution: f.Resolution, Reasons: f.Reasons, References: f.References,
	}
	for _, name := range sortedKeys(f.Captures) {
		for _, value := range f.Captures[name] {
			of.Captures = append(of.Captures, tables.Pair{Name: name, Value: value})
		}
	}
	last, err := f.lastEvents()
	if err != nil {
		return nil, err
	}
	var all []tables.Finding
	add := func(computer string, change func(*tables.Finding)) {
		one := of
		one.Computer, one.Evidence = computer, last[computer]
		change(&one)
		all = append(all, one)
	}
	for _, raw := range f.On {
		var on jsonOnComputer
		if err := json.Unmarshal(raw, &on); err != nil {
			return nil, err
		}
		add(on.Computer, func(one *tables.Finding) {
			one.Count, one.First, one.Last, one.Ongoing = on.Count, readTime(on.First), readTime(on.Last), on.Ongoing
		})
	}
	if len(f.On) > 0 {
		return all, nil
	}
	// A bundle from before there was such a list.
	for _, computer := range f.Computers {
		add(computer, func(one *tables.Finding) {
			if len(f.Computers) > 1 {
				one.Count = -1
			}
		})
	}
	if len(f.Computers) == 0 {
		add("", func(*tables.Finding) {})
	}
	return all, nil
}

// lastEvents are the last pieces of evidence, by computer.
func (f *carriedFinding) lastEvents() (map[string]*tables.Evidence, error) {
	last := make(map[string]*tables.Evidence)
	for _, raw := range f.Evidence {
		var e jsonEvidence
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, err
		}
		at := readTime(e.Time)
		if have := last[e.Computer]; have == nil || !at.Before(have.Time) {
			last[e.Computer] = &tables.Evidence{
				Time: at, Source: e.Source, Channel: e.Channel, Level: e.Level, Message: e.Message, Code: e.Code, Innermost: e.Inner,
				EventID: int64(e.EventID), RecordID: int64(e.RecordID),
			}
		}
	}
	return last, nil
}

func sortedKeys(m map[string][]string) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// readTime is zero for what is no time.
func readTime(s *string) time.Time {
	if s == nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, *s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
