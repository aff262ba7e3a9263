package report

import (
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

// diagnosisText writes a diagnosis for people: what was found at a glance,
// then each problem with its steps, then what the findings rest on.
type diagnosisText struct {
	words *words.Words
	style Style
	width int // columns that text is wrapped to
	limit int // columns that single lines are cut to, 0 for none
	out   []byte
}

func newDiagnosisText(s Style, lang string) *diagnosisText {
	t := &diagnosisText{words: words.In(lang), style: s, width: 100}
	if s.Terminal && s.Width > 0 {
		t.limit = max(40, s.Width)
		t.width = min(t.limit, 120)
	}
	return t
}

const (
	maxGroups = 10 // kinds of unmatched errors that are shown
	maxSeen   = 12 // values of a capture
)

func (t *diagnosisText) append(d *Diagnosis) []byte {
	if !d.AboutText {
		t.status(d)
	}
	t.overview(d)
	for i := range d.Findings {
		t.problem(i+1, d)
	}
	t.suggestion(d)
	t.endpoints(d)
	t.reportIDs(d.ReportIDs)
	if d.AboutText {
		if len(d.Findings) == 0 {
			t.clues(d.Clues)
		}
		if len(d.Sources) == 1 && !d.Sources[0].Failed {
			return t.out // who typed it knows what was looked at
		}
	} else {
		t.unexplained(d.Unexplained(), d.Rest.Unexplained, len(d.Computers) > 1)
	}
	t.coverage(d)
	return t.out
}

const severityWidth = 8

// severity is the word for how bad it is, in colour, padded.
func (t *diagnosisText) severity(level sigma.Level) string {
	word := pad(severityWord(t.words, level), severityWidth, false)
	if !t.style.Color {
		return word
	}
	switch level {
	case sigma.Critical, sigma.High:
		return levelColor(1) + word + colorOff
	case sigma.Medium:
		return levelColor(3) + word + colorOff
	}
	return word
}

func (t *diagnosisText) problem(n int, d *Diagnosis) {
	f := &d.Findings[n-1]
	text := f.Text(t.words.Lang())
	t.blank()
	number := strconv.Itoa(n) + ". "
	if t.style.Color {
		number = "\x1b[1m" + number
	}
	t.wrap(number, strings.Repeat(" ", len(strconv.Itoa(n))+2), titleOf(t.words, f))
	if t.style.Color {
		t.out = append(t.out[:len(t.out)-1], colorOff+"\n"...)
	}
	const indent = "   "
	facts := []string{severityWord(t.words, f.Signature.Rule.Level)}
	if !d.AboutText {
		facts = append(facts, whether(t.words, f))
	}
	facts = append(facts, occurrences(t.words, f.Count, t.style.short(f.First), t.style.short(f.Last)))
	if len(d.Computers) > 1 && len(f.Computers) > 0 {
		facts = append(facts, computersOf(t.words, f.Computers))
	}
	t.wrap(indent, indent, strings.Join(facts, " · "))
	if over := overBy(t.words, f, t.style.short); over != "" {
		t.wrap(indent, indent, over)
	}
	text.Cause = causeOf(t.words, f)
	t.meaning(text)
	t.evidence(f, len(d.Computers) > 1)
	for _, c := range f.Captures {
		t.wrap(indent, indent+"  ", t.words.Say("diagnosis.seen")+": "+c.Name+" "+shorten(c.Values, maxSeen))
	}
	for _, reference := range f.References() {
		t.line(3, t.words.Say("diagnosis.more")+": "+reference)
	}
}

// meaning is the cause and the steps.
func (t *diagnosisText) meaning(text matcher.Text) {
	const indent = "   "
	if text.Cause != "" {
		t.blank()
		t.wrap(indent, indent, text.Cause)
	}
	if len(text.Resolution) == 0 {
		return
	}
	t.blank()
	t.line(len(indent), t.words.Say("diagnosis.to-do"))
	for i, step := range text.Resolution {
		t.wrap(indent+"  "+strconv.Itoa(i+1)+". ", indent+"     ", step)
	}
}

// suggestion is how to find out whether a problem of the network is there still.
func (t *diagnosisText) suggestion(d *Diagnosis) {
	if d.Suggestion != "" {
		t.blank()
		t.wrap("", "   ", t.words.Say("diagnosis.suggest", "command", d.Suggestion))
	}
}

// evidence shows what the events of a finding say, and on which of several computers.
func (t *diagnosisText) evidence(f *matcher.Finding, several bool) {
	if len(f.Evidence) == 0 {
		return
	}
	t.blank()
	t.line(3, t.words.Say("diagnosis.says", "shown", len(f.Evidence), "all", f.Count))
	for i := range f.Evidence {
		e := &f.Evidence[i]
		head := "     " + pad(t.style.short(e.Time), t.timeWidth(f), false) + "  " + pad(id(e.RecordID), 6, true) + "  "
		for i, line := range evidenceLines(t.words, e) {
			if several && i == 0 && e.Computer != "" {
				line = e.Computer + "  " + line
			}
			t.cut(head, len(head), line)
			head = strings.Repeat(" ", len(head))
		}
	}
}

// evidenceLines is what an event says: of a chain its code with the outermost
// message, the innermost one, and which account and path they speak of.
func evidenceLines(w *words.Words, e *matcher.Evidence) []string {
	d := &e.Detail
	if d.Code == "" && d.Outer == "" {
		return []string{saidIn(e)}
	}
	first := d.Outer
	if d.Code != "" {
		first = strings.TrimSuffix(d.Code+": "+d.Outer, ": ")
	}
	lines := []string{first}
	if inner := saidIn(e); inner != "" && inner != d.Outer {
		lines = append(lines, w.Say("diagnosis.inner", "message", inner))
	}
	var about []string
	if d.Account != "" {
		about = append(about, w.Say("diagnosis.account", "name", d.Account))
	}
	if d.Path != "" {
		about = append(about, w.Say("diagnosis.path", "path", d.Path))
	}
	if len(about) > 0 {
		lines = append(lines, strings.Join(about, " · "))
	}
	return lines
}

// timeWidth is how wide the times of a finding's events are: a text may have none.
func (t *diagnosisText) timeWidth(f *matcher.Finding) int {
	width := 0
	for _, e := range f.Evidence {
		width = max(width, len(t.style.short(e.Time)))
	}
	return width
}

// unexplained shows where to start when no signature explains an error; rest
// are the errors that are in no group.
func (t *diagnosisText) unexplained(groups []matcher.Group, rest int, several bool) {
	if len(groups) == 0 {
		return
	}
	errors := rest
	for _, g := range groups {
		errors += g.Count
	}
	t.blank()
	t.wrap("", "", t.words.Say("diagnosis.unexplained", "n", errors))
	for i, g := range groups {
		if i == maxGroups {
			t.line(3, t.words.Say("diagnosis.other-kinds", "n", len(groups)-maxGroups))
			break
		}
		head := "   " + pad(words.Thousands(g.Count), 6, true) + "  "
		what := "id " + strconv.Itoa(int(g.EventID)) + "  " + g.Channel + "  "
		if several && g.Example.Computer != "" {
			what += g.Example.Computer + "  "
		}
		if g.Example.RecordID != 0 {
			what += "(" + t.words.Say("diagnosis.example") + " " + id(g.Example.RecordID) + ")  "
		}
		t.cut(head, len(head), what+g.Example.Cause)
	}
	t.wrap("   ", "   ", t.words.Say("diagnosis.unexplained-next"))
}

func (t *diagnosisText) coverage(d *Diagnosis) {
	t.blank()
	t.line(0, t.words.Say("diagnosis.coverage", "zone", t.style.zoneName()))
	if d.Duplicates > 0 {
		t.wrap("   ", "   ", t.words.Say("diagnosis.duplicates", "n", d.Duplicates))
	}
	shown, others := shownSources(d)
	for _, s := range shown {
		t.wrap("   ", "     ", s.Name+": "+t.sourceLine(s))
	}
	if len(others) > 0 {
		t.wrap("   ", "     ", t.otherSources(others))
	}
	if from, to, ok := d.Uncovered(); ok {
		t.wrap("   ", "   ", t.words.Say("diagnosis.uncovered", "from", t.style.short(from), "to", t.style.short(to)))
	}
}

func (t *diagnosisText) sourceLine(s *matcher.Source) string {
	var parts []string
	if s.Channel != "" {
		parts = append(parts, s.Channel)
	}
	if s.Failed {
		parts = append(parts, t.words.Say("diagnosis.not-read"))
	}
	integrity := matcher.NewIntegrity(s.Stats)
	said := IntegrityText(t.words, &t.style, &integrity)
	if s.Records == 0 {
		return strings.Join(append(append(parts, t.words.Say("diagnosis.empty")), said...), "; ")
	}
	parts = append(parts, t.words.Say("diagnosis.records", "n", s.Records, "selected", s.Selected))
	if !s.First.IsZero() {
		parts = append(parts, t.words.Say("diagnosis.span", "first", t.style.short(s.First), "last", t.style.short(s.Last)))
	}
	if s.LowestID != 0 {
		parts = append(parts, t.words.Say("diagnosis.ids", "low", s.LowestID, "high", s.HighestID))
		if missing := s.Missing(); missing > 0 {
			parts = append(parts, t.words.Say("diagnosis.missing", "n", missing))
		} else {
			parts = append(parts, t.words.Say("diagnosis.complete"))
		}
		if s.LowestID > 1 {
			parts = append(parts, t.words.Say("diagnosis.before", "n", s.LowestID-1))
		}
	}
	if s.Damaged > 0 {
		parts = append(parts, t.words.Say("diagnosis.damaged", "n", s.Damaged))
	}
	return strings.Join(append(parts, said...), "; ")
}

// shorten joins the first n.
func shorten(values []string, n int) string {
	if len(values) > n {
		return strings.Join(values[:n], ", ") + ", …"
	}
	return strings.Join(values, ", ")
}

// pad fills s to width columns; right puts the filling first.
func pad(s string, width int, right bool) string {
	_, n := appendLine(nil, []byte(s), 0)
	fill := strings.Repeat(" ", max(0, width-n))
	if right {
		return fill + s
	}
	return s + fill
}
