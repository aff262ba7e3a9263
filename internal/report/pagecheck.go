//go:build !js

package report

import (
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/internal/check"
)

// checkView is what was tried on the machine of the gateway.
type checkView struct {
	Title, Help, Sum string
	Groups           []checkGroupView
	Fine             []string // and what was not tried
	More             string
}

type checkGroupView struct {
	Class, Status, Layer string
	Seen, Steps          []string
	Tickets, Said        []string
}

// check is the section of a check; there is none without one.
func (b *pageBuilder) check() {
	r := b.page.Check
	if r == nil {
		return
	}
	computer := shownName(r.Computer)
	v := &checkView{
		Title: b.words.Say("check.section", "computer", computer), Sum: checkSum(b.words, r),
		Help: b.words.Say("check.section-help", "time", r.Time.UTC().Format(time.DateTime)+" UTC", "product", shownName(string(r.Product))),
	}
	groups, more := atMost(b, groupResults(r.Results), maxPageRows)
	v.More = more
	for _, g := range groups {
		v.Groups = append(v.Groups, b.checkGroup(g))
	}
	for i := range r.Results {
		if s := r.Results[i].Status; (s == check.OK || s == check.NotTried) && len(v.Fine) < maxPageRows {
			v.Fine = append(v.Fine, shownLine(r.Results[i].Seen(b.words)))
		}
	}
	b.view.Check = v
}

func (b *pageBuilder) checkGroup(g resultGroup) checkGroupView {
	first := g[0]
	v := checkGroupView{
		Class:  map[check.Status]string{check.Fault: "high", check.Warning: "medium"}[first.Status],
		Status: b.words.Say("check-status." + string(first.Status)), Layer: shownName(b.words.Say("check-layer." + string(first.Layer))),
	}
	if v.Class == "" {
		v.Class = "low"
	}
	add := func(list *[]string, text string) {
		if text = shownLine(text); text != "" && len(*list) < maxPageValues && !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	for _, r := range g {
		add(&v.Seen, r.Seen(b.words))
		for _, line := range r.Raw {
			add(&v.Said, line)
		}
	}
	for _, line := range check.Tickets(g, b.words) {
		add(&v.Tickets, line)
	}
	for _, step := range first.Do(b.words) {
		add(&v.Steps, step)
	}
	return v
}
