package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gwlogs/gwlogs/matcher"
)

// environmentLanguage is the language that the environment asks for, as POSIX
// has it: LC_ALL goes before LC_MESSAGES, and that before LANG. It is English
// where we have no other.
func environmentLanguage(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := getenv(name); locale != "" {
			return languageOf(locale)
		}
	}
	return languageOf(systemLocale())
}

// languageOf is the language of a locale, fr of fr_FR.UTF-8 and of fr-CA; en if we do not have it.
func languageOf(locale string) string {
	lang, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "-", "_")), "_")
	lang, _, _ = strings.Cut(lang, ".")
	if slices.Contains(matcher.Languages(), lang) {
		return lang
	}
	return matcher.Languages()[0]
}

// addLanguage adds --lang, whose default is the language of the environment.
func addLanguage(fs *pflag.FlagSet, lang *string, ios *IOStreams, what string) {
	fs.StringVar(lang, "lang", languageOf(ios.Language), "`LANGUAGE` of "+what+": "+strings.Join(matcher.Languages(), ", "))
}

// completeLanguage offers the languages.
func completeLanguage(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(matcher.Languages(), cobra.ShellCompDirectiveNoFileComp))
}

// checkLang finds a language that no signature has.
func checkLang(lang string) error {
	if slices.Contains(matcher.Languages(), lang) {
		return nil
	}
	return usage("languages are "+strings.Join(matcher.Languages(), " and ")+": --lang fr", "--lang: %q is not there yet", lang)
}
