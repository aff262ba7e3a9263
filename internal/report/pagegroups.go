//go:build !js

package report

import (
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

type groupView struct {
	Count, Class, Level, Text, When string
	ID, LastSeen                    string
	First, Last                     int64  // seconds since 1970, to sort by
	OccurrencesHead                 string // over its events; empty if there are none
	Problem, ProblemAnchor          string // the anchor only if the problem is in the page
	Facts                           []pageFact
	Message, XML                    string
	LeftOut                         string // said in place of the event
}

// maxOpenSources is how many sources a table shows that is not folded.
const maxOpenSources = 12

type sourceView struct {
	Name, Channel, Events, First, Last, Records, Missing, Damaged string
	Failed                                                        string
	Integrity                                                     []string // phrases
	Incomplete                                                    bool     // something is missing or damaged
}

func (b *pageBuilder) groups() {
	anchors := make(map[string]string)
	for i := range b.view.Findings {
		anchors[b.view.Findings[i].Title] = b.view.Findings[i].Anchor
	}
	budget := &pageBudget{left: maxPageExamples, cut: b.say("cut")}
	more := b.found.Rest.Unexplained + b.found.Rest.Other
	for i := range b.found.Groups {
		g := &b.found.Groups[i]
		if i >= maxPageGroups {
			more += g.Count
			continue
		}
		v := b.group(g, budget)
		v.ProblemAnchor = anchors[v.Problem]
		b.view.Groups = append(b.view.Groups, v)
	}
	b.occurrences()
	if more > 0 {
		b.view.More = b.say("more", "n", more)
	}
}

func (b *pageBuilder) group(g *matcher.Group, budget *pageBudget) groupView {
	v := groupView{
		Count: words.Thousands(g.Count), Class: levelClass(g.Level), Level: levelWord(b.words, g.Level), Text: shownName(g.Example.Cause),
		When: occurrences(b.words, g.Count, shortTime(g.First), shortTime(g.Last)),
		ID:   strconv.Itoa(int(g.EventID)), LastSeen: shortTime(g.Last), First: g.First.Unix(), Last: g.Last.Unix(),
	}
	if g.Signature != nil {
		v.Problem = shownName(g.Signature.In(b.words.Lang()).Title)
	}
	if v.Text == "" {
		v.Text = shownName(words.Clip(g.Example.Message, maxPageName))
	}
	v.Facts = b.eventFacts([]pageFact{
		{b.say("record"), id(g.Example.RecordID)}, {b.say("event-id"), strconv.Itoa(int(g.EventID))}, {b.say("channel"), g.Channel},
		{b.say("provider"), g.Provider}, {b.say("source"), g.Example.Source},
	})
	v.Message = strings.TrimSpace(budget.take(g.Example.Message))
	whole := false
	if v.XML, whole = budget.all(indentXML(g.XML)); !whole || g.XML == "" {
		v.LeftOut = b.say("left-out")
	}
	return v
}

func (b *pageBuilder) sources() {
	if from, to, ok := b.found.Uncovered(); ok {
		b.view.Uncovered = b.words.Say("diagnosis.uncovered", "from", shortTime(from), "to", shortTime(to))
	}
	all, more := atMost(b, b.found.Sources, maxPageRows)
	b.view.MoreSources = more
	if len(b.found.Sources) > maxOpenSources {
		b.view.SourcesFolded = b.say("all-sources", "n", len(b.found.Sources))
	}
	for i := range all {
		b.view.Sources = append(b.view.Sources, b.source(&all[i]))
	}
}

func (b *pageBuilder) source(s *matcher.Source) sourceView {
	missing := s.Missing()
	v := sourceView{
		Name: shownName(s.Name), Channel: shownName(s.Channel), Events: words.Thousands(s.Records),
		First: timeOrNone(s.First), Last: timeOrNone(s.Last), Missing: words.Thousands(missing), Damaged: words.Thousands(s.Damaged),
		Incomplete: missing > 0 || s.Damaged > 0 || s.Failed,
	}
	switch {
	case s.Records == 0:
		v.Events = b.words.Say("diagnosis.empty")
	case s.Selected != s.Records:
		v.Events = b.say("of", "n", s.Selected, "all", s.Records)
	}
	if s.LowestID != 0 {
		v.Records = id(s.LowestID) + "–" + id(s.HighestID)
	}
	integrity := matcher.NewIntegrity(s.Stats)
	for _, note := range IntegrityText(b.words, &Style{}, &integrity) {
		v.Integrity = append(v.Integrity, oneLine(note))
	}
	if s.Failed {
		v.Failed = b.say("failed-source")
	}
	return v
}
