package archive

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
)

// readme is what the person reads who opens the bundle without gwlogs. Lines
// end as Windows wants them.
func readme(m *Manifest, lang string) []byte {
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
	for _, e := range [][2]string{
		{PageName, t.say("entry-page")},
		{LogFolder + "*.evtx", t.say("entry-logs")},
		{FindingsName, t.say("entry-findings")},
		{FileFolder, t.say("entry-files")},
		{ManifestName, t.say("entry-manifest")},
	} {
		t.line("  " + e[0])
		t.line("      " + e[1])
	}
	t.line("")
	t.line(t.say("logs"))
	for i := range m.Entries {
		t.log(&m.Entries[i])
	}
	for _, f := range m.Failed {
		t.line("  " + f.Source + ": " + t.say("failed") + ": " + f.Error)
	}
	if n := len(m.LeftOut); n > 0 {
		t.line("  " + t.say("left-out", "n", n))
	}
	t.line("")
	t.paragraph(t.w.Say("readme.redaction-" + m.Redaction.Mode))
	for _, r := range m.Totals() {
		t.line(fmt.Sprintf("  %7d  %s", r.Count, r.Rule))
	}
	for _, u := range m.Redaction.NotInspected {
		t.line("  ! " + u)
	}
	t.line("")
	t.paragraph(t.say("check"))
	t.line(fmt.Sprintf("%s %s, %s (UTC)", m.Tool.Name, m.Tool.Version, m.Created.UTC().Format(time.DateTime)))
	return []byte(t.b.String())
}

type readmeText struct {
	b strings.Builder
	w *words.Words
}

// say is a text of the file.
func (t *readmeText) say(key string, args ...any) string { return t.w.Say("readme."+key, args...) }

func (t *readmeText) line(s string) { t.b.WriteString(s + "\r\n") }

func (t *readmeText) paragraph(text string) {
	for l := range strings.SplitSeq(text, "\n") {
		t.line(l)
	}
	t.line("")
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
