package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/words"
)

// archived is what archive says as JSON.
type archived struct {
	ReportID  string            `json:"report_id"`
	File      *string           `json:"file"` // null for --dry-run
	Bytes     int64             `json:"bytes"`
	SHA256    *string           `json:"sha256"`
	Encrypted bool              `json:"encrypted"`
	Manifest  *archive.Manifest `json:"manifest"`
}

// say tells what is in the bundle and what to do with it; the report ID comes last.
func (b *bundleRun) say(r *archive.Result) error {
	if r.Manifest.Records() == 0 {
		b.sayEmpty(r)
	}
	if b.o.format == report.JSON {
		out := archived{ReportID: r.Manifest.ReportID, Bytes: r.Bytes, Encrypted: r.Encrypted, Manifest: r.Manifest}
		if r.File != "" {
			out.File, out.SHA256 = &r.File, &r.SHA256
		}
		text, err := jsonText(out)
		if err != nil {
			return err
		}
		return b.print(text)
	}
	if r.Manifest.Redaction.Mode == string(archive.None) {
		b.console.note("nothing was redacted: there may be passwords and keys in the bundle")
	}
	if b.o.quiet {
		return b.print(r.Manifest.ReportID + "\n")
	}
	c := &coverage{console: b.console, clock: zoneClock{b.o.zone}, since: r.Since, until: r.Until, stats: r.Events}
	for _, n := range r.Retention {
		c.retention = append(c.retention, eventlog.Notice(n))
	}
	c.sayUncovered()
	b.console.sayDuplicates(r.Duplicates, r.Forgot)
	return b.print(bundleText(r.Manifest, r.File, r.Bytes) + r.Manifest.ReportID + "\n")
}

// sayEmpty tells that there is no event in the bundle, and where we looked.
func (b *bundleRun) sayEmpty(r *archive.Result) {
	c := &coverage{console: b.console, clock: zoneClock{b.o.zone}, since: r.Since, until: r.Until, stats: r.Events}
	b.console.problem("%s", c.nothingFound("events"))
	b.console.hint("choose a time that the logs have, with --since and --until, or leave out what else you asked for")
}

func (b *bundleRun) print(text string) error {
	if _, err := io.WriteString(b.ios.Out, text); err != nil {
		return outputError("standard output", err)
	}
	return nil
}

// bundleText says what a bundle holds, for people.
func bundleText(m *archive.Manifest, file string, size int64) string {
	var b strings.Builder
	if file == "" {
		fmt.Fprintf(&b, "would write %s:\n", words.Bytes(float64(size)))
	} else {
		fmt.Fprintf(&b, "%s (%s):\n", report.Visible(file), words.Bytes(float64(size)))
	}
	width := len(archive.ManifestName)
	for _, e := range m.Entries {
		width = max(width, len([]rune(e.Path)))
	}
	for _, e := range m.Entries {
		line := fmt.Sprintf("  %-*s  %10s", width, report.Visible(e.Path), words.Bytes(float64(e.Bytes)))
		if strings.HasPrefix(e.Path, archive.LogFolder) {
			line += "  " + logText(&e)
		}
		if e.CutBytes > 0 {
			line += fmt.Sprintf("  without its first %s", words.Bytes(float64(e.CutBytes)))
		}
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "  %-*s\n", width, archive.ManifestName)
	if text := m.LeftOutText(); text != "" {
		b.WriteString(report.Visible(text) + "; --all-logs takes everything\n")
	}
	b.WriteString(redactionText(m))
	if file == "" {
		b.WriteString(redactionPlaces(m))
	}
	b.WriteString(suspectsText(m))
	for _, u := range m.Redaction.NotInspected {
		fmt.Fprintf(&b, "not looked into: %s\n", report.Visible(u))
	}
	if file == "" {
		b.WriteString("nothing was written; the report ID would be:\n")
		return b.String()
	}
	if m.Records() == 0 {
		b.WriteString("there is not a single event in it: it is of no use to support; its report ID:\n")
		return b.String()
	}
	b.WriteString("send this file to support together with its report ID:\n")
	return b.String()
}

func logText(e *archive.Entry) string {
	text := words.Thousands(uint64(e.Records)) + " events"
	if e.Records == 1 {
		text = "1 event"
	}
	if e.First != nil && e.Last != nil {
		text += fmt.Sprintf(", %s to %s", shownTime(*e.First), shownTime(*e.Last))
	}
	if e.Part {
		text += "; only what tells of the gateway"
	}
	if e.Elsewhere > 0 {
		text += fmt.Sprintf("; %s more are in another log, and not here again", words.Thousands(e.Elsewhere))
	}
	if e.Records == 0 && e.Elsewhere == 0 && e.LogEnd != nil {
		text += fmt.Sprintf(": outside of the time asked for; the log goes from %s to %s", shownTime(*e.LogStart), shownTime(*e.LogEnd))
	}
	if e.Uncovered {
		text += "; the log begins later than asked for"
	}
	if e.Missing > 0 {
		text += fmt.Sprintf("; %s missing", words.Thousands(e.Missing))
	}
	return text
}

// redactionText says what was taken out.
func redactionText(m *archive.Manifest) string {
	if m.Redaction.Mode == string(archive.None) {
		return "redacted: nothing\n"
	}
	var parts []string
	for _, t := range m.Totals() {
		parts = append(parts, fmt.Sprintf("%s %s", words.Thousands(uint64(t.Count)), t.Rule))
	}
	if len(parts) == 0 {
		return "redacted (" + m.Redaction.Mode + "): nothing was found that had to be\n"
	}
	return "redacted (" + m.Redaction.Mode + "): " + strings.Join(parts, ", ") + "\n"
}

// redactionPlaces says for each rule how often it applied in which file.
func redactionPlaces(m *archive.Manifest) string {
	var b strings.Builder
	for _, t := range m.Totals() {
		var places []string
		for _, r := range m.Redaction.Rules {
			if r.Rule == t.Rule {
				places = append(places, fmt.Sprintf("%s in %s", words.Thousands(uint64(r.Count)), report.Visible(r.Entry)))
			}
		}
		fmt.Fprintf(&b, "  %s: %s\n", t.Rule, strings.Join(places, ", "))
	}
	return b.String()
}

// suspectsText says how much was left that looks like a secret, and where.
func suspectsText(m *archive.Manifest) string {
	var places []string
	sum := 0
	for _, s := range m.Redaction.Suspects {
		sum += s.Count
		places = append(places, fmt.Sprintf("%s %s in %s", words.Thousands(uint64(s.Count)), s.Rule, report.Visible(s.Entry)))
	}
	if sum == 0 {
		return ""
	}
	return "left in doubt, as it could be a secret: " + strings.Join(places, ", ") + "; --review shows it and asks\n"
}
