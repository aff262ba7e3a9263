//go:build !js

package report

import (
	"html/template"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

// A pageView is what the template fills in: texts as they are shown, in one
// language. Where a list is nil the template says so in a sentence.
type pageView struct {
	words  *words.Words
	Lang   string
	Policy template.HTML
	Style  template.CSS
	Script template.JS
	Tool   string

	ReportID, Asked, Covered string
	Computers                []string
	Facts                    []pageFact

	Sections []sectionView // that have something

	Status     []statusView
	StatusHelp string
	NoGateway  string // that none of the logs is a gateway's

	Findings    []findingView
	Suggestion  string // the command that tries it again
	Nothing     string // said if nothing was found
	NothingMore string // what follows that
	Endpoints   []endpointView
	CopyText    string // of the endpoints

	Check *checkView // nil without a check

	SeveralComputers bool
	Chart            *chartView
	Groups           []groupView
	Occurrences      *occurrencesView // nil if there are none
	More             string
	ReportIDs        []reportIDView
	Sources          []sourceView
	Uncovered        string
	NotRead          []PageNotRead
	Redaction        *redactionView
	NotInspected     []string

	SourcesFolded string // what a long list of sources is folded behind

	MoreStatus, MoreFindings, MoreEndpoints, MoreReportIDs, MoreSources, MoreNotRead, MoreNotInspected string
}

// Say is a text of the page that nothing is filled into.
func (v *pageView) Say(key string) string { return v.words.Say("page." + key) }

// A pageFact is something the page tells under its name.
type pageFact struct{ Name, Value string }

type endpointView struct{ Address, Port, Times, First, Last, Computers string }

type reportIDView struct{ Time, ID, Computer, Channel, Record string }

type redactionView struct {
	Mode    string
	Removed bool // something would have been taken out, had it been there

	Rules, Suspects []redactionRule
}

type redactionRule struct {
	Name, Count string
	Where       []string
}

// pageBuilder makes the view of a page.
type pageBuilder struct {
	page  *Page
	found *matcher.Analysis
	words *words.Words
	view  *pageView
}

func newPageView(p *Page) *pageView {
	b := &pageBuilder{page: p, found: p.Diagnosis.Analysis, words: words.In(p.Diagnosis.Lang)}
	tool := shownName(strings.TrimSpace(p.Diagnosis.Tool + " " + p.Diagnosis.Version))
	b.view = &pageView{words: b.words, Lang: b.words.Lang(), Tool: b.say("footer", "tool", tool)}
	b.header()
	b.status()
	b.findings()
	b.endpoints()
	b.view.Chart = b.chart(b.found.Timeline)
	b.groups()
	b.reportIDs()
	b.sources()
	b.notRead()
	b.redaction()
	b.check()
	b.sections()
	return b.view
}

// A sectionView is a part of the page that can be gone to.
type sectionView struct{ ID, Name string }

// sections are those that have something to say, in their order on the page.
func (b *pageBuilder) sections() {
	v := b.view
	for _, s := range []struct {
		id, name string
		has      bool
	}{
		{"status", "go-status", len(v.Status) > 0 || v.NoGateway != ""},
		{"findings", "go-findings", true},
		{"check", "go-check", v.Check != nil},
		{"endpoints", "go-endpoints", len(v.Endpoints) > 0},
		{"timeline", "go-timeline", v.Chart != nil},
		{"groups", "go-groups", len(v.Groups) > 0 || v.More != ""},
		{"reportids", "go-report-ids", len(v.ReportIDs) > 0},
		{"coverage", "go-coverage", len(v.Sources)+len(v.NotRead) > 0},
		{"redaction", "go-redaction", v.Redaction != nil || len(v.NotInspected) > 0},
	} {
		if s.has {
			v.Sections = append(v.Sections, sectionView{s.id, b.say(s.name)})
		}
	}
}

// Has tells whether a section is on the page.
func (v *pageView) Has(id string) bool {
	return slices.ContainsFunc(v.Sections, func(s sectionView) bool { return s.ID == id })
}

// say is a text of the page.
func (b *pageBuilder) say(key string, args ...any) string { return b.words.Say("page."+key, args...) }

func (b *pageBuilder) header() {
	d := b.page.Diagnosis
	b.view.ReportID = shownName(b.page.ReportID)
	if !d.Asked.IsZero() {
		b.view.Asked = b.say("since") + " " + shortTime(d.Asked)
	}
	if !d.From.IsZero() && !d.To.IsZero() {
		b.view.Covered = b.words.Say("diagnosis.span", "first", shortTime(d.From), "last", shortTime(d.To))
	}
	b.view.Computers = b.computers()
	b.facts()
}

func (b *pageBuilder) computers() []string {
	all, more := atMost(b, b.found.Computers, maxPageValues)
	var names []string
	for _, name := range all {
		names = append(names, shownName(name))
	}
	if more != "" {
		names = append(names, more)
	}
	return names
}

// facts are the numbers at the top.
func (b *pageBuilder) facts() {
	fact := func(n int, label string) {
		b.view.Facts = append(b.view.Facts, pageFact{Name: label, Value: words.Thousands(n)})
	}
	fact(len(b.found.Findings), b.say("problems"))
	if all := b.found.Timeline.Total(); len(b.found.Timeline.Buckets) > 0 {
		fact(all.Errors, b.say("errors"))
		fact(all.Warnings, b.say("warnings"))
	}
	selected := 0
	for i := range b.found.Sources {
		selected += b.found.Sources[i].Selected
	}
	fact(selected, b.say("looked-at"))
}

// atMost returns the first n of a list, and how many more there are in words.
func atMost[T any](b *pageBuilder, list []T, n int) ([]T, string) {
	if len(list) <= n {
		return list, ""
	}
	return list[:n], b.say("and-more", "n", len(list)-n)
}

func (b *pageBuilder) endpoints() {
	var all []matcher.Endpoint
	all, b.view.MoreEndpoints = atMost(b, b.found.Endpoints, maxPageRows)
	var lines []string
	for i := range all {
		e := &all[i]
		address, port := shownName(e.Address), portText(e)
		if lines = append(lines, address); port != "" {
			lines[i] = net.JoinHostPort(address, port)
		}
		one := endpointView{Address: address, Port: port, Times: words.Thousands(e.Count), First: shortTime(e.First), Last: shortTime(e.Last)}
		if len(b.found.Computers) > 1 {
			one.Computers = someOf(b.words, e.Computers)
		}
		b.view.Endpoints = append(b.view.Endpoints, one)
	}
	b.view.SeveralComputers = len(b.found.Computers) > 1
	b.view.CopyText = strings.Join(lines, "\n")
}

func (b *pageBuilder) reportIDs() {
	var all []matcher.ReportID
	all, b.view.MoreReportIDs = atMost(b, b.found.ReportIDs, maxPageRows)
	for _, r := range all {
		b.view.ReportIDs = append(b.view.ReportIDs,
			reportIDView{shortTime(r.Time), shownName(r.ID), shownName(r.Computer), shownName(r.Channel), id(r.RecordID)})
	}
}

func (b *pageBuilder) notRead() {
	all, more := atMost(b, b.page.NotRead, maxPageRows)
	b.view.MoreNotRead = more
	for _, n := range all {
		b.view.NotRead = append(b.view.NotRead, PageNotRead{Source: shownName(n.Source), Error: shownLine(n.Error)})
	}
}

func (b *pageBuilder) redaction() {
	all, more := atMost(b, b.page.NotInspected, maxPageRows)
	b.view.MoreNotInspected = more
	for _, name := range all {
		b.view.NotInspected = append(b.view.NotInspected, shownName(name))
	}
	r := b.page.Redaction
	if r == nil {
		return
	}
	v := &redactionView{Mode: shownName(r.Mode), Removed: r.Mode != "none"}
	if b.words.Has("page.redaction-" + r.Mode) {
		v.Mode = b.words.Say("page.redaction-" + r.Mode)
	}
	for _, rule := range r.Rules[:min(len(r.Rules), maxPageRows)] {
		v.Rules = append(v.Rules, ruleView(rule))
	}
	for _, suspect := range r.Suspects[:min(len(r.Suspects), maxPageRows)] {
		v.Suspects = append(v.Suspects, ruleView(suspect))
	}
	b.view.Redaction = v
}

func ruleView(r PageRule) redactionRule {
	v := redactionRule{Name: shownName(r.Rule), Count: words.Thousands(r.Count)}
	for _, where := range r.Where[:min(len(r.Where), maxPageRows)] {
		v.Where = append(v.Where, shownName(where))
	}
	return v
}

// severityClass is the style of a severity.
func severityClass(level sigma.Level) string {
	if name := level.String(); name != "" {
		return name
	}
	return sigma.Informational.String()
}

// levelClass is the style of an event's level.
func levelClass(level evtx.Level) string {
	switch level {
	case 1, 2:
		return "error"
	case 3:
		return "warning"
	}
	return "other"
}

// timeOrNone is empty for no time.
func timeOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return shortTime(t)
}
