package archive

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
)

// readme is what the person reads who opens the bundle without gwlogs. Lines
// end as Windows wants them.
func readme(m *Manifest, lang string, checked bool) []byte {
	t := readmeText{w: words.In(lang)}
	title := t.say("title")
	t.line(title)
	t.line(strings.Repeat("=", utf8.RuneCountInString(title)))
	t.line("")
	t.line(t.say("report-id") + ": " + m.ReportID)
	t.line(t.say("window") + ": " + spanText(m.Window.Requested))
	t.line(t.say("covered") + ": " + spanText(m.Window.Covered))
	t.line("")
	t.paragraph(t.say("what"))
	t.contents(m, checked)
	t.logs(m)
	t.redaction(m)
	t.paragraph(t.say("check"))
	t.lines(t.say("made", "tool", m.Tool.Name+" "+m.Tool.Version, "end", m.Created.UTC().Format(time.DateTime)))
	return []byte(t.b.String())
}

type readmeText struct {
	b strings.Builder
	w *words.Words
}

// say is a text of the file.
func (t *readmeText) say(key string, args ...any) string { return t.w.Say("readme."+key, args...) }

func (t *readmeText) line(s string) { t.b.WriteString(s + "\r\n") }

func (t *readmeText) lines(text string) {
	for l := range strings.SplitSeq(text, "\n") {
		t.line(l)
	}
}

func (t *readmeText) paragraph(text string) {
	t.lines(text)
	t.line("")
}

// contents lists what may be opened, as far as it is there. The manifest is written last.
func (t *readmeText) contents(m *Manifest, checked bool) {
	below := func(folder string) bool {
		return slices.ContainsFunc(m.Entries, func(e Entry) bool { return strings.HasPrefix(e.Path, folder) })
	}
	for _, e := range []struct {
		name, text string
		here       bool
	}{
		{PageName, t.say("entry-page"), true},
		{LogFolder + "*.evtx", t.say("entry-logs"), below(LogFolder)},
		{FindingsName, t.say("entry-findings"), true},
		{CheckName, t.say("entry-check"), checked},
		{FileFolder, t.say("entry-files"), below(FileFolder)},
		{ManifestName, t.say("entry-manifest"), true},
	} {
		if e.here {
			t.line("  " + e.name)
			t.line("      " + e.text)
		}
	}
	t.line("")
}

// logs tells of each log what is in here of it.
func (t *readmeText) logs(m *Manifest) {
	before := t.b.Len()
	t.line(t.say("logs"))
	head := t.b.Len()
	for i := range m.Entries {
		t.log(&m.Entries[i])
	}
	for _, f := range m.Failed {
		t.line("  " + f.Source + ": " + t.say("failed") + ": " + f.Error)
	}
	if n := len(m.LeftOut); n > 0 {
		t.line("  " + t.say("left-out", "n", n))
	}
	if t.b.Len() == head { // nothing stands below the heading
		text := t.b.String()[:before]
		t.b.Reset()
		t.b.WriteString(text)
		return
	}
	t.line("")
}

// redaction tells what was taken out.
func (t *readmeText) redaction(m *Manifest) {
	t.paragraph(t.w.Say("readme.redaction-" + m.Redaction.Mode))
	totals := m.Totals()
	switch {
	case len(totals) > 0:
		t.line(t.say("rules"))
		for _, r := range totals {
			t.line(fmt.Sprintf("  %7d  %s", r.Count, r.Rule))
		}
		t.line("")
	case m.Redaction.Mode != string(None):
		t.paragraph(t.say("rules-none"))
	}
	if len(m.Redaction.NotInspected) > 0 {
		t.line(t.say("not-inspected"))
		for _, u := range m.Redaction.NotInspected {
			t.line("  ! " + u)
		}
		t.line("")
	}
}

func (t *readmeText) log(e *Entry) {
	if !strings.HasPrefix(e.Path, LogFolder) {
		return
	}
	said := "  " + e.Path + ": " + t.say("events", "n", e.Records)
	if e.Records > 0 {
		said += ", " + spanText(Span{e.First, e.Last})
	}
	t.line(said)
	if e.Uncovered && e.LogStart != nil {
		t.line("      " + t.say("uncovered", "start", e.LogStart.UTC().Format(time.DateTime)))
	}
	if e.Missing > 0 {
		t.line("      " + t.say("missing", "n", e.Missing))
	}
	if e.Part {
		t.line("      " + t.say("part"))
	}
	if e.Elsewhere > 0 {
		t.line("      " + t.say("duplicates", "n", e.Elsewhere))
	}
	if e.Damaged > 0 {
		t.line("      " + t.say("damaged", "n", e.Damaged))
	}
	if e.Integrity != nil {
		for _, text := range report.IntegrityText(t.w, &report.Style{}, e.Integrity) {
			t.line("      " + report.Visible(text))
		}
	}
}

func spanText(s Span) string {
	show := func(t *time.Time) string {
		if t == nil {
			return "…"
		}
		return t.UTC().Format(time.DateTime)
	}
	return show(s.From) + " - " + show(s.To) + " (UTC)"
}
