package report

import "time"

// pageWords are the fixed texts of the report page in one language. What it
// shares with the text of a diagnosis stands in words.
type pageWords struct {
	Title, Skip, OnThisPage                        string
	Dark, Light                                    string // the button that switches to them
	Copy, CopyAddresses, CopyID, Copied, CopyByKey string
	ReportID, Asked, Covered, Computers            string
	AllUTC, Since, Unknown                         string
	Problems, Errors, Warnings, Others, LookedAt   string

	// What the list of contents calls the sections: their titles are too long for it.
	GoFindings, GoEndpoints, GoTimeline, GoGroups, GoReportIDs, GoCoverage, GoRedaction string

	Findings, NothingFound, NothingButErrors, NothingAtAll string
	Cause, Steps, Seen, References                         string
	Cut, LeftOut                                           string // of texts
	Record, EventID, Source, Channel, Provider, Computer   string

	Endpoints, EndpointsHelp, NoEndpoints string
	Address, Port, Times, First, Last     string

	Timeline, NoTimeline, Gap, GapHelp, AsTable, From, NothingInIt string
	Bucket                                                         func(step string) string
	Chart                                                          func(from, to string) string
	Rows                                                           func(shown, all string) string

	Groups, GroupsHelp, NoGroups, Search, SearchHelp string
	Shown                                            string // with {n} and {all} for the script
	Problem, Message, WholeEvent                     string
	Between                                          func(n int, first, last string) string
	More                                             func(n string) string
	AndMore                                          func(n string) string

	ReportIDs, NoReportIDs, Time                      string
	Coverage, Events, Records, Missing, Damaged       string
	NotRead, Why, FailedSource, Nobody                string
	Of                                                func(n, all string) string
	Redaction, NoRedaction, Rule, Count, NothingTaken string
	RedactionMode                                     map[string]string
	RedactionLimits, NotInspected                     string
	Footer                                            func(tool string) string
	Level                                             func(level uint8) string
}

func pageWordsIn(lang string) *pageWords {
	if lang == "fr" {
		return frenchPage()
	}
	return englishPage()
}

func englishPage() *pageWords {
	w := &pageWords{
		Title: "Gateway diagnosis", Skip: "Skip to what was found", OnThisPage: "On this page",
		Dark: "Dark colours", Light: "Light colours",
		Copy: "Copy", CopyAddresses: "Copy the addresses", CopyID: "Copy the report ID", Copied: "Copied.",
		CopyByKey: "The browser does not allow copying: the text is selected, press Ctrl+C.",
		ReportID:  "Report ID", Asked: "Time asked for", Covered: "Time looked at", Computers: "Computers",
		AllUTC: "All times are UTC.", Since: "since", Unknown: "unknown",
		Problems: "Known problems", Errors: "Errors", Warnings: "Warnings", Others: "Other events", LookedAt: "Events looked at",

		GoFindings: "Problems", GoEndpoints: "Firewall", GoTimeline: "Timeline", GoGroups: "Errors and warnings",
		GoReportIDs: "Sent to support", GoCoverage: "Logs", GoRedaction: "Taken out",

		Findings:         "What was found",
		NothingFound:     "No known problem was found.",
		NothingButErrors: "There are errors or warnings all the same: they are listed further down, by what they say.",
		NothingAtAll:     "Nor is there any error or warning in the time that was looked at.",
		Cause:            "Cause", Steps: "What to do", Seen: "Seen in these events", References: "More about it",
		Cut:     "… (the rest is left out here)",
		LeftOut: "Left out, to keep this page small: see the record itself in the log.",
		Record:  "Record", EventID: "Event ID", Source: "File", Channel: "Log", Provider: "Provider", Computer: "Computer",

		Endpoints:     "Addresses the firewall has to let through",
		EndpointsHelp: "The gateway did not get through to these addresses. Allow outgoing TCP connections to them.",
		NoEndpoints:   "No blocked address was found.",
		Address:       "Address", Port: "Port", Times: "Times", First: "First (UTC)", Last: "Last (UTC)",

		Timeline: "When it happened", NoTimeline: "Nothing was logged in this time.",
		Gap:     "Nothing logged",
		GapHelp: "Where nothing at all was logged, the gateway or its computer may have been off, or the log begins later.",
		AsTable: "The same as a table", From: "From (UTC)", NothingInIt: "No bar, no shading: events were logged, but no error or warning.",

		Groups:     "Errors and warnings by what they say",
		GroupsHelp: "Those that differ only in names and numbers are counted together, the most frequent first. Open one to see the whole event.",
		NoGroups:   "No error or warning was logged.",
		Search:     "Search these", SearchHelp: "Words in any order; the text of the whole event is searched.",
		Shown:   "{n} of {all} kinds shown",
		Problem: "Known problem", Message: "Message", WholeEvent: "The whole event (XML)",

		ReportIDs: "Logs that were sent to support", NoReportIDs: "No sending of logs was recorded.", Time: "Time (UTC)",
		Coverage: "What was looked at", Events: "Events", Records: "Records", Missing: "Missing", Damaged: "Damaged places",
		NotRead: "Files that could not be read", Why: "Why", FailedSource: "could not be read to its end", Nobody: "no events",
		Redaction:   "What was taken out",
		NoRedaction: "Nothing was taken out of what this page shows.",
		Rule:        "Rule", Count: "Times", NothingTaken: "No rule found anything.",
		RedactionMode: map[string]string{
			"secrets":    "Passwords, keys and tokens were taken out. Names of people, computers and addresses are still there.",
			"identities": "Passwords, keys and tokens were taken out, and names of people, computers and addresses replaced.",
			"none":       "Nothing was taken out: passwords and names may stand in this report as they were logged. Treat it as confidential.",
		},
		RedactionLimits: "Rules find what looks like a secret, not every secret: have a look yourself before you pass this report on.",
		NotInspected:    "Could not be looked into, and is as it was",
	}
	w.Bucket = func(step string) string { return "One bar is " + step + "." }
	w.Chart = func(from, to string) string {
		return "Errors and warnings from " + from + " to " + to + ". The table below says the same."
	}
	w.Rows = func(shown, all string) string { return "The first " + shown + " of " + all + " are listed." }
	w.Between = english().times
	w.More = func(n string) string {
		return n + " more events are of kinds that are not listed here. gwlogs errors shows all of them."
	}
	w.AndMore = func(n string) string { return "… and " + n + " more" }
	w.Of = func(n, all string) string { return n + " of " + all }
	w.Footer = func(tool string) string {
		return "Made by " + tool + ". This page loads nothing and sends nothing."
	}
	w.Level = LevelName
	return w
}

func frenchPage() *pageWords {
	w := &pageWords{
		Title: "Diagnostic de la passerelle", Skip: "Aller à ce qui a été trouvé", OnThisPage: "Sur cette page",
		Dark: "Couleurs sombres", Light: "Couleurs claires",
		Copy: "Copier", CopyAddresses: "Copier les adresses", CopyID: "Copier l’identifiant du rapport", Copied: "Copié.",
		CopyByKey: "Le navigateur n’autorise pas la copie\u00a0: le texte est sélectionné, appuyez sur Ctrl+C.",
		ReportID:  "Identifiant du rapport", Asked: "Période demandée", Covered: "Période examinée", Computers: "Ordinateurs",
		AllUTC: "Toutes les heures sont UTC.", Since: "depuis", Unknown: "inconnue",
		Problems: "Problèmes connus", Errors: "Erreurs", Warnings: "Avertissements", Others: "Autres événements",
		LookedAt: "Événements examinés",

		GoFindings: "Problèmes", GoEndpoints: "Pare-feu", GoTimeline: "Chronologie", GoGroups: "Erreurs et avertissements",
		GoReportIDs: "Envois au support", GoCoverage: "Journaux", GoRedaction: "Retiré",

		Findings:         "Ce qui a été trouvé",
		NothingFound:     "Aucun problème connu n’a été trouvé.",
		NothingButErrors: "Il y a pourtant des erreurs ou des avertissements\u00a0: ils sont plus bas, selon ce qu’ils disent.",
		NothingAtAll:     "Il n’y a pas non plus d’erreur ni d’avertissement dans la période examinée.",
		Cause:            "Cause", Steps: "Que faire", Seen: "Vu dans ces événements", References: "En savoir plus",
		Cut:     "… (la suite n’est pas reprise ici)",
		LeftOut: "Non repris, pour que cette page reste petite\u00a0: voyez l’enregistrement dans le journal.",
		Record:  "Enregistrement", EventID: "ID d’événement", Source: "Fichier", Channel: "Journal", Provider: "Fournisseur",
		Computer: "Ordinateur",

		Endpoints:     "Adresses que le pare-feu doit laisser passer",
		EndpointsHelp: "La passerelle n’a pas pu joindre ces adresses. Autorisez les connexions TCP sortantes vers elles.",
		NoEndpoints:   "Aucune adresse bloquée n’a été trouvée.",
		Address:       "Adresse", Port: "Port", Times: "Fois", First: "Première (UTC)", Last: "Dernière (UTC)",

		Timeline: "Quand c’est arrivé", NoTimeline: "Rien n’a été journalisé dans cette période.",
		Gap:     "Rien de journalisé",
		GapHelp: "Là où rien du tout n’a été journalisé, la passerelle ou son ordinateur étaient peut-être arrêtés, ou le journal commence plus tard.",
		AsTable: "La même chose en tableau", From: "À partir de (UTC)",
		NothingInIt: "Ni barre ni hachures\u00a0: des événements ont été journalisés, mais ni erreur ni avertissement.",

		Groups:     "Erreurs et avertissements selon ce qu’ils disent",
		GroupsHelp: "Ceux qui ne diffèrent que par des noms et des nombres sont comptés ensemble, les plus fréquents d’abord. Ouvrez-en un pour voir l’événement entier.",
		NoGroups:   "Aucune erreur, aucun avertissement n’a été journalisé.",
		Search:     "Chercher ici", SearchHelp: "Des mots dans n’importe quel ordre\u00a0; la recherche porte sur le texte de l’événement entier.",
		Shown:   "Sortes affichées\u00a0: {n} sur {all}",
		Problem: "Problème connu", Message: "Message", WholeEvent: "L’événement entier (XML)",

		ReportIDs: "Journaux envoyés au support", NoReportIDs: "Aucun envoi de journaux n’a été enregistré.", Time: "Heure (UTC)",
		Coverage: "Ce qui a été examiné", Events: "Événements", Records: "Enregistrements", Missing: "Manquants",
		Damaged: "Endroits endommagés",
		NotRead: "Fichiers qui n’ont pas pu être lus", Why: "Pourquoi", FailedSource: "n’a pas pu être lu jusqu’au bout",
		Nobody:      "aucun événement",
		Redaction:   "Ce qui a été retiré",
		NoRedaction: "Rien n’a été retiré de ce que montre cette page.",
		Rule:        "Règle", Count: "Fois", NothingTaken: "Aucune règle n’a rien trouvé.",
		RedactionMode: map[string]string{
			"secrets":    "Les mots de passe, les clés et les jetons ont été retirés. Les noms de personnes, d’ordinateurs et les adresses y sont encore.",
			"identities": "Les mots de passe, les clés et les jetons ont été retirés, et les noms de personnes, d’ordinateurs et les adresses remplacés.",
			"none":       "Rien n’a été retiré\u00a0: des mots de passe et des noms peuvent se trouver dans ce rapport tels qu’ils ont été journalisés. Traitez-le comme confidentiel.",
		},
		RedactionLimits: "Les règles trouvent ce qui ressemble à un secret, pas tous les secrets\u00a0: regardez vous-même avant de transmettre ce rapport.",
		NotInspected:    "N’a pas pu être examiné, et est resté tel quel",
	}
	w.Bucket = func(step string) string { return "Une barre représente " + step + "." }
	w.Chart = func(from, to string) string {
		return "Erreurs et avertissements du " + from + " au " + to + ". Le tableau ci-dessous dit la même chose."
	}
	w.Rows = func(shown, all string) string { return "Les " + shown + " premières sur " + all + " sont reprises." }
	w.Between = french().times
	w.More = func(n string) string {
		return n + " autres événements sont de sortes qui ne sont pas reprises ici. gwlogs errors les montre tous."
	}
	w.AndMore = func(n string) string { return "… et " + n + " de plus" }
	w.Of = func(n, all string) string { return n + " sur " + all }
	w.Footer = func(tool string) string {
		return "Fait par " + tool + ". Cette page ne charge rien et n’envoie rien."
	}
	w.Level = frenchLevel
	return w
}

// frenchLevel is the name of a level as Event Viewer has it in French.
func frenchLevel(level uint8) string {
	switch level {
	case 0, 4:
		return "information"
	case 1:
		return "critique"
	case 2:
		return "erreur"
	case 3:
		return "avertissement"
	case 5:
		return "commentaires"
	}
	return LevelName(level)
}

// stepText says how long a bucket of a timeline is.
func stepText(step time.Duration, lang string) string {
	units := [...]struct {
		length             time.Duration
		one, many, un, des string
	}{
		{day, "a day", " days", "un jour", " jours"},
		{time.Hour, "an hour", " hours", "une heure", " heures"},
		{time.Minute, "a minute", " minutes", "une minute", " minutes"},
	}
	for _, u := range units {
		one, many := u.one, u.many
		if lang == "fr" {
			one, many = u.un, u.des
		}
		switch {
		case step == u.length:
			return one
		case step%u.length == 0:
			return Thousands(int(step/u.length)) + many
		}
	}
	return step.String()
}
