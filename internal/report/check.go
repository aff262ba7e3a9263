//go:build !js

package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/words"
)

// CheckFormats lists the formats of a check.
func CheckFormats() []Format { return []Format{Text, JSON} }

// WriteCheck writes what was tried, in one of CheckFormats. All shows each thing that is fine in full.
func WriteCheck(w io.Writer, f Format, s Style, lang string, r *check.Report, all bool) error {
	out, err := []byte(nil), error(nil)
	switch f {
	case Text:
		t := &checkText{diagnosisText: newDiagnosisText(s, lang), all: all}
		out = t.append(r)
	case JSON:
		out, err = check.Encode(r, lang)
		if s.Terminal {
			out = escapeLines(nil, out, appendJSONEscape)
		}
	default:
		err = fmt.Errorf("a check has no format %q", string(f))
	}
	if err == nil {
		_, err = w.Write(out)
	}
	return err
}

// checkText writes a check for people: what fails at the top, each with its layer and what to do, and what is fine folded below.
type checkText struct {
	*diagnosisText
	all bool
}

func (t *checkText) append(r *check.Report) []byte {
	t.summary(r)
	groups := groupResults(r.Results)
	for i, g := range groups {
		t.group(i+1, g)
	}
	fine := t.words.Say("check.fine")
	if !t.all {
		fine += " (" + t.words.Say("check.all") + ")"
	}
	t.folded(r, check.OK, fine)
	t.folded(r, check.NotTried, t.words.Say("check.untried"))
	t.blank()
	t.wrap("", "", t.words.Say("check.from", "computer", r.Computer, "product", string(r.Product), "cloud", string(r.Cloud), "proxy", r.Proxy,
		"time", r.Time.In(t.style.zone()).Format(time.DateTime)+" "+t.style.zoneName(), "seconds", fmt.Sprintf("%.1f", r.Took.Seconds())))
	return t.out
}

func (t *checkText) summary(r *check.Report) {
	t.wrap("", "", checkSum(t.words, r))
	if r.Interrupted {
		t.wrap("", "", t.words.Say("check.interrupted"))
	}
}

// checkSum is how it is, in a sentence.
func checkSum(w *words.Words, r *check.Report) string {
	switch {
	case len(r.Results) == 0:
		return w.Say("check.nothing")
	case r.Count(check.Fault)+r.Count(check.Warning)+r.Count(check.Note)+r.Count(check.NotTried) == 0:
		return w.Say("check.all-well")
	}
	shown := make(map[check.Status]int) // by what is numbered below: one cause that several hosts have is one
	for _, g := range groupResults(r.Results) {
		shown[g[0].Status]++
	}
	return w.Say("check.sum", "faults", shown[check.Fault], "warnings", shown[check.Warning], "notes", shown[check.Note],
		"fine", r.Count(check.OK), "untried", r.Count(check.NotTried))
}

// A resultGroup is results that say the same of several targets, and want the same done.
type resultGroup []*check.Result

// groupResults puts faults first, then warnings, then notes, and what has the same finding together.
func groupResults(all []check.Result) (groups []resultGroup) {
	at := make(map[string]int)
	for _, status := range []check.Status{check.Fault, check.Warning, check.Note} {
		for i := range all {
			r := &all[i]
			if r.Status != status {
				continue
			}
			key := strings.Join([]string{r.Finding, string(r.Layer), r.Values["issuer"], r.Values["proxy"], r.Values["reason"], r.Values["other"]}, "\x00")
			if r.Target == nil {
				key += "\x00" + strconv.Itoa(i)
			}
			g, ok := at[key]
			if !ok {
				g = len(groups)
				at[key] = g
				groups = append(groups, nil)
			}
			groups[g] = append(groups[g], r)
		}
	}
	return groups
}

// maxConcerned is how many targets of a group have sentences of their own.
const maxConcerned = 8

func (t *checkText) group(n int, g resultGroup) {
	t.blank()
	first := g[0]
	number := strconv.Itoa(n) + ". "
	indent := strings.Repeat(" ", len(number))
	status := t.words.Say("check-status." + string(first.Status))
	if t.style.Color {
		status = statusColor(first.Status) + status + colorOff
	}
	t.out = append(t.out, number+status+"  "+t.words.Say("check-layer."+string(first.Layer))+"\n"...)
	t.seen(indent, g)
	t.steps(indent, first.Do(t.words))
	t.tickets(indent, g)
	t.said(indent, g)
}

// seen is what was seen, and of which others the same is to be said.
func (t *checkText) seen(indent string, g resultGroup) {
	t.wrap(indent, indent+"  ", g[0].Seen(t.words))
	if t.all {
		for _, r := range g[1:] {
			t.wrap(indent, indent+"  ", r.Seen(t.words))
		}
		return
	}
	var others []string
	for _, r := range g[1:] {
		if name := shortTarget(r); name != shortTarget(g[0]) {
			others = append(others, name)
		}
	}
	if others = compact(others); len(others) == 0 {
		return
	}
	if n := len(others) - maxConcerned; n > 0 {
		others = append(others[:maxConcerned:maxConcerned], t.words.Say("check.and-more", "n", n))
	}
	t.wrap(indent, indent+"  ", t.words.Say("check.same", "targets", strings.Join(others, ", ")))
}

func (t *checkText) steps(indent string, steps []string) {
	if len(steps) == 0 {
		return
	}
	t.out = append(t.out, indent+t.words.Say("check.to-do")+"\n"...)
	for i, step := range steps {
		t.wrap(indent+"  "+strconv.Itoa(i+1)+". ", indent+"     ", step)
	}
}

func (t *checkText) tickets(indent string, g resultGroup) {
	lines := check.Tickets(g, t.words)
	if len(lines) > 0 {
		t.out = append(t.out, indent+t.words.Say("check.ticket")+"\n"...)
	}
	for _, line := range lines {
		t.wrap(indent+"  ", indent+"  ", line)
	}
}

// maxSaid is how many lines of the system's own words are shown.
const maxSaid = 4

func (t *checkText) said(indent string, g resultGroup) {
	var lines []string
	seen := make(map[string]bool)
	for _, r := range g {
		for _, line := range r.Raw {
			if line != "" && !seen[line] && (t.all || len(lines) < maxSaid) {
				seen[line] = true
				lines = append(lines, line)
			}
		}
	}
	if len(lines) == 0 {
		return
	}
	t.out = append(t.out, indent+t.words.Say("check.said")+"\n"...)
	for _, line := range lines {
		t.wrap(indent+"  ", indent+"    ", line)
	}
}

// folded is what needs nobody: a line for each probe, or each in full.
func (t *checkText) folded(r *check.Report, status check.Status, title string) {
	if r.Count(status) == 0 {
		return
	}
	t.blank()
	t.line(0, title)
	for _, p := range check.Probes() {
		var short []string
		for i := range r.Results {
			one := &r.Results[i]
			if one.Probe != p.Name || one.Status != status {
				continue
			}
			if t.all || status == check.NotTried {
				t.wrap("   "+pad(p.Name, probeWidth, false)+"  ", strings.Repeat(" ", probeWidth+5), strings.Join(append([]string{one.Seen(t.words)}, t.untried(one)...), " "))
				continue
			}
			short = append(short, shortTarget(one))
		}
		if len(short) > 0 {
			t.wrap("   "+pad(p.Name, probeWidth, false)+"  ", strings.Repeat(" ", probeWidth+5), strings.Join(compact(short), ", "))
		}
	}
}

const probeWidth = 10

// untried is what to do about what was not tried.
func (t *checkText) untried(r *check.Result) []string {
	if r.Status != check.NotTried {
		return nil
	}
	return r.Do(t.words)
}

// shortTarget is what a result is of, in a word.
func shortTarget(r *check.Result) string {
	switch {
	case r.Layer == check.LayerClock:
		return "clock"
	case r.Target == nil && r.Values["proxy"] != "":
		return r.Values["proxy"]
	case r.Target == nil:
		return r.Finding
	case r.Probe == check.ProbeNames:
		return r.Target.Host
	}
	return r.Target.String()
}

func compact(all []string) (out []string) {
	seen := make(map[string]bool)
	for _, s := range all {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func statusColor(s check.Status) string {
	switch s {
	case check.Fault:
		return levelColor(1)
	case check.Warning:
		return levelColor(3)
	}
	return ""
}

// WriteProbes writes what each probe is, for people.
func WriteProbes(w io.Writer, s Style, lang string) error {
	t := newDiagnosisText(s, lang)
	for i, p := range check.Probes() {
		if i > 0 {
			t.blank()
		}
		t.line(0, p.Name)
		what, why, needs := p.About(t.words)
		for _, part := range []struct{ title, text string }{
			{t.words.Say("check.what"), what}, {t.words.Say("check.why"), why}, {t.words.Say("check.needs"), needs},
		} {
			t.wrap("   ", "     ", part.title+" "+part.text)
		}
	}
	_, err := w.Write(t.out)
	return err
}
