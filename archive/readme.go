package archive

import (
	"fmt"
	"strings"
	"time"
)

// readme is what the person reads who opens the bundle without gwlogs. Lines
// end as Windows wants them.
func readme(m *Manifest, lang string) []byte {
	t := readmeText{w: readmeWords(lang)}
	t.line(t.w.title)
	t.line(strings.Repeat("=", len([]rune(t.w.title))))
	t.line("")
	t.line(t.w.reportID + ": " + m.ReportID)
	t.line(t.w.window + ": " + spanText(m.Window.Requested))
	t.line(t.w.covered + ": " + spanText(m.Window.Covered))
	t.line("")
	t.paragraph(t.w.what)
	for _, e := range t.w.entries {
		t.line("  " + e[0])
		t.line("      " + e[1])
	}
	t.line("")
	t.line(t.w.logs)
	for i := range m.Entries {
		t.log(&m.Entries[i])
	}
	for _, f := range m.Failed {
		t.line("  " + f.Source + ": " + t.w.failed + ": " + f.Error)
	}
	t.line("")
	t.paragraph(t.w.redaction[m.Redaction.Mode])
	for _, r := range m.Totals() {
		t.line(fmt.Sprintf("  %7d  %s", r.Count, r.Rule))
	}
	for _, u := range m.Redaction.NotInspected {
		t.line("  ! " + u)
	}
	t.line("")
	t.paragraph(t.w.check)
	t.line(fmt.Sprintf("%s %s, %s (UTC)", m.Tool.Name, m.Tool.Version, m.Created.UTC().Format(time.DateTime)))
	return []byte(t.b.String())
}

type readmeText struct {
	b strings.Builder
	w *readmeWording
}

func (t *readmeText) line(s string) { t.b.WriteString(s + "\r\n") }

func (t *readmeText) paragraph(lines []string) {
	for _, l := range lines {
		t.line(l)
	}
	t.line("")
}

func (t *readmeText) log(e *Entry) {
	if !strings.HasPrefix(e.Path, LogFolder) {
		return
	}
	said := fmt.Sprintf("  %s: %d %s", e.Path, e.Records, t.w.events)
	if e.Records > 0 {
		said += ", " + spanText(Span{e.First, e.Last})
	}
	t.line(said)
	if e.Uncovered && e.LogStart != nil {
		t.line("      " + fmt.Sprintf(t.w.uncovered, e.LogStart.UTC().Format(time.DateTime)))
	}
	if e.Missing > 0 {
		t.line("      " + fmt.Sprintf(t.w.missing, e.Missing))
	}
	if e.Damaged > 0 {
		t.line("      " + fmt.Sprintf(t.w.damaged, e.Damaged))
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

// readmeWording is the fixed text in one language.
type readmeWording struct {
	title, reportID, window, covered string
	what                             []string
	entries                          [][2]string
	logs, events, failed             string
	uncovered, missing, damaged      string
	redaction                        map[string][]string
	check                            []string
}

func readmeWords(lang string) *readmeWording {
	if lang == "fr" {
		return readmeFrench()
	}
	return &readmeWording{
		title: "Gateway logs for support", reportID: "Report ID", window: "Time asked for", covered: "Time covered",
		what: []string{
			"These are the event logs of a Data Management Gateway or self-hosted Integration Runtime,",
			"cut to the time above. Give the report ID to support together with this file.",
		},
		entries: [][2]string{
			{PageName, "Start here: what is wrong and what to do, for any browser. It loads nothing from the network."},
			{LogFolder + "*.evtx", "The events themselves. Event Viewer opens them: Action, Open Saved Log."},
			{FindingsName, "The same findings for programs."},
			{FileFolder, "Further text files, if any were added."},
			{ManifestName, "What is in here, with a SHA-256 checksum of each file."},
		},
		logs: "Logs", events: "events", failed: "could not be read",
		uncovered: "the log begins only at %s: nothing is known of the time before", missing: "%d records are missing, by their numbers",
		damaged: "%d damaged places; what could be read is here",
		redaction: map[string][]string{
			"secrets":    {"Keys, passwords and tokens were removed before anything was written; names of people and", "machines are as they were. How often each rule applied:"},
			"identities": {"Keys, passwords and tokens were removed before anything was written. Names of people and", "machines are tokens, the same one for the same name; who made this file can turn them back.", "How often each rule applied:"},
			"none":       {"NOTHING WAS REDACTED: there may be passwords and keys in here. Handle it accordingly."},
		},
		check: []string{"Is it complete and unchanged?   gwlogs verify FILE.zip"},
	}
}

func readmeFrench() *readmeWording {
	return &readmeWording{
		title: "Journaux de la passerelle pour le support", reportID: "ID de rapport", window: "Période demandée", covered: "Période couverte",
		what: []string{
			"Voici les journaux d'événements d'une passerelle de gestion de données ou d'un runtime",
			"d'intégration auto-hébergé, réduits à la période ci-dessus. Donnez l'ID de rapport au support",
			"avec ce fichier.",
		},
		entries: [][2]string{
			{PageName, "Commencez ici : ce qui ne va pas et que faire, dans tout navigateur. Rien n'est chargé du réseau."},
			{LogFolder + "*.evtx", "Les événements. L'Observateur d'événements les ouvre : Action, Ouvrir le journal enregistré."},
			{FindingsName, "Les mêmes constats pour des programmes."},
			{FileFolder, "D'autres fichiers texte, s'il en a été ajouté."},
			{ManifestName, "Ce qui se trouve ici, avec la somme SHA-256 de chaque fichier."},
		},
		logs: "Journaux", events: "événements", failed: "illisible",
		uncovered: "le journal ne commence qu'à %s : rien n'est connu du temps d'avant", missing: "%d enregistrements manquent, d'après leurs numéros",
		damaged: "%d endroits endommagés ; ce qui a pu être lu est ici",
		redaction: map[string][]string{
			"secrets":    {"Clés, mots de passe et jetons ont été retirés avant toute écriture ; les noms de personnes et", "de machines sont restés. Combien de fois chaque règle a servi :"},
			"identities": {"Clés, mots de passe et jetons ont été retirés avant toute écriture. Les noms de personnes et de", "machines sont des jetons, le même pour le même nom ; l'auteur de ce fichier peut les retrouver.", "Combien de fois chaque règle a servi :"},
			"none":       {"RIEN N'A ÉTÉ RETIRÉ : il peut y avoir ici des mots de passe et des clés. Manipulez-le en conséquence."},
		},
		check: []string{"Est-il complet et inchangé ?   gwlogs verify FICHIER.zip"},
	}
}
