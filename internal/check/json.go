package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

// Schema names the shape of the JSON; a change that could break a reader changes its number.
const Schema = "gwlogs.check/1"

type jsonReport struct {
	Schema      string         `json:"schema"`
	Tool        jsonTool       `json:"tool"`
	Time        string         `json:"time"`
	Computer    string         `json:"computer"`
	Product     Product        `json:"product"`
	Cloud       Cloud          `json:"cloud"`
	Proxy       *string        `json:"proxy"`
	TookMS      int64          `json:"took_ms"`
	Interrupted bool           `json:"interrupted"`
	Counts      map[Status]int `json:"counts"`
	Results     []jsonResult   `json:"results"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonResult struct {
	Probe   string            `json:"probe"`
	Status  Status            `json:"status"`
	Layer   Layer             `json:"layer"`
	Finding string            `json:"finding"`
	Target  *jsonTarget       `json:"target"`
	Seen    string            `json:"seen"`
	Do      []string          `json:"do"`
	Ticket  *string           `json:"ticket"`
	Values  map[string]string `json:"values"`
	Raw     []string          `json:"raw"`
	TookMS  int64             `json:"took_ms"`
}

type jsonTarget struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Protocol Protocol `json:"protocol"`
	Role     Role     `json:"role"`
	Needed   string   `json:"needed"`
	Source   string   `json:"source"`
}

// Encode is the report as JSON, with its sentences in a language.
func Encode(r *Report, lang string) ([]byte, error) {
	w := words.In(lang)
	out := jsonReport{
		Schema: Schema, Tool: jsonTool{r.Tool, r.Version}, Time: r.Time.Format(time.RFC3339), Computer: r.Computer, Product: r.Product,
		Cloud: r.Cloud, Proxy: orNull(r.Proxy), TookMS: r.Took.Milliseconds(), Interrupted: r.Interrupted,
		Counts: make(map[Status]int), Results: []jsonResult{},
	}
	for _, s := range Statuses() {
		out.Counts[s] = r.Count(s)
	}
	for i := range r.Results {
		out.Results = append(out.Results, newJSONResult(&r.Results[i], w))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(&out)
	return b.Bytes(), err
}

func newJSONResult(r *Result, w *words.Words) jsonResult {
	one := jsonResult{
		Probe: r.Probe, Status: r.Status, Layer: r.Layer, Finding: r.Finding, Seen: r.Seen(w), Do: r.Do(w), Ticket: orNull(r.Ticket(w)),
		Values: make(map[string]string), Raw: r.Raw, TookMS: r.Took.Milliseconds(),
	}
	if one.Do == nil {
		one.Do = []string{}
	}
	if one.Raw == nil {
		one.Raw = []string{}
	}
	for name, value := range r.Values {
		if value != "" {
			one.Values[name] = value
		}
	}
	if t := r.Target; t != nil {
		one.Target = &jsonTarget{t.Host, t.Port, t.Protocol, t.Role, t.Weight.String(), t.Source}
	}
	return one
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// String is the name of a weight.
func (w Weight) String() string {
	switch w {
	case Required:
		return "required"
	case Advised:
		return "advised"
	}
	return "optional"
}

// MaxEncoded is how large a report is at most that Decode reads, in bytes.
const MaxEncoded = 8 << 20

const maxResults = 10_000

// Decode reads what Encode has written, or somebody else: nothing in it is trusted to be more than text.
func Decode(data []byte) (*Report, error) {
	if len(data) > MaxEncoded {
		return nil, fmt.Errorf("is larger than %d MiB", MaxEncoded>>20)
	}
	var in jsonReport
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("is no JSON of a check: %w", err)
	}
	switch {
	case in.Schema != Schema:
		return nil, fmt.Errorf("has the schema %q, and this program knows %s", in.Schema, Schema)
	case len(in.Results) > maxResults:
		return nil, errors.New("has too many results")
	}
	r := &Report{
		Tool: in.Tool.Name, Version: in.Tool.Version, Computer: in.Computer, Product: in.Product, Cloud: in.Cloud,
		Took: time.Duration(in.TookMS) * time.Millisecond, Interrupted: in.Interrupted,
	}
	r.Time, _ = time.Parse(time.RFC3339, in.Time)
	if in.Proxy != nil {
		r.Proxy = *in.Proxy
	}
	for _, one := range in.Results {
		res := Result{
			Probe: one.Probe, Status: one.Status, Layer: one.Layer, Finding: one.Finding, Values: one.Values, Raw: one.Raw,
			Took: time.Duration(one.TookMS) * time.Millisecond,
		}
		if t := one.Target; t != nil {
			res.Target = &Target{Host: t.Host, Port: t.Port, Protocol: t.Protocol, Role: t.Role, Source: t.Source}
		}
		r.Results = append(r.Results, res)
	}
	return r, nil
}
