package view

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// analyze looks for known problems in all logs, as diagnose does, and notes for each event what it counts for.
func (e *Engine) analyze() {
	catalogue, err := e.catalogue()
	if err != nil {
		e.tell(eventlog.Notice{Text: err.Error(), Trouble: true})
		return
	}
	s := e.snapshot()
	v := newVerdicts(s.n, s.version)
	a := catalogue.Analyze(matcher.Options{
		Evidence: 10, Now: e.o.Now(),
		Counted: func(signature *matcher.Signature, log int, at evtx.Place) {
			v.add(s.find(uint32(log), at), signature.Name, 0)
		},
		Grouped: func(key matcher.GroupKey, log int, at evtx.Place) { v.add(s.find(uint32(log), at), "", key) },
	})
	pass := e.pass(s)
	wanted := evtx.Selection{}
	if pass.Select != nil {
		wanted = *pass.Select
	}
	wanted.Any = catalogue.Selections()
	pass.Select, pass.Once, pass.LiveOnly = &wanted, !e.o.Duplicates, true
	_, err = eventlog.Run(e.ctx, pass, eventlog.Consumer[*matcher.Worker]{
		New:   a.Worker,
		Visit: func(w *matcher.Worker, rec *evtx.Record) (bool, error) { return w.Visit(rec), nil },
		Again: (*matcher.Worker).Again,
		Flush: func(w *matcher.Worker, in *eventlog.Reading) error {
			a.Take(w, in.Log.Source())
			e.pause()
			return nil
		},
		End: func(in *eventlog.Reading) error {
			source := matcher.Source{Name: in.Log.Source(), Stats: in.Stats, Damaged: in.Damaged, Duplicates: int(in.Duplicates), Failed: in.Err != nil}
			a.EndLog(source)
			return nil
		},
	})
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			e.tell(eventlog.Notice{Text: err.Error(), Trouble: true})
		}
		return
	}
	found := e.analysisOf(a, s)
	e.change(func() { e.analysis, e.verdict, e.state.ready = found, v, true })
}

// analysisOf ends the analysis. Logs of which no event was looked at are no gateway's, and called what the index knows.
func (e *Engine) analysisOf(a *matcher.Analyzer, s *snapshot) *matcher.Analysis {
	var asked evtx.Selection
	if e.o.Select != nil {
		asked = *e.o.Select
	}
	found := a.Analysis(asked.Since, asked.Until)
	for i := range found.Sources {
		if found.Sources[i].Channel == "" && i < len(s.logs) {
			found.Sources[i].Channel = s.logs[i].channel
		}
	}
	return found
}

type findingsResult struct {
	Version int            `json:"version"`
	Ready   bool           `json:"ready"`
	Page    map[string]any `json:"page"`
	Text    string         `json:"text"`
}

// findings are what diagnose prints as JSON. Each finding and each group tells how many events of the index it has, and each piece of
// evidence which event it is.
func (e *Engine) findings(ctx context.Context, p *langParams) (any, error) {
	e.mu.RLock()
	a := e.analysis
	e.mu.RUnlock()
	s := e.snapshot()
	if a == nil {
		return &findingsResult{Version: s.version}, nil
	}
	d := &report.Diagnosis{Tool: "gwlogs", Version: e.o.Version, Lang: e.lang(p.Lang), Analysis: a}
	page, err := diagnosisPage(d)
	if err != nil {
		return nil, err
	}
	counts := s.countVerdicts()
	sorted := e.sorted(s)
	for i, f := range each(page["findings"]) {
		f["events"] = counts[a.Findings[i].Signature.Name]
		for _, evidence := range each(f["evidence"]) {
			s.locateEvidence(sorted, evidence)
		}
	}
	groups := a.Unexplained()
	for i, g := range each(page["unexplained"]) {
		g["group"] = shapeName(groups[i].Key)
		g["events"] = counts[shapeName(groups[i].Key)]
		if example, ok := g["example"].(map[string]any); ok {
			s.locateEvidence(sorted, example)
		}
	}
	w := words.In(d.Lang)
	for i, status := range each(page["status"]) {
		status["state_text"] = w.Say("status." + string(a.Status[i].State))
		if event, ok := status["event"].(map[string]any); ok {
			s.locateEvidence(sorted, event)
		}
	}
	for _, endpoint := range each(page["endpoints"]) {
		endpoint["events"] = endpoint["count"]
	}
	var text bytes.Buffer
	if err := report.WriteDiagnosis(&text, report.Text, report.Style{}, d); err != nil {
		return nil, err
	}
	return &findingsResult{Version: s.version, Ready: true, Page: page, Text: text.String()}, nil
}

// diagnosisPage is the JSON of a diagnosis, to be added to.
func diagnosisPage(d *report.Diagnosis) (map[string]any, error) {
	var b bytes.Buffer
	if err := report.WriteDiagnosis(&b, report.JSON, report.Style{}, d); err != nil {
		return nil, err
	}
	page := make(map[string]any)
	dec := json.NewDecoder(&b)
	dec.UseNumber()
	return page, dec.Decode(&page)
}

// each are the objects of a list.
func each(v any) []map[string]any {
	items, _ := v.([]any)
	all := make([]map[string]any, 0, len(items))
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// countVerdicts counts the events of each finding and of each group.
func (s *snapshot) countVerdicts() map[string]int {
	by := make([]int, len(s.kinds))
	for _, v := range s.verdictOf {
		by[v]++
	}
	counts := make(map[string]int)
	for i, v := range s.kinds {
		for _, name := range v.findings {
			counts[name] += by[i]
		}
		if v.group != 0 {
			counts[shapeName(v.group)] += by[i]
		}
	}
	return counts
}

// locateEvidence adds which event of the index a piece of evidence is.
func (s *snapshot) locateEvidence(sorted []uint32, evidence map[string]any) {
	evidence["n"] = -1
	when, _ := evidence["time"].(string)
	source, _ := evidence["source"].(string)
	number, _ := evidence["record_id"].(json.Number)
	record, err := number.Int64()
	ticks, err2 := parseTicks(when, false)
	if err == nil && err2 == nil {
		evidence["n"] = s.findEvent(sorted, source, uint64(record), ticks)
	}
}

// groupText is an example of what the events of a group say.
func (e *Engine) groupText(name string) string {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.analysis != nil {
		for i := range e.analysis.Groups {
			if g := &e.analysis.Groups[i]; shapeName(g.Key) == name {
				return oneLine([]byte(g.Example.Cause), 200)
			}
		}
	}
	return name
}

// endedLogs are the logs that were read.
func (e *Engine) endedLogs() []*logInfo {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var all []*logInfo
	for _, l := range e.x.logs {
		if l.ended {
			own := *l
			all = append(all, &own)
		}
	}
	return all
}

func integrityOf(l *logInfo) matcher.Integrity { return matcher.NewIntegrity(l.stats) }
