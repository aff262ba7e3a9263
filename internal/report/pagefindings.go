//go:build !js

package report

import (
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

type findingView struct {
	Anchor, Number               string
	Class, Severity, Title, When string
	Count, LastSeen              string
	Where                        string // the computer, or how many
	Whether, Over, Computers     string // Over is empty for what goes on, Computers where there is but one
	Cause                        string
	Steps                        []string
	Captures                     []captureView
	EvidenceHead                 string
	Evidence                     []evidenceView
	References                   []referenceView
	Open                         bool       // at first; the others are folded
	Spark                        *sparkView // nil if it is not known when

	counts []int // in the buckets of the timeline
}

// A sparkView is when a problem was, in little: Bars is a path in a drawing of Width units by sparkHeight.
type sparkView struct{ Width, Bars string }

const (
	sparkHeight = 20
	openAtFirst = 3 // findings: the others are a list of titles until they are opened
)

type captureView struct {
	Name   string
	Values []string
	More   string
}

type referenceView struct{ Address, Text string } // no address: no link

type evidenceView struct {
	Time, Class, Level, Message string
	Said                        []string // in few words
	Facts                       []pageFact
}

func (b *pageBuilder) findings() {
	all, more := atMost(b, b.found.Findings, maxPageFindings)
	b.view.MoreFindings = more
	budget := &pageBudget{left: maxPageEvidence, cut: b.say("cut")}
	for i := range all {
		if all[i].Signature != nil && all[i].Signature.Rule != nil {
			b.view.Findings = append(b.view.Findings, b.finding(i+1, &all[i], budget))
		}
	}
	if command := b.page.Diagnosis.Suggestion; command != "" {
		b.view.Suggestion = shownLine(b.words.Say("diagnosis.suggest", "command", command))
	}
	b.view.Nothing, b.view.NothingMore = b.words.Say("diagnosis.nothing"), b.say("nothing-at-all")
	if len(b.found.Groups) > 0 {
		b.view.NothingMore = b.say("nothing-but-errors")
	}
}

func (b *pageBuilder) finding(n int, f *matcher.Finding, budget *pageBudget) findingView {
	text := f.Text(b.words.Lang())
	level := f.Signature.Rule.Level
	v := findingView{
		Anchor: "problem-" + strconv.Itoa(n), Number: strconv.Itoa(n),
		Class: severityClass(level), Severity: b.severity(level), Title: shownName(titleOf(b.words, f)),
		When:  occurrences(b.words, f.Count, shortTime(f.First), shortTime(f.Last)),
		Cause: shownLine(causeOf(b.words, f)),
		Count: words.Thousands(f.Count), LastSeen: shortTime(f.Last), Whether: whether(b.words,
			f), Over: shownLine(overBy(b.words, f, shortTime)),
		Open: n <= openAtFirst, counts: f.Timeline,
	}
	if f.Timeline != nil {
		v.Spark = &sparkView{
			Width: strconv.Itoa(len(f.Timeline)),
			Bars:  countsPath(f.Timeline, func(i int) float64 { return float64(i) }, 1, sparkHeight, sparkHeight),
		}
	}
	if len(b.found.Computers) > 1 && len(f.Computers) > 0 {
		v.Computers = shownLine(computersOf(b.words, f.Computers))
	}
	if n := len(f.Computers); n == 1 {
		v.Where = shownName(f.Computers[0])
	} else if n > 1 {
		v.Where = b.say("on-computers", "n", n)
	}
	for _, step := range text.Resolution {
		v.Steps = append(v.Steps, shownLine(step))
	}
	for _, c := range f.Captures {
		v.Captures = append(v.Captures, b.capture(c))
	}
	for _, reference := range f.References() {
		v.References = append(v.References, referenceView{webAddress(reference), shownLine(reference)})
	}
	v.EvidenceHead = b.words.Say("diagnosis.says", "shown", len(f.Evidence), "all", f.Count)
	for i := range f.Evidence {
		v.Evidence = append(v.Evidence, b.evidence(&f.Evidence[i], budget))
	}
	return v
}

// severity is the word for how bad it is, INFO for what has no level.
func (b *pageBuilder) severity(level sigma.Level) string {
	if word := severityWord(b.words, level); word != "" {
		return word
	}
	return severityWord(b.words, sigma.Informational)
}

func (b *pageBuilder) capture(c matcher.Captured) captureView {
	values, more := atMost(b, c.Values, maxPageValues)
	v := captureView{Name: shownName(c.Name), More: more}
	for _, value := range values {
		v.Values = append(v.Values, shownName(value))
	}
	return v
}

func (b *pageBuilder) evidence(e *matcher.Evidence, budget *pageBudget) evidenceView {
	v := evidenceView{Time: shortTime(e.Time), Class: levelClass(e.Level), Level: levelWord(b.words, e.Level)}
	for _, line := range evidenceLines(b.words, e) {
		v.Said = append(v.Said, oneLine(budget.take(line)))
	}
	v.Message = strings.TrimSpace(budget.take(e.Message))
	if len(v.Said) == 1 && v.Said[0] == v.Message {
		v.Said = nil
	}
	v.Facts = b.eventFacts([]pageFact{
		{b.say("record"), id(e.RecordID)}, {b.say("event-id"), strconv.Itoa(int(e.EventID))}, {b.say("channel"), e.Channel},
		{b.say("computer"), e.Computer}, {b.say("source"), e.Source},
	})
	return v
}

// eventFacts leaves out what is not known of an event.
func (b *pageBuilder) eventFacts(all []pageFact) []pageFact {
	var known []pageFact
	for _, fact := range all {
		if value := shownName(fact.Value); value != "" && (fact.Name != b.say("record") || value != "0") {
			known = append(known, pageFact{fact.Name, value})
		}
	}
	return known
}
