package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma"
)

// words are the fixed texts of a diagnosis in one language.
type words struct {
	nothing     string // no known problem
	found       func(problems int) string
	severity    map[sigma.Level]string
	times       func(n int, first, last string) string
	toDo        string
	explained   string // what stands before the titles of other problems
	says        func(shown, all int) string
	seen        string // captures
	more        string
	endpoints   string
	endpointRow [5]string
	reportIDs   string
	unmatched   func(errors int) string
	unmatchedUp string // what to do with them
	fewer       func(groups int) string
	coverage    string
	records     func(n, selected string) string
	span        func(first, last string) string
	ids         func(low, high uint64) string
	before      func(n string) string // records with lower numbers
	complete    string
	missing     func(n string) string
	damaged     func(n int) string
	empty       string
	uncovered   func(asked, first string) string
	example     string
	notRead     string
}

// wordsIn returns the words of a language, English if it has none.
func wordsIn(lang string) *words {
	if lang == "fr" {
		return french()
	}
	return english()
}

func english() *words {
	return &words{
		nothing: "No known problem was found.",
		found: func(problems int) string {
			return plural(problems, "1 known problem", "known problems, worst first") + ":"
		},
		severity: map[sigma.Level]string{
			sigma.Critical: "CRITICAL", sigma.High: "HIGH", sigma.Medium: "MEDIUM", sigma.Low: "LOW", sigma.Informational: "INFO",
		},
		times: func(n int, first, last string) string {
			switch {
			case n == 1:
				return "once, on " + first
			case first == last:
				return Thousands(n) + " times, on " + first
			}
			return Thousands(n) + " times, from " + first + " to " + last
		},
		toDo:      "What to do",
		explained: "This log tells why: ",
		says: func(shown, all int) string {
			if shown == all {
				return "What the log says"
			}
			return "What the log says (the last " + Thousands(shown) + " of " + Thousands(all) + ")"
		},
		seen:        "Seen in these events",
		more:        "More",
		endpoints:   "Addresses that the firewall has to let through (outbound, TCP)",
		endpointRow: [5]string{"ADDRESS", "PORT", "TIMES", "FIRST (UTC)", "LAST (UTC)"},
		reportIDs:   "Logs that were sent to support",
		unmatched: func(errors int) string {
			return plural(errors, "1 error matches", "errors match") + " no known problem. By what they say:"
		},
		unmatchedUp: "Start with the most frequent one. gwlogs errors shows each in full; search for its text without names and numbers.",
		fewer:       func(groups int) string { return "… and " + Thousands(groups) + " other kinds" },
		coverage:    "What was looked at (times are UTC)",
		records: func(n, selected string) string {
			if n == selected {
				return n + " events"
			}
			return selected + " of " + n + " events"
		},
		span:     func(first, last string) string { return first + " to " + last },
		ids:      func(low, high uint64) string { return "records " + id(low) + " to " + id(high) },
		before:   func(n string) string { return n + " before these are not in this file" },
		complete: "none missing",
		missing: func(n string) string {
			return n + " missing by number: overwritten, cleared, or left out when the log was saved"
		},
		damaged: func(n int) string { return plural(n, "1 damaged place", "damaged places") },
		empty:   "no events",
		uncovered: func(asked, first string) string {
			return "Nothing is known of the time from " + asked + " to " + first + ": the log begins later. Older logs may have it."
		},
		example: "for example record",
		notRead: "could not be read",
	}
}

func french() *words {
	return &words{
		nothing: "Aucun problème connu n’a été trouvé.",
		found: func(problems int) string {
			return plural(problems, "1 problème connu", "problèmes connus, le plus grave d’abord") + "\u00a0:"
		},
		severity: map[sigma.Level]string{
			sigma.Critical: "CRITIQUE", sigma.High: "ÉLEVÉE", sigma.Medium: "MOYENNE", sigma.Low: "FAIBLE", sigma.Informational: "INFO",
		},
		times: func(n int, first, last string) string {
			switch {
			case n == 1:
				return "une fois, le " + first
			case first == last:
				return Thousands(n) + " fois, le " + first
			}
			return Thousands(n) + " fois, du " + first + " au " + last
		},
		toDo:      "Que faire",
		explained: "Ce journal dit pourquoi : ",
		says: func(shown, all int) string {
			if shown == all {
				return "Ce que dit le journal"
			}
			return "Ce que dit le journal (les " + Thousands(shown) + " derniers sur " + Thousands(all) + ")"
		},
		seen:        "Vu dans ces événements",
		more:        "En savoir plus",
		endpoints:   "Adresses que le pare-feu doit laisser passer (sortant, TCP)",
		endpointRow: [5]string{"ADRESSE", "PORT", "FOIS", "PREMIÈRE (UTC)", "DERNIÈRE (UTC)"},
		reportIDs:   "Journaux envoyés au support",
		unmatched: func(errors int) string {
			return plural(errors, "1 erreur ne correspond", "erreurs ne correspondent") + " à aucun problème connu. Selon ce qu’elles disent :"
		},
		unmatchedUp: "Commencez par la plus fréquente. gwlogs errors les montre en entier ; cherchez leur texte sans les noms ni les nombres.",
		fewer:       func(groups int) string { return "… et " + Thousands(groups) + " autres sortes" },
		coverage:    "Ce qui a été examiné (heures UTC)",
		records: func(n, selected string) string {
			if n == selected {
				return n + " événements"
			}
			return selected + " événements sur " + n
		},
		span:     func(first, last string) string { return "du " + first + " au " + last },
		ids:      func(low, high uint64) string { return "enregistrements " + id(low) + " à " + id(high) },
		before:   func(n string) string { return n + " avant ceux-ci ne sont pas dans ce fichier" },
		complete: "aucun ne manque",
		missing: func(n string) string {
			return n + " manquent d’après les numéros : écrasés, effacés, ou écartés à l’enregistrement du journal"
		},
		damaged: func(n int) string { return plural(n, "1 endroit endommagé", "endroits endommagés") },
		empty:   "aucun événement",
		uncovered: func(asked, first string) string {
			return "On ne sait rien du temps entre " + asked + " et " + first + " : le journal commence plus tard. Des journaux plus anciens le savent peut-être."
		},
		example: "par exemple l’enregistrement",
		notRead: "illisible",
	}
}

func id(n uint64) string { return strconv.FormatUint(n, 10) }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return Thousands(n) + " " + many
}

// Thousands writes n with commas, in every language: digits are read alike.
func Thousands[N int | uint64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// causeOf is the cause of a finding, and what else in the logs explains it.
func (w *words) causeOf(f *matcher.Finding, lang string) string {
	cause := f.Signature.In(lang).Cause
	var titles []string
	for _, s := range f.Explained {
		titles = append(titles, s.In(lang).Title)
	}
	if len(titles) == 0 {
		return cause
	}
	return strings.TrimSpace(cause + " " + w.explained + strings.Join(titles, "; ") + ".")
}
