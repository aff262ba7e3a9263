package view

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/safezip"
	"github.com/gwlogs/gwlogs/internal/words"
)

// What gwlogs check found on the machine of a gateway lies in its bundle, with its sentences in the language of the bundle; translated puts
// them into another one.

// checkName is the entry: archive.CheckName.
const checkName = "check.json"

// Bounds of what is read of checks: anybody may have made the bundle.
const (
	maxCheckedArchives = 1000
	maxChecks          = 50
	maxCheckBytes      = 8 << 20
	maxCheckResults    = 2000
	maxCheckLines      = 50
	maxCheckLine       = 4 << 10
)

type checksResult struct {
	Checks []checkOf `json:"checks"`
}

type checkOf struct {
	Source string       `json:"source"` // the bundle
	Title  string       `json:"title"`
	Help   string       `json:"help"`
	Sum    string       `json:"sum"`
	Groups []checkGroup `json:"groups"` // faults, warnings, notes
	Fine   []string     `json:"fine"`   // what is fine, and what was not tried
	Error  string       `json:"error,omitempty"`
}

type checkGroup struct {
	Status  string   `json:"status"`
	Text    string   `json:"status_text"`
	Layer   string   `json:"layer"`
	Seen    []string `json:"seen"`
	Do      []string `json:"do"`
	Tickets []string `json:"tickets"`
	Said    []string `json:"said"`

	key string
}

// checkDoc is what is read of a check.json.
type checkDoc struct {
	Schema   string `json:"schema"`
	Time     string `json:"time"`
	Computer string `json:"computer"`
	Product  string `json:"product"`
	Results  []struct {
		Status  string `json:"status"`
		Layer   string `json:"layer"`
		Finding string `json:"finding"`
		Target  *struct {
			Host string `json:"host"`
		} `json:"target"`
		Seen   string   `json:"seen"`
		Do     []string `json:"do"`
		Ticket *string  `json:"ticket"`
		Raw    []string `json:"raw"`
	} `json:"results"`
}

// checks are those of all bundles that are open.
func (e *Engine) checks(_ context.Context, p *langParams) (any, error) {
	e.mu.RLock()
	sets := slices.Clone(e.sets)
	e.mu.RUnlock()
	out := &checksResult{Checks: []checkOf{}}
	looked := 0
	for _, set := range sets {
		for i := range set.Archives {
			if looked++; looked > maxCheckedArchives || len(out.Checks) == maxChecks {
				return out, nil
			}
			a := &set.Archives[i]
			data, err := checkEntry(a)
			if data == nil && err == nil {
				continue
			}
			out.Checks = append(out.Checks, newCheck(a.Name, data, err, words.In(e.lang(p.Lang))))
		}
	}
	return out, nil
}

// checkEntry is the check of a bundle; nil without an error if there is none.
func checkEntry(a *eventlog.Archive) ([]byte, error) {
	archive, err := safezip.Open(a.At, a.Size)
	if err != nil {
		return nil, nil // it is told with its logs
	}
	for _, f := range archive.Files {
		if f.Name != checkName {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return nil, err
		}
		defer in.Close()
		data, err := io.ReadAll(io.LimitReader(in, maxCheckBytes+1))
		if err == nil && len(data) > maxCheckBytes {
			err = &Error{Message: "it is larger than 8 MiB"}
		}
		return data, err
	}
	return nil, nil
}

func newCheck(source string, data []byte, err error, w *words.Words) checkOf {
	c := checkOf{Source: source, Groups: []checkGroup{}, Fine: []string{}}
	doc := new(checkDoc)
	if err == nil {
		if data, err = translated(data, w.Lang()); err == nil {
			err = json.Unmarshal(data, doc)
		}
	}
	if err == nil && !strings.HasPrefix(doc.Schema, "gwlogs.check/") {
		err = &Error{Message: "it is no result of gwlogs check"}
	}
	if err != nil {
		c.Error = oneLine([]byte(err.Error()), maxRowMessage)
		return c
	}
	c.fill(doc, w)
	return c
}

// fill puts results with the same finding together, the worst first, as the report page does.
func (c *checkOf) fill(doc *checkDoc, w *words.Words) {
	when := doc.Time
	if t, err := time.Parse(time.RFC3339, doc.Time); err == nil {
		when = t.UTC().Format(time.DateTime) + " UTC"
	}
	line := func(text string) string { return oneLine([]byte(text), maxCheckLine) }
	c.Title = w.Say("check.section", "computer", line(doc.Computer))
	c.Help = w.Say("check.section-help", "time", line(when), "product", line(doc.Product))
	add := func(list *[]string, text string) {
		if text = line(text); text != "" && len(*list) < maxCheckLines && !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	count := make(map[string]int)
	for _, status := range []string{"fault", "warning", "note"} {
		for i := range doc.Results[:min(len(doc.Results), maxCheckResults)] {
			r := &doc.Results[i]
			if r.Status != status {
				continue
			}
			key := strings.Join(append([]string{r.Finding, r.Layer, status}, r.Do...), "\x00")
			if r.Target == nil {
				key = "" // about the machine: each by itself
			}
			at := slices.IndexFunc(c.Groups, func(g checkGroup) bool { return key != "" && g.key == key })
			if at < 0 {
				at = len(c.Groups)
				count[status]++
				c.Groups = append(c.Groups, checkGroup{
					Status: status, Text: w.Say("check-status." + status), Layer: named(w, "check-layer.", r.Layer), Seen: []string{}, Do: []string{},
					Tickets: []string{}, Said: []string{}, key: key,
				})
			}
			g := &c.Groups[at]
			add(&g.Seen, r.Seen)
			for _, step := range r.Do {
				add(&g.Do, step)
			}
			if r.Ticket != nil {
				add(&g.Tickets, *r.Ticket)
			}
			for _, raw := range r.Raw {
				add(&g.Said, raw)
			}
		}
	}
	for i := range doc.Results {
		r := &doc.Results[i]
		if r.Status != "ok" && r.Status != "not-tried" {
			continue
		}
		if count[r.Status]++; len(c.Fine) < maxCheckResults {
			c.Fine = append(c.Fine, line(r.Seen))
		}
	}
	c.Sum = checkSum(w, doc, count)
}

// checkSum is how it is, in a sentence.
func checkSum(w *words.Words, doc *checkDoc, count map[string]int) string {
	switch {
	case len(doc.Results) == 0:
		return w.Say("check.nothing")
	case count["ok"] == len(doc.Results):
		return w.Say("check.all-well")
	}
	return w.Say("check.sum", "faults", count["fault"], "warnings", count["warning"], "notes", count["note"], "fine", count["ok"], "untried", count["not-tried"])
}

// named is a name of the program's in words, if there are any for it.
func named(w *words.Words, section, name string) string {
	if w.Has(section + name) {
		return w.Say(section + name)
	}
	return oneLine([]byte(name), maxRowMessage)
}
